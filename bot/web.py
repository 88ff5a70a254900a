"""The web door: webhooks, health, readiness, metrics, the local page and signed files."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import structlog
from prometheus_client import CONTENT_TYPE_LATEST, Counter, generate_latest
from sqlalchemy.exc import DBAPIError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import Receive, Scope, Send

from bot import pages
from bot.bodies import read_body
from bot.channels.base import Channel, Envelope, Refused
from bot.channels.local import LocalChannel
from bot.drivers.base import Driver, NotKept
from bot.files import files_route
from bot.links import Links
from bot.local_door import FreshFiles, local_routes
from bot.media import Store
from storage.trouble import in_words, is_passing, name_of

WEBHOOK_BODY = 1024 * 1024  # bytes
READY_WITHIN = 5.0  # seconds; whoever asks does not wait for as long as a dead connection takes to be noticed
SAFE = {name: value for name, value in pages.HEADERS.items() if name != "cache-control"}  # each route says its own

log = structlog.get_logger()
REFUSED = Counter("sansiang_refused", "Requests refused at the door", ["channel", "status"])


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
    public_url: str = "",
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
        Route("/healthz", healthz),
        Route("/readyz", readyz),
        Route("/metrics", metrics),
        Route("/files/{token}", files_route(driver, links, store)),
        *more,
        Mount("/static", FreshFiles(directory=pages.STATIC)),
    ]
    if local:
        routes += local_routes(channels, driver, page, public_url, anyone=anyone)
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
