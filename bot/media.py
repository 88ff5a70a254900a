"""Media: fetched right after the commit that promised them, sealed, and kept by the hash of their content."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from sqlalchemy.orm import Session

from bot.channels.base import Channel, Fetched, FetchFailed
from storage import media as media_rows
from storage.media import ToFetch
from storage.vault import Vault

TRIES = 8
FIRST_WAIT = 2.0  # seconds, doubled at each try: the last is about four minutes after the first
TYPES = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG": "image/png", b"GIF8": "image/gif", b"RIFF": "image/webp"}

log = structlog.get_logger()


class MediaStore:
    """A folder of sealed files, named by the SHA-256 of what is in them."""

    def __init__(self, folder: Path, vault: Vault) -> None:
        self._folder, self._vault = folder, vault

    def keep(self, data: bytes) -> str:
        """Seal and write bytes; returns their hash. Writing the same bytes twice leaves one file."""
        digest = hashlib.sha256(data).hexdigest()
        path = self._path(digest)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            fresh = path.with_suffix(".new")
            fresh.write_bytes(self._vault.seal(data, "media"))
            fresh.rename(path)
        return digest

    def load(self, digest: str) -> bytes:
        """The bytes of a hash.

        :raises FileNotFoundError: there is no such file.
        """
        return self._vault.open_bytes(self._path(digest).read_bytes(), "media")

    def remove(self, digest: str) -> None:
        """Delete the file of a hash; nothing happens when it is gone."""
        self._path(digest).unlink(missing_ok=True)

    def _path(self, digest: str) -> Path:
        return self._folder / digest[:2] / digest


def media_type_of(data: bytes, said: str) -> str:
    """What the bytes are, for pictures by their first letters; else what the platform said, else unknown."""
    for start, name in TYPES.items():
        if data.startswith(start):
            return name
    return said if said and not said.startswith("image/") else "application/octet-stream"


async def fetch(channel: Channel, wanted: ToFetch) -> Fetched | FetchFailed:
    """Try once to get a medium's bytes."""
    try:
        fetched = await channel.fetch(wanted.ref)
    except FetchFailed as failure:
        return failure
    return fetched if fetched.data else FetchFailed("the file is empty", again=False)


def settle(
    session: Session, store: MediaStore, wanted: ToFetch, result: Fetched | FetchFailed, now: datetime
) -> timedelta | None:
    """Write how fetching ended; returns how long to wait before the next try, None when there is none."""
    if isinstance(result, Fetched):
        digest = store.keep(result.data)
        kind = media_type_of(result.data, result.media_type)
        kept = media_rows.settle(session, wanted.id, "kept", now, sha256=digest, size=len(result.data), media_type=kind)
        if not kept and not media_rows.in_use(session, digest):
            store.remove(digest)
        return None
    if result.again and wanted.attempts + 1 < TRIES:
        wait = timedelta(seconds=FIRST_WAIT * 2**wanted.attempts)
        media_rows.settle(session, wanted.id, "waiting", now, next_at=now + wait, error=result.reason[:200])
        return wait
    log.warning("medium lost", medium=wanted.id, report=wanted.report_id, channel=wanted.channel, reason=result.reason)
    media_rows.settle(session, wanted.id, "failed", now, error=result.reason[:200])
    return None
