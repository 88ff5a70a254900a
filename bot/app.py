"""The composition root: settings become a database, a desk, channels, a driver and a web door."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, sessionmaker
from starlette.applications import Starlette

from bot.channels.base import Channel, Fetched, SendFailed
from bot.channels.local import LocalChannel
from bot.clock import SharedClock, now
from bot.drivers.base import Driver
from bot.drivers.local import LocalDriver
from bot.links import Links
from bot.media import MediaStore, SharedStore, Store
from bot.mine import mine_route
from bot.pipeline import Pipeline, no_step
from bot.provinces import SHIPPED, ProvinceFileError, load_directory
from bot.sample.identities import read_identities
from bot.settings import Settings, SettingsError, secret_of
from bot.tracking import tracking_route
from bot.transcriber import Transcriber
from bot.web import make_web
from handlers.desk import Desk, make_signer
from handlers.provinces import Directory
from handlers.texts import load_texts
from nlp.likeness import Likeness
from nlp.reader import Reader
from storage import inbox
from storage import media as media_rows
from storage.database import is_current, make_engine, make_readers, make_sessions
from storage.trouble import in_words
from storage.vault import SealBroken, Vault, derive

TOKENS = {"line": "LINE_CHANNEL_ACCESS_TOKEN", "telegram": "TELEGRAM_BOT_TOKEN"}

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class House:
    """What every command needs: the database with its key, and the desk."""

    settings: Settings
    engine: Engine
    sessions: sessionmaker[Session]
    readers: sessionmaker[Session]
    vault: Vault
    desk: Desk
    store: Store
    links: Links
    secret: str


def make_directory(settings: Settings, reader: Reader) -> Directory:
    """The provinces that are to be served.

    :raises SettingsError: a province that is set has no file, or a file is wrong.
    """
    known = {category.slug: [sub.slug for sub in category.subs] for category in reader.taxonomy.categories}
    try:
        directory = load_directory(SHIPPED, known, settings.province_slugs)
    except ProvinceFileError as error:
        raise SettingsError(f"PROVINCES: {error}") from None
    for name, slug in (("LINE_PROVINCE", settings.line_province), ("TELEGRAM_PROVINCE", settings.telegram_province)):
        if slug and slug not in directory.provinces:
            raise SettingsError(f"{name}: there is no province '{slug}'; there are {', '.join(directory.provinces)}")
    return directory


def make_house(settings: Settings) -> House:
    """Open the database (not upgraded here) and set the desk.

    :raises SettingsError: naming what is wrong with the settings.
    """
    secret = secret_of(settings)
    vault = Vault(secret)
    engine = make_engine(settings.database)
    sessions = make_sessions(engine, vault)
    reader = Reader.load()
    links = Links(derive(secret, "links"))
    desk = Desk(
        reader=reader,
        directory=make_directory(settings, reader),
        texts=load_texts(),
        signer=make_signer(derive(secret, "buttons")),
        likeness=cache(partial(Likeness, reader)),
        homes={"line": settings.line_province, "telegram": settings.telegram_province},
        file_url=links.file,
        page_url=links.tracking,
        mine_url=lambda channel, person_id: links.mine(person_id) if shows_links(settings, channel) else "",
    )
    return House(
        settings=settings,
        engine=engine,
        sessions=sessions,
        readers=make_readers(engine, vault),
        vault=vault,
        desk=desk,
        store=SharedStore(sessions, vault) if settings.shared else MediaStore(settings.data_dir / "media", vault),
        links=links,
        secret=secret,
    )


def shows_links(settings: Settings, channel: str) -> bool:
    """Whether people of a channel can open our own pages: on this machine always, elsewhere by a public address."""
    return channel == LocalChannel.name or settings.public_url.startswith("https://")


def make_channels(house: House, clock: Callable[[], datetime] = now) -> dict[str, Channel]:
    """The channels that are configured, by name."""
    settings = house.settings
    channels: dict[str, Channel] = {}
    if settings.line:
        from bot.channels.line import API_BASE, DATA_API_BASE, LineChannel  # noqa: PLC0415  # half a second

        channels["line"] = LineChannel(
            channel_secret=settings.line_channel_secret.get_secret_value(),
            access_token=settings.line_channel_access_token.get_secret_value(),
            api_base=settings.line_api_base or API_BASE,
            data_api_base=settings.line_data_api_base or DATA_API_BASE,
            public_url=settings.public_url or None,
        )
    if settings.telegram:
        from bot.channels.telegram import API_BASE as TELEGRAM_API  # noqa: PLC0415  # half a second
        from bot.channels.telegram import TelegramChannel  # noqa: PLC0415

        channels["telegram"] = TelegramChannel(
            token=settings.telegram_bot_token.get_secret_value(),
            api_base=settings.telegram_api_base or TELEGRAM_API,
            webhook_secret=webhook_secret(house),
            public_url=settings.public_url or None,
            files=own_files(house),
            clock=clock,
        )
    if settings.local:
        channels["local"] = LocalChannel(house.store, clock)
    return channels


def make_ear(settings: Settings) -> Transcriber | None:
    """What hears voice notes; None where no service is set."""
    if not settings.transcriber_url:
        return None
    key = settings.transcriber_key.get_secret_value()
    return Transcriber(settings.transcriber_url, key, settings.transcriber_model)


def webhook_secret(house: House) -> str:
    """What Telegram repeats to us: set, or derived from the installation's secret so that it survives a restart."""
    return house.settings.telegram_webhook_secret.get_secret_value() or derive(house.secret, "telegram").hex()


