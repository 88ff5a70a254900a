"""Kept files by signed links: shown where a browser can do no harm with them, else handed over under their name."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import quote

from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from bot import pages
from bot.drivers.base import Driver
from bot.links import Links
from bot.media import Store
from bot.suffixes import SUFFIXES
from storage import media as media_rows

# A browser shows these and runs nothing of them. An SVG or a page could hold a script: neither is kept, nor shown.
INLINE = ("image/jpeg", "image/png", "image/gif", "image/webp")
SHOWN = ("audio/", "video/")
NAME = 80  # letters of a file's name that are given back
_ODD = re.compile(r"[^\w .()\u0e00-\u0e7f-]+")
_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")


@dataclass(frozen=True, slots=True)
class _Found:
    digest: str
    media_type: str
    name: str


def files_route(driver: Driver, links: Links, store: Store) -> Callable[[Request], Awaitable[Response]]:
    """What answers `/files/{token}`; a link that is forged, too old, or of what is gone gets a kind 404."""
    template = pages.templates().get_template("error.html")
    gone = template.render(language="th", status="file")

    def not_here() -> Response:
        return HTMLResponse(gone, 404, {"Cache-Control": "no-store"})

    async def files(request: Request) -> Response:
        medium_id = links.medium_of(request.path_params["token"])
        found = await driver.read(lambda s: _find(s, medium_id)) if medium_id is not None else None
        if found is None:
            return not_here()
        try:
            data = await asyncio.to_thread(store.load, found.digest)
        except FileNotFoundError:  # taken back between the two looks, or left out of a restored backup
            return not_here()
        shown = found.media_type in INLINE or found.media_type.startswith(SHOWN)
        headers = {
            "Content-Disposition": disposition("inline" if shown else "attachment", found.name),
            "Cache-Control": "private, no-store",
            "Accept-Ranges": "bytes",
        }
        return _part(request.headers.get("range", ""), data, found.media_type, headers)

    return files


def _find(session: Session, medium_id: int) -> _Found | None:
    medium = media_rows.by_id(session, medium_id)
    if medium is None or medium.state != "kept":
        return None
    name = file_name(media_rows.name_of(session, medium), medium.kind, medium.id, medium.media_type)
    return _Found(medium.sha256, medium.media_type, name)


def file_name(said: str, kind: str, number: int, media_type: str) -> str:
    """A name for a file: as it was sent, as far as a disk takes it, with the ending that fits what it is."""
    stem = _ODD.sub("_", PurePosixPath(said.replace("\\", "/")).stem).strip(" ._")[:NAME]
    suffix = SUFFIXES.get(media_type, "bin")
    return f"{stem or f'{kind}-{number}'}.{suffix}"


def disposition(how: str, name: str) -> str:
    """The header that names a file; RFC 6266, section 4.3."""
    plain = name.encode("ascii", "replace").decode("ascii").replace("?", "_")
    return f"{how}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _part(wanted: str, data: bytes, media_type: str, headers: dict[str, str]) -> Response:
    """The file, or the part that is asked for: an iPhone plays no sound or film from whoever gives no parts."""
    asked = _RANGE.fullmatch(wanted.strip())
    if asked is None or asked.group(0) == "bytes=-":
        return Response(data, media_type=media_type, headers=headers)
    first, last = asked[1], asked[2]
    start = int(first) if first else max(0, len(data) - int(last))
    end = min(int(last), len(data) - 1) if first and last else len(data) - 1
    if start > end:
        return Response(status_code=416, headers={**headers, "Content-Range": f"bytes */{len(data)}"})
    headers["Content-Range"] = f"bytes {start}-{end}/{len(data)}"
    return Response(data[start : end + 1], 206, media_type=media_type, headers=headers)
