"""A stand-in for the web door: the same routes as the program's own, canned replies, and a weak signal on demand.

It remembers what it was sent, by event id, as the real door does: the same event has one effect.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import struct
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from bot.pages import HEADERS, STATIC, templates
from tests.bot.browser.talk import IDENTITIES, PROVINCES, replies_to

Json = dict[str, Any]


@dataclass(slots=True)
class Door:
    """What happened at the door. `url` is its address; `language` the page's language."""

    url: str = ""
    language: str = "th"
    identities: list[Json] = field(default_factory=lambda: list(IDENTITIES))
    posts: list[Json] = field(default_factory=list)  # every request, repeats included
    events: dict[str, Json] = field(default_factory=dict)  # event id → the body that took effect
    said: dict[str, list[Json]] = field(default_factory=dict)  # user → everything said to them
    answered: dict[str, list[Json]] = field(default_factory=dict)  # event id → its replies
    looks: list[Json] = field(default_factory=list)  # every picture of a platform that was asked for
    refuse: list[int] = field(default_factory=list)  # statuses for the next posts, before they take effect
    lose_answers: int = 0  # so many next posts take effect and are answered 503 all the same
    down: bool = False  # nothing is answered but the page itself
    slow: float = 0.0  # seconds before a post is answered

    def tell(self, user: str, *messages: Json) -> list[Json]:
        """Say something to a person; returns the messages with their numbers."""
        there = self.said.setdefault(user, [])
        blank: Json = {"text": "", "card": None, "buttons": [], "image_url": "", "file_url": ""}
        numbered = [{**blank, **message, "n": len(there) + place} for place, message in enumerate(messages, start=1)]
        there.extend(numbered)
        return numbered


def picture_file(width: int = 1080, height: int = 720) -> bytes:
    """A plain green PNG of that many pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = (b"\0" + b"\x5a\xa8\x86" * width) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def application(door: Door) -> Starlette:
    """The page, its static files and the two routes of the local channel."""
    pages = templates()

    def try_page(request: Request) -> Response:
        page = pages.get_template("try.html")
        html = page.render(identities=door.identities, provinces=PROVINCES, language=door.language)
        return HTMLResponse(html, headers=HEADERS)

    def error_page(request: Request) -> Response:
        status = int(request.path_params["status"])
        html = pages.get_template("error.html").render(language=door.language, status=status)
        return HTMLResponse(html, status_code=status, headers=HEADERS)

    def file(request: Request) -> Response:
        return Response(picture_file(), media_type="image/png")

    async def post(request: Request) -> Response:
        body: Json = await request.json()
        door.posts.append(body)
        if door.slow:
            await asyncio.sleep(door.slow)
        if door.down or door.refuse:
            status = 503 if door.down else door.refuse.pop(0)
            return JSONResponse({"error": "media: not as agreed"}, status)
        event = body["event_id"]
        if event not in door.events:
            try:
                for medium in body.get("media", []):
                    base64.b64decode(medium["data_base64"], validate=True)
            except (KeyError, binascii.Error):
                return JSONResponse({"error": "bad media"}, 400)
            door.events[event] = body
            door.answered[event] = door.tell(body["user"], *replies_to(body))
        if door.lose_answers:
            door.lose_answers -= 1
            return JSONResponse({"error": "late"}, 503)
        return JSONResponse({"event_id": event, "replies": door.answered[event]})

    def listing(request: Request) -> Response:
        if door.down:
            return JSONResponse({"error": "down"}, 503)
        after = int(request.query_params.get("after", "0"))
        messages = [message for message in door.said.get(request.query_params["user"], []) if message["n"] > after]
        return JSONResponse({"messages": messages})

    def picture(request: Request) -> Response:
        door.looks.append(dict(request.query_params))
        return Response(picture_file(), media_type="image/png")

    return Starlette(
        routes=[
            Route("/try", try_page),
            Route("/error/{status:int}", error_page),
            Route("/local/messages", post, methods=["POST"]),
            Route("/local/messages", listing),
            Route("/local/picture", picture),
            Route("/files/picture", file),
            Mount("/static", StaticFiles(directory=STATIC)),
        ]
    )


@contextmanager
def opened() -> Iterator[Door]:
    """The door, open on a free port of loopback until the block ends."""
    door = Door()
    server = uvicorn.Server(
        uvicorn.Config(application(door), host="127.0.0.1", port=0, ws="none", lifespan="off", log_level="error")
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    patience = time.monotonic() + 10
    while not server.started and time.monotonic() < patience:
        time.sleep(0.01)
    host, port = server.servers[0].sockets[0].getsockname()[:2]
    door.url = f"http://{host}:{port}"
    try:
        yield door
    finally:
        server.should_exit = True
        thread.join(timeout=10)
