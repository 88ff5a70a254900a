"""Serve: upgrade, fill the try-out database when nothing is configured, tell the address, and run until stopped."""

from __future__ import annotations

import asyncio
import fcntl
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import structlog
import uvicorn
from rich.console import Console
from sqlalchemy.engine import make_url
from starlette.applications import Starlette

from bot.app import House, make_app, make_house
from bot.clock import now
from bot.sample import SHIPPED, SampleFileError
from bot.sample.identities import read_identities
from bot.sample.insert import insert_samples
from bot.schema import wait_until_ready
from bot.settings import Settings, SettingsError

STOPPING = (signal.SIGINT, signal.SIGTERM)

log = structlog.get_logger()


def prepare(settings: Settings, *, sample: bool) -> House:
    """Open and upgrade the database; with `sample` fill it when it is fresh.

    :raises SettingsError: naming what stands in the way.
    """
    house = make_house(settings)
    wait_until_ready(house.engine, house.sessions)
    if sample:
        with house.sessions.begin() as session:
            try:
                count = insert_samples(session, house.desk, SHIPPED, now())
            except SampleFileError as error:
                raise SettingsError(str(error)) from None
            if count:
                log.info("sample data inserted", reports=count)
    return house


def bind(settings: Settings) -> socket.socket:
    """Take the port before anything is opened.

    :raises SettingsError: it is taken, or the host is not ours.
    """
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    # The event loop switches Nagle's delay off only where the protocol is named: 40 ms on every answer otherwise.
    door = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
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
    with only_worker(settings) if work else nullcontext():
        door = bind(settings) if web else None
        with leaving():
            house = prepare(settings, sample=settings.sample if sample is None else sample)
        app = make_app(house, work=work)
        warn(settings)
        config = uvicorn.Config(
            app, log_config=None, access_log=False, server_header=False, date_header=False, lifespan="off", ws="none"
        )
        # uvicorn's choice of loop: uvloop where there is one, which idles at two thirds of the cost.
        with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
            runner.run(_live(app, config, settings, door))


@contextmanager
def leaving() -> Iterator[None]:
    """End at once and without a word when a signal says so: nothing has begun yet.

    As a container's first process we would not end by ourselves.
    """

    def leave(*_: object) -> None:
        raise SystemExit(0)

    before = {name: signal.signal(name, leave) for name in STOPPING}
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)


@contextmanager
def only_worker(settings: Settings) -> Iterator[None]:
    """Be the only process that works on an SQLite database: two would send everything twice.

    The lock lies beside the database and ends with the process, however that ends.

    :raises SettingsError: another process holds it.
    """
    url = make_url(settings.database)
    if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
        yield
        return
    path = Path(f"{url.database}.lock")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SettingsError(f"DATABASE_URL: another run serves {url.database}: stop it first") from None
        yield


async def _live(app: Starlette, config: uvicorn.Config, settings: Settings, door: socket.socket | None) -> None:
    server = uvicorn.Server(config)
    stopped, loop = asyncio.Event(), asyncio.get_running_loop()

    def stop(*_: object) -> None:
        server.should_exit = True
        loop.call_soon_threadsafe(stopped.set)

    # Also while we start, and when the server, done, raises once more the signal that stopped it: drivers and
    # channels still end in good order.
    for name in STOPPING:
        signal.signal(name, stop)
    async with app.router.lifespan_context(app):
        if door is None:
            await stopped.wait()
        elif not stopped.is_set():
            tell(settings, door.getsockname()[1])
            await server.serve(sockets=[door])


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
