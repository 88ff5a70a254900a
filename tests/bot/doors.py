"""The whole program as an ASGI application, opened without a network, and a client at its door."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import Executable
from starlette.applications import Starlette

from bot.app import House, make_app, make_house
from bot.clock import now
from bot.schema import migrate
from bot.settings import Settings, load_settings
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


@asynccontextmanager
async def opened(
    settings: Settings, *, work: bool = True, upgraded: bool = True, clock: Callable[[], datetime] = now
) -> AsyncIterator[Door]:
    """The program from its start to its end."""
    house = make_house(settings)
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
