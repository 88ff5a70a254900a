"""The whole program as an ASGI application, opened without a network, and a client at its door."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import Executable
from starlette.applications import Starlette

from bot.app import House, make_app, make_directory, shows_links
from bot.clock import now
from bot.links import Links
from bot.media import MediaStore, SharedStore
from bot.schema import migrate
from bot.settings import Settings, load_settings, secret_of
from handlers.desk import make_signer
from handlers.texts import load_texts
from storage.database import make_engine, make_readers, make_sessions
from storage.vault import Vault, derive
from tests import pictures, rig

ADDRESS = "http://127.0.0.1:8080"
PICTURE = pictures.plain()


@dataclass(frozen=True, slots=True)
class Door:
    """An open door."""

    app: Starlette
    house: House
    http: httpx.AsyncClient

    def from_(self, client: str, host: str = "127.0.0.1:8080") -> httpx.AsyncClient:
        """A client on another machine, or one that calls us by another name."""
        return httpx.AsyncClient(transport=transport(self.app, client), base_url=f"http://{host}")

    async def say(self, user: str = "u1", **message: Any) -> list[dict[str, Any]]:
        """Say something on the local channel; returns the replies."""
        answer = await self.http.post("/local/messages", json={"user": user, **message})
        assert answer.status_code == 200, answer.text
        replies: list[dict[str, Any]] = answer.json()["replies"]
        return replies


def transport(app: Starlette, client: str = "127.0.0.1") -> httpx.ASGITransport:
    """What carries requests to an application in this process."""
    return httpx.ASGITransport(app, client=(client, 50000))


@dataclass(frozen=True, slots=True)
class Place:
    """Where an installation lies: its folder, a database of its own, and the key, '' where it makes one."""

    folder: Path
    url: str
    secret: str = ""

    def settings(self, **overrides: Any) -> Settings:
        """Its settings."""
        return settings_for(self.folder, **{"database_url": self.url, "secret_key": self.secret, **overrides})

    def execute(self, statement: Executable) -> None:
        """Do something to the database behind the program's back."""
        with rig.engine_of(self.url) as engine, engine.begin() as connection:
            connection.execute(statement)


def settings_for(folder: Path, **overrides: Any) -> Settings:
    """Settings that do not look at this machine's own `.env`."""
    return load_settings(_env_file=None, data_dir=folder, **overrides)


def house_of(settings: Settings) -> House:
    """What `make_house` makes, but with the one reader that all tests share: to load another takes half a second."""
    secret = secret_of(settings)
    vault, links = Vault(secret), Links(derive(secret, "links"))
    engine = make_engine(settings.database)
    sessions = make_sessions(engine, vault)
    reader = rig.shared_reader()
    made = rig.make_desk(
        reader,
        make_directory(settings, reader),
        load_texts(),
        {"line": settings.line_province, "telegram": settings.telegram_province},
    )
    desk = replace(
        made,
        signer=make_signer(derive(secret, "buttons")),
        file_url=links.file,
        page_url=links.tracking,
        mine_url=lambda channel, person: links.mine(person) if shows_links(settings, channel) else "",
    )
    store = SharedStore(sessions, vault) if settings.shared else MediaStore(settings.data_dir / "media", vault)
    return House(settings, engine, sessions, make_readers(engine, vault), vault, desk, store, links, secret)


@asynccontextmanager
async def opened(
    settings: Settings, *, work: bool = True, upgraded: bool = True, clock: Callable[[], datetime] = now
) -> AsyncIterator[Door]:
    """The program from its start to its end."""
    house = house_of(settings)
    if upgraded:
        migrate(house.engine)
    app = make_app(house, work=work, clock=clock)
    try:
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport(app), base_url=ADDRESS) as http,
        ):
            yield Door(app, house, http)
    finally:
        house.engine.dispose()
