"""The web door: webhooks, health, readiness, metrics, the local page and signed files."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import structlog
from prometheus_client import CONTENT_TYPE_LATEST, Counter, generate_latest
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from bot import pages
from bot.channels.base import Channel, Envelope, Refused
from bot.channels.local import MAX_BODY, LocalChannel, as_json
from bot.drivers.base import Driver, NotKept
from bot.files import files_route
from bot.letters import load_replies
from bot.links import Links
from bot.media import Store
from bot.mine import mine_route
from storage import inbox, outbox
from storage.trouble import in_words, is_passing, name_of

WEBHOOK_BODY = 1024 * 1024  # bytes
READY_WITHIN = 5.0  # seconds; whoever asks does not wait for as long as a dead connection takes to be noticed
ANSWER_WITHIN = 10.0  # seconds a local message waits for its replies
SAFE = {name: value for name, value in pages.HEADERS.items() if name != "cache-control"}  # each route says its own
LOOPBACK = ("127.0.0.1", "::1", "testclient")
NAMES = ("127.0.0.1", "::1", "localhost", "testserver")  # another name for us is another site's trick

log = structlog.get_logger()
REFUSED = Counter("sansiang_refused", "Requests refused at the door", ["channel", "status"])


async def read_body(headers: Mapping[str, str], receive: Receive, limit: int) -> bytes:
    """The raw body.

    :raises Refused: 413 as soon as it is longer than `limit` bytes, whatever its headers say; 400 when it breaks off.
    """
    length = headers.get("content-length", "")
    if length.isdigit() and int(length) > limit:
        raise Refused(413, "the body is too large")
    chunks, size, more = [], 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Refused(400, "the body broke off")
        chunk, more = message.get("body", b""), message.get("more_body", False)
        size += len(chunk)
        if size > limit:
            raise Refused(413, "the body is too large")
        chunks.append(chunk)
    return b"".join(chunks)


class Webhook:
    """A platform's door: what it sends is durable before it gets its 200.

    Plain ASGI, without request and response objects: in a flood this is where the time goes.
    """

    def __init__(self, channel: Channel, driver: Driver) -> None:
        self._channel, self._driver = channel, driver

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take one request."""
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        status, text, envelopes = await self._take(headers, receive)
        body = text.encode()
        start = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": start})
        await send({"type": "http.response.body", "body": body})
        if self._channel.acknowledges:
            await acknowledge(self._channel, envelopes)

    async def _take(self, headers: Mapping[str, str], receive: Receive) -> tuple[int, str, Sequence[Envelope]]:
        channel = self._channel
        try:
            envelopes = channel.accept(headers, await read_body(headers, receive, WEBHOOK_BODY))
        except Refused as refused:
            REFUSED.labels(channel.name, refused.status).inc()
            log.info("refused", channel=channel.name, status=refused.status, reason=refused.reason)
            return refused.status, refused.reason, ()
        try:
            await self._driver.receive(envelopes)
        except NotKept as error:
            REFUSED.labels(channel.name, 400).inc()
            log.warning("never kept", channel=channel.name, events=len(envelopes), error=str(error))
            return 400, "cannot be kept", ()
        except Exception as error:
            log.warning("not kept", channel=channel.name, events=len(envelopes), reason=_reason(error))
            return 503, "cannot keep it now, send it again", ()
        return 200, "ok", envelopes


async def acknowledge(channel: Channel, envelopes: Sequence[Envelope]) -> None:
    """Acknowledge kept events; an ornament, which must not fail what it adorns."""
    for envelope in envelopes:
        try:
            await channel.acknowledge(envelope.payload)
        except Exception as error:
            log.info("not acknowledged", channel=channel.name, error=type(error).__name__)


def make_web(
    channels: dict[str, Channel],
    driver: Driver,
    ready: Callable[[], Awaitable[str]],
    links: Links,
    store: Store,
    page: dict[str, Any],
    *,
    local: bool,
    anyone: bool,
    lifespan: Any = None,
    more: Sequence[BaseRoute] = (),
) -> Starlette:
    """The application. `page` is what /try shows; `local` opens the local routes, to others too with `anyone`.

    `more` are the pages that everybody may read who has their address.
    """
    routes: list[BaseRoute] = [
        Route(f"/webhook/{name}", Webhook(channel, driver), methods=["POST"])
        for name, channel in channels.items()
        if name != LocalChannel.name
    ]

    async def healthz(_request: Request) -> Response:
        return PlainTextResponse("ok")

    async def readyz(_request: Request) -> Response:
        try:
            async with asyncio.timeout(READY_WITHIN):
                reason = await ready()
        except TimeoutError:
            reason = "database: it does not answer"
        return PlainTextResponse(reason or "ok", 503 if reason else 200)

    async def metrics(_request: Request) -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    routes += [
        mine_route(driver, links, store),
        Route("/healthz", healthz),
        Route("/readyz", readyz),
        Route("/metrics", metrics),
        Route("/files/{token}", files_route(driver, links, store)),
        *more,
        Mount("/static", FreshFiles(directory=pages.STATIC)),
    ]
    if local:
        routes += local_routes(channels, driver, page, anyone=anyone)
    app = Starlette(
        routes=routes, lifespan=lifespan, exception_handlers={DBAPIError: _unreachable, TimeoutError: _unreachable}
    )
    app.add_middleware(SafeHeaders)
    return app


async def _unreachable(_request: Request, error: Exception) -> Response:
    """The database fails a request: nobody is told more than that they may come again."""
    log.warning("database in trouble", reason=_reason(error))
    return PlainTextResponse("the database cannot be reached now: try again in a moment", 503)


def _reason(error: Exception) -> str:
    """What went wrong, for a log: what an error that is not the database's says may be what somebody said."""
    return in_words(error) if is_passing(error) else name_of(error)


class FreshFiles(StaticFiles):
    """Static files that a browser asks about each time: after an upgrade no old script meets a new one."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        """The file, or that it has not changed."""
        response = super().file_response(*args, **kwargs)
        response.headers["cache-control"] = "no-cache"
        return response


class SafeHeaders:
    """Adds the headers that keep a page to itself."""

    def __init__(self, app: Any) -> None:
        self._app = app
        self._headers = [(name.encode(), value.encode()) for name, value in SAFE.items()]

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Pass a request on and its answer back."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Any) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *self._headers]
            await send(message)

        await self._app(scope, receive, with_headers)


def local_routes(
    channels: dict[str, Channel], driver: Driver, page: dict[str, Any], *, anyone: bool
) -> list[BaseRoute]:
    """The local channel's routes and the page that uses them; for this machine only unless `anyone`."""
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

    return [
        Route("/local/messages", guarded(door), methods=["GET", "POST"]),
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
