"""Serve: upgrade, fill the try-out database when nothing is configured, tell the address, and run until stopped."""

from __future__ import annotations

import asyncio
import signal
import socket
import sys

import structlog
import uvicorn
from rich.console import Console
from starlette.applications import Starlette

from bot.app import House, make_app, make_house, now
from bot.sample import SHIPPED, SampleFileError
from bot.sample.identities import read_identities
from bot.sample.insert import insert_samples, is_fresh
from bot.settings import Settings, SettingsError
from storage.database import upgrade

log = structlog.get_logger()


def prepare(settings: Settings, *, sample: bool) -> House:
    """Open and upgrade the database; with `sample` fill it when it is fresh.

    :raises SettingsError: naming what stands in the way.
    """
    house = make_house(settings)
    upgrade(house.engine)
    if sample:
        with house.sessions.begin() as session:
            if is_fresh(session):
                try:
                    count = insert_samples(session, house.desk, SHIPPED, now())
                except SampleFileError as error:
                    raise SettingsError(str(error)) from None
                log.info("sample data inserted", reports=count)
    return house


def bind(settings: Settings) -> socket.socket:
    """Take the port before anything is opened.

    :raises SettingsError: it is taken, or the host is not ours.
    """
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    door = socket.socket(family, socket.SOCK_STREAM)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind((settings.host, settings.port))
    except OSError as error:
        door.close()
        raise SettingsError(f"HOST, PORT: cannot listen on {settings.host}:{settings.port}: {error.strerror}") from None
    return door


def serve(settings: Settings, *, work: bool = True, web: bool = True, sample: bool | None = None) -> None:
    """Run until stopped by a signal.

    :raises SettingsError: naming what stands in the way.
    """
    door = bind(settings) if web else None
    house = prepare(settings, sample=settings.sample if sample is None else sample)
    app = make_app(house, work=work)
    warn(settings)
    # The server raises the signal that stopped it once more when it is done: by then it must find a handler that
    # does nothing, so that drivers and channels still end in good order.
    for stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stop, lambda *_: None)
    asyncio.run(_live(app, settings, door))


async def _live(app: Starlette, settings: Settings, door: socket.socket | None) -> None:
    async with app.router.lifespan_context(app):
        if door is None:
            await _until_signal()
            return
        config = uvicorn.Config(
            app, log_config=None, access_log=False, server_header=False, date_header=False, lifespan="off", ws="none"
        )
        tell(settings, door.getsockname()[1])
        await uvicorn.Server(config).serve(sockets=[door])


async def _until_signal() -> None:
    stopped = asyncio.Event()
    for stop in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(stop, stopped.set)
    await stopped.wait()


def warn(settings: Settings) -> None:
    """Say what is open that better were not."""
    if settings.local and settings.local_channel == "public":
        log.warning("LOCAL_CHANNEL=public: anybody who reaches this port may speak as anybody")


def tell(settings: Settings, port: int) -> None:
    """Tell the page's address and the ready identities on the terminal."""
    console = Console(file=sys.stdout, highlight=False)
    host = "127.0.0.1" if settings.host in {"0.0.0.0", "::"} else settings.host  # noqa: S104
    console.print(f"SanSiang is at [bold]http://{host}:{port}[/bold]", soft_wrap=True)
    for name in ("line", "telegram"):
        if getattr(settings, name):
            console.print(f"  {name}: on")
    if settings.local:
        console.print(f"  chat page: [bold]http://{host}:{port}/try[/bold]", soft_wrap=True)
        for identity in read_identities() if settings.sample else ():
            console.print(f"    {identity.role:<10} user={identity.user:<10} {identity.name} ({identity.hint})")
    console.print("  stop with Ctrl-C")