def own_files(house: House) -> Callable[[str], Awaitable[Fetched | None]]:
    """Bytes of our own signed paths, for channels that upload pictures themselves."""

    async def load(path: str) -> Fetched | None:
        def look() -> Fetched | None:
            medium_id = house.links.medium_of(path.rpartition("/")[2])
            with house.readers() as session:
                medium = media_rows.by_id(session, medium_id) if medium_id is not None else None
            if medium is None or medium.state != "kept":
                return None
            return Fetched(house.store.load(medium.sha256), medium.media_type)

        return await asyncio.to_thread(look)

    return load


def driver_for(house: House, pipeline: Pipeline, clock: Callable[[], datetime]) -> Driver:
    """The driver that goes with the database."""
    parts = house.engine, house.sessions, house.readers, pipeline, house.store
    if isinstance(clock, SharedClock):
        from bot.drivers.procrastinate import ProcrastinateDriver  # noqa: PLC0415  # a quarter of a second

        return ProcrastinateDriver(*parts, clock)
    return LocalDriver(*parts, clock)


def make_app(
    house: House,
    *,
    work: bool = True,
    clock: Callable[[], datetime] = now,
    step: Callable[[str], None] = no_step,
    make_driver: Callable[[House, Pipeline, Callable[[], datetime]], Driver] = driver_for,
) -> Starlette:
    """The whole program as an ASGI application; it lives from startup to shutdown of the server."""
    settings = house.settings
    if settings.shared:
        clock = SharedClock(clock)
    channels = make_channels(house, clock)
    pipeline = Pipeline(channels, house.desk, step, make_ear(settings))
    driver = make_driver(house, pipeline, clock)

    async def ready() -> str:
        if trouble := driver.trouble():
            return f"database: {trouble}"
        return await driver.read(lambda session: readiness(session, house))

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        for name, channel in channels.items():
            try:
                await channel.open()
            except SendFailed as failure:
                raise SettingsError(f"{TOKENS.get(name, name)}: {name} refuses it: {failure.reason}") from None
        if work:
            house.desk.likeness()  # a quarter of a second in which nobody else is heard: not in the midst of messages
        await driver.start(work=work)
        polling = start_polling(house, channels, driver) if work else None
        try:
            yield
        finally:
            if polling:
                polling.cancel()
                await asyncio.gather(polling, return_exceptions=True)
            await driver.stop()
            for channel in channels.values():
                await channel.close()

    page = {
        "identities": [identity.shown() for identity in read_identities()],
        "provinces": [{"slug": p.slug, "name_th": p.name_th} for p in house.desk.directory.provinces.values()],
        "language": "th",
    }
    return make_web(
        channels,
        driver,
        ready,
        house.links,
        house.store,
        page,
        public_url=settings.public_url,
        local=settings.local,
        anyone=settings.local_channel == "public",
        lifespan=lifespan,
        more=[
            tracking_route(house.links, house.desk, driver.read, clock),
            mine_route(driver, house.links, house.store, house.desk.texts),
        ],
    )


def start_polling(house: House, channels: dict[str, Channel], driver: Driver) -> asyncio.Task[None] | None:
    """Let Telegram's updates come: to our public address where we have one, else by asking for them."""
    if "telegram" not in channels:
        return None
    from bot.channels.telegram import TelegramChannel  # noqa: PLC0415  # loaded with the channel
    from bot.polling import listen  # noqa: PLC0415

    channel = channels["telegram"]
    assert isinstance(channel, TelegramChannel)  # noqa: S101
    return asyncio.get_running_loop().create_task(listen(channel, driver, house.settings.public_url))


def readiness(session: Session, house: House) -> str:
    """Why the database cannot be served from, '' when it can; also whether our key opens what lies in it."""
    try:
        if not is_current(house.engine):
            return "database: not upgraded, run `python -m bot migrate`"
        if found := inbox.waiting(session, limit=1):
            inbox.payload_of(session, found[0].id)
    except SealBroken:
        return "SECRET_KEY: another key sealed this database"
    except DBAPIError as error:
        return f"database: {in_words(error)}"
    return ""
