"""Media: fetched right after the commit that promised them, sealed, and kept by the hash of their content."""

from __future__ import annotations

import asyncio
import hashlib
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import structlog
from sqlalchemy.orm import Session, sessionmaker

from bot.channels.base import Channel, FetchFailed
from bot.cleaning import Unfit, clean_soon
from handlers import later
from storage import blobs
from storage import media as media_rows
from storage.media import ToFetch
from storage.vault import Vault

TRIES = 8
FIRST_WAIT = 2.0  # seconds, doubled at each try: the last is about four minutes after the first
GATHER = timedelta(seconds=3)  # before somebody is told of a lost medium: others of its album may be lost too

log = structlog.get_logger()


class MediaStore:
    """A folder of sealed files, named by the SHA-256 of what is in them."""

    def __init__(self, folder: Path, vault: Vault) -> None:
        self._folder, self._vault = folder, vault

    def keep(self, data: bytes) -> str:
        """Seal and write bytes; returns their hash. Writing the same bytes twice leaves one file."""
        digest = hashlib.sha256(data).hexdigest()
        path = self._path(digest)
        if path.exists():
            return digest
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f"{digest}.{uuid4().hex}.new")  # two may write the same picture at once
        try:
            with fresh.open("xb") as file:
                file.write(self._vault.seal(data, "media"))
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(path)
        except BaseException:
            fresh.unlink(missing_ok=True)
            raise
        for folder in (path.parent, self._folder):  # a name, too, is durable only once its folder is
            _sync(folder)
        return digest

    def has(self, digest: str) -> bool:
        """Whether the file of a hash is there."""
        return self._path(digest).exists()

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


class SharedStore:
    """The same in the database, for machines that share it and no disk."""

    def __init__(self, sessions: sessionmaker[Session], vault: Vault) -> None:
        self._sessions, self._vault = sessions, vault

    def keep(self, data: bytes) -> str:
        """Seal and write bytes; returns their hash. Writing the same bytes twice leaves one file."""
        digest = hashlib.sha256(data).hexdigest()
        with self._sessions.begin() as session:
            if not blobs.has(session, digest):
                blobs.put(session, digest, self._vault.seal(data, "media"))
        return digest

    def has(self, digest: str) -> bool:
        """Whether the file of a hash is there."""
        with self._sessions() as session:
            return blobs.has(session, digest)

    def load(self, digest: str) -> bytes:
        """The bytes of a hash.

        :raises FileNotFoundError: there is no such file.
        """
        with self._sessions() as session:
            sealed = blobs.get(session, digest)
        if sealed is None:
            raise FileNotFoundError(digest)
        return self._vault.open_bytes(sealed, "media")

    def remove(self, digest: str) -> None:
        """Delete the file of a hash; nothing happens when it is gone."""
        with self._sessions.begin() as session:
            blobs.drop(session, digest)


Store = MediaStore | SharedStore


@dataclass(frozen=True, slots=True)
class Kept:
    """A medium whose file is written; its row does not tell so yet. `size` is in bytes."""

    digest: str
    size: int
    media_type: str


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


async def fetch(channel: Channel, store: Store, wanted: ToFetch) -> Kept | FetchFailed:
    """Try once to get a medium's bytes and to write what is kept of them; no transaction is open meanwhile.

    What tells place and device never reaches the disk.

    :raises OSError: they are here, but the disk does not take them.
    """
    try:
        fetched = await channel.fetch(wanted.ref)
    except FetchFailed as failure:
        return failure
    except Exception as error:
        log.exception("fetching failed", medium=wanted.id, channel=channel.name)
        return FetchFailed(type(error).__name__, again=True)
    try:
        kept = await asyncio.wrap_future(clean_soon(fetched.data, wanted.kind, wanted.name))
    except Unfit as unfit:
        return FetchFailed(unfit.reason, again=False, why=unfit.why)
    digest = await asyncio.to_thread(store.keep, kept.data)
    return Kept(digest, len(kept.data), kept.media_type)


def settle(
    session: Session, store: Store, wanted: ToFetch, result: Kept | FetchFailed, now: datetime
) -> timedelta | None:
    """Write how fetching ended; returns how long to wait before the next try, None when there is none."""
    if isinstance(result, Kept):
        if not store.has(result.digest):
            return timedelta(0)  # the same picture was taken back elsewhere just now, and the file went with it
        kept = media_rows.settle(
            session,
            wanted.id,
            "kept",
            now,
            sha256=result.digest,
            size=result.size,
            media_type=result.media_type,
            next_at=now,  # a voice may be heard from now on
        )
        if not kept and not media_rows.in_use(session, result.digest):
            store.remove(result.digest)
        return None
    if result.again and wanted.attempts + 1 < TRIES:
        wait = timedelta(seconds=FIRST_WAIT * 2**wanted.attempts)
        media_rows.settle(session, wanted.id, "waiting", now, next_at=now + wait, error=result.reason[:200])
        return wait
    log.warning("medium lost", medium=wanted.id, report=wanted.report_id, channel=wanted.channel, reason=result.reason)
    why = f"{result.why}: {result.reason}"[:200]
    if media_rows.settle(session, wanted.id, "failed", now, error=why):
        later.remind(session, "medium", wanted.report_id, now + GATHER)
    return None
