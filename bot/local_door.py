"""The local channel's door: the chat page, what it says and hears, and how platforms would show it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.staticfiles import StaticFiles

from bot import pages
from bot.bodies import read_body
from bot.channels.base import Channel, Refused
from bot.channels.local import MAX_BODY, LocalChannel, as_json
from bot.drivers.base import Driver, NotKept
from bot.letters import load_replies
from bot.pictures.chat import PLATFORMS, draw
from storage import inbox, outbox

ANSWER_WITHIN = 10.0  # seconds a local message waits for its replies
LOOPBACK = ("127.0.0.1", "::1", "testclient")
NAMES = ("127.0.0.1", "::1", "localhost", "testserver")  # another name for us is another site's trick


class FreshFiles(StaticFiles):
    """Static files that a browser asks about each time: after an upgrade no old script meets a new one."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        """The file, or that it has not changed."""
        response = super().file_response(*args, **kwargs)
        response.headers["cache-control"] = "no-cache"
        return response


def local_routes(
    channels: dict[str, Channel], driver: Driver, page: dict[str, Any], public_url: str, *, anyone: bool
) -> list[BaseRoute]:
    """The local channel's routes and the page that uses them; for this machine only unless `anyone`.

    `public_url` is the web door's own address, '' where it has none: it decides what platforms would be sent.
    """
    template = pages.templates().get_template("try.html")
    refusals = pages.refusals("th")
    channel = channels[LocalChannel.name]

    def guarded(door: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
        async def inner(request: Request) -> Response:
            host = request.client.host if request.client else ""
            if not anyone and not (host in LOOPBACK and request.url.hostname in NAMES):
                return JSONResponse({"error": "the local channel answers this machine only"}, 403)
            origin = request.headers.get("origin", "")
            if request.method == "POST" and origin and origin.partition("://")[2] != request.headers.get("host", ""):
                return JSONResponse({"error": "another site may not speak here"}, 403)
            try:
                return await door(request)
            except Refused as refused:
                told = refusals.get(str(refused.status), "")
                return JSONResponse({"error": refused.reason, "say": told}, refused.status)

        return inner

    async def say(request: Request) -> Response:
        body = await read_body(request.headers, request.receive, MAX_BODY)
        envelopes = await asyncio.to_thread(channel.accept, request.headers, body)
        envelope = envelopes[0]
        try:
            await driver.receive(envelopes)
        except NotKept:
            raise Refused(400, "event_id: cannot be kept") from None
        event = envelope.event_id
        deadline = asyncio.get_running_loop().time() + ANSWER_WITHIN
        wait = 0.004
        while True:
            found = await driver.read(lambda s: _answer(s, event, envelope.chat))
            if found is not None or asyncio.get_running_loop().time() > deadline:
                break
            await asyncio.sleep(wait)
            wait = min(wait * 1.5, 0.25)
        return JSONResponse({"event_id": event.partition("/")[2], "replies": found or []})

    async def heard(request: Request) -> Response:
        user, after = request.query_params.get("user", ""), request.query_params.get("after", "0")
        if not user or not after.isdigit() or len(after) > 15:
            raise Refused(400, "user and after (a number) are needed")
        said = await driver.read(lambda s: outbox.said_to(s, LocalChannel.name, user, int(after)))
        messages = [as_json(one.id, reply, one.at) for one in said for reply in load_replies(one.body)]
        return JSONResponse({"messages": messages})

    async def door(request: Request) -> Response:
        return await (say if request.method == "POST" else heard)(request)

    async def try_page(_request: Request) -> Response:
        return HTMLResponse(template.render(page), headers={"cache-control": "no-store"})

    async def picture(request: Request) -> Response:
        user, number, platform = (request.query_params.get(name, "") for name in ("user", "n", "as"))
        if not user or not number.isdigit() or len(number) > 15 or platform not in PLATFORMS:
            raise Refused(400, f"user, n (a number) and as ({', '.join(PLATFORMS)}) are needed")
        before = int(number) - 1
        said = await driver.read(lambda s: outbox.said_to(s, LocalChannel.name, user, before, limit=1))
        if not said or said[0].id != int(number):
            raise Refused(404, "nothing of this number was said to this user")
        drawn = await asyncio.to_thread(draw, platform, load_replies(said[0].body), public_url)
        return Response(drawn, media_type="image/png", headers={"cache-control": "private, no-store"})

    return [
        Route("/local/messages", guarded(door), methods=["GET", "POST"]),
        Route("/local/picture", guarded(picture)),
        Route("/try", guarded(try_page)),
    ]


def _answer(session: Session, event_id: str, chat: str) -> list[dict[str, object]] | None:
    """What was said in answer to a local event; None while it is not handled or not yet all said."""
    row = inbox.state_of(session, LocalChannel.name, event_id)
    if row is None or row[1] == "waiting":
        return None
    said = outbox.answers_to(session, row[0], LocalChannel.name, chat)
    if said is None:
        return None
    return [as_json(one.id, reply, one.at) for one in said for reply in load_replies(one.body)]
