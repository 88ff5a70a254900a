"""A person's own data as one file: a page to read and print, the same for machines, and the media.

Made while it is sent and kept nowhere: one medium at a time is in memory.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from bot import pages
from bot.drivers.base import Driver
from bot.links import Links
from bot.media import Store
from handlers.desk import BANGKOK
from handlers.texts import Texts
from storage import portable
from storage.models import Person

SHOWN = (".jpeg", ".png", ".gif", ".webp")
MOST = 100 * 1024 * 1024  # bytes of media in one file; what is beyond is named in it
DATA, FILES = "data.json", "files/"


@dataclass(frozen=True, slots=True)
class Mine:
    """What goes into the file: the data, the media's names and hashes, and the names of those left out."""

    language: str
    data: dict[str, Any]
    files: tuple[tuple[str, str], ...]
    left_out: tuple[str, ...]


def collect(session: Session, person_id: int, most: int = MOST) -> Mine | None:
    """Read what is kept about a person; None for nobody, and for who was erased."""
    person = session.get(Person, person_id)
    if person is None or person.erased_at is not None:
        return None
    taken, left_out, size = [], [], 0
    for name, medium in portable.files_of(session, person_id):
        if size + medium.size > most:
            left_out.append(name)
            continue
        size += medium.size
        taken.append((name, medium.sha256))
    return Mine(person.language, portable.of_person(session, person), tuple(taken), tuple(left_out))


class Pipe:
    """A file that cannot be rewound: what is written is taken away piece by piece."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, data: bytes, /) -> int:
        """Take bytes."""
        self._pieces.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        """Nothing to close."""

    def take(self) -> bytes:
        """Everything written since the last time."""
        taken = b"".join(self._pieces)
        self._pieces.clear()
        return taken


def packed(mine: Mine, store: Store, texts: Texts) -> Iterator[bytes]:
    """The file, piece by piece."""
    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        data = {**mine.data, "files_left_out": list(mine.left_out)}
        archive.writestr(*page_of(mine, texts))
        archive.writestr(DATA, json.dumps(data, ensure_ascii=False, indent=2))
        yield pipe.take()
        for name, sha256 in mine.files:
            try:
                content = store.load(sha256)
            except FileNotFoundError:  # taken back a moment ago
                continue
            archive.writestr(FILES + name, content, zipfile.ZIP_STORED)  # pictures and sound are packed already
            yield pipe.take()
    yield pipe.take()


def page_of(mine: Mine, texts: Texts) -> tuple[str, str]:
    """The page and its file's name: no script, nothing from elsewhere."""
    language = mine.language if mine.language in ("th", "en") else "th"
    templates = pages.templates()
    words: Any = templates.get_template(f"words/{language}.jinja").module
    names = [name for name, _ in mine.files]
    templates.filters["day"], templates.filters["minute"] = _day, _minute
    page = templates.get_template("mine.html").render(
        language=language,
        mine=mine.data,
        folder=FILES,
        left_out=mine.left_out,
        taken=names,
        named=lambda kind, name: texts.say(language, f"{kind}.{name}") if texts.has(f"{kind}.{name}") else name,
        pictures=[name for name in names if name.endswith(SHOWN)],
    )
    return words.words["mine"]["file_name"], page


def _minute(iso: str | None) -> str:
    """A time of the data, UTC, as it was in Thailand; '' for none."""
    return datetime.fromisoformat(iso).astimezone(BANGKOK).strftime("%Y-%m-%d %H:%M") if iso else ""


def _day(iso: str | None) -> str:
    return _minute(iso)[:10]


def mine_route(driver: Driver, links: Links, store: Store, texts: Texts) -> Route:
    """`GET /me/{token}`: the file of the person for whom the link was signed."""

    async def mine(request: Request) -> Response:
        person_id = links.person_of(request.path_params["token"])
        found = await driver.read(lambda s: collect(s, person_id)) if person_id is not None else None
        if found is None:
            return PlainTextResponse("not found", 404)
        headers = {"Content-Disposition": 'attachment; filename="my-data.zip"', "Cache-Control": "private, no-store"}
        return StreamingResponse(packed(found, store, texts), media_type="application/zip", headers=headers)

    return Route("/me/{token}", mine)
