"""A process of the program on PostgreSQL, opened without a network, whose only platform is LINE's stand-in."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import psycopg
from psycopg import sql
from sqlalchemy import func, select

from bot.app import House, make_app
from bot.clock import now
from bot.links import Links
from bot.media import SharedStore
from handlers.desk import Desk
from storage import inbox
from storage.models import Inbox, Outbox
from storage.vault import derive
from tests.bot.doors import ADDRESS, settings_for, transport
from tests.kill.messages import sent_by_line
from tests.peers import LINE_SECRET, LINE_TOKEN, LinePeer, line_reply_token, line_webhook
from tests.postgres import plain
from tests.rig import SECRET, open_database

WITHIN = 20.0  # seconds after trouble within which everything goes on by itself
WORDS = ("น้ำประปาไม่ไหลสามวันแล้ว ต.วาวี อ.แม่สรวย", "สถานะ", "สวัสดีค่ะ")


@dataclass(frozen=True, slots=True)
class Process:
    """The process, and a client at its door."""

    house: House
    http: httpx.AsyncClient

    async def hear(self, user: str, *numbers: int) -> int:
        """Let somebody say things in one request, each with a number of its own; the status of the answer."""
        events = [event(user, number) for number in numbers]
        headers, body = line_webhook(events)
        return (await self.http.post("/webhook/line", content=body, headers=headers)).status_code

    async def hear_until_kept(self, user: str, number: int) -> list[int]:
        """Say something again and again as a platform does, until it is taken; the statuses."""
        statuses: list[int] = []
        async with asyncio.timeout(WITHIN):
            while not statuses or statuses[-1] != 200:
                statuses.append(await self.hear(user, number))
                await asyncio.sleep(0.2)
        return statuses

    async def readiness(self) -> tuple[int, str]:
        """What /readyz says."""
        answer = await self.http.get("/readyz")
        return answer.status_code, answer.text

    async def becomes(self, status: int, words: str = "") -> str:
        """Wait until /readyz says so; the text."""
        async with asyncio.timeout(WITHIN):
            while True:
                found, said = await self.readiness()
                if found == status and words in said:
                    return said
                await asyncio.sleep(0.1)


def event(user: str, number: int) -> dict[str, Any]:
    """What somebody says: a message of LINE's."""
    chat = f"U{user * 32}"
    said = {"type": "text", "text": WORDS[number % len(WORDS)]}
    return sent_by_line(chat, f"01{user}{number:023}", f"7{number:011}", said, line_reply_token(chat), again=False)


@asynccontextmanager
async def process(
    desk: Desk,
    url: str,
    peer: LinePeer,
    folder: Path,
    *,
    clock: Callable[[], datetime] = now,
) -> AsyncIterator[Process]:
    """The process from its start to its end."""
    database = open_database(url)
    links = Links(derive(SECRET, "links"), clock)
    on = {
        "line_channel_secret": LINE_SECRET,
        "line_channel_access_token": LINE_TOKEN,
        "line_api_base": peer.url,
        "line_data_api_base": peer.url,
    }
    settings = settings_for(folder, database_url=url, secret_key=SECRET, **on)
    house = House(
        settings=settings,
        engine=database.engine,
        sessions=database.sessions,
        readers=database.readers,
        vault=database.vault,
        desk=replace(desk, homes={"line": "chiang-rai"}),
        store=SharedStore(database.sessions, database.vault),
        links=links,
        secret=SECRET,
    )
    app = make_app(house, clock=clock)
    try:
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport(app), base_url=ADDRESS, timeout=60) as http,
        ):
            yield Process(house, http)
    finally:
        house.engine.dispose()


@contextmanager
def ruler(url: str) -> Iterator[psycopg.Connection[Any]]:
    """A connection of the server's keeper to the same server, but to no database of ours."""
    with psycopg.connect(plain(url), dbname="postgres", autocommit=True) as connection:
        yield connection


def name_of(url: str) -> str:
    """The database's name."""
    return url.rpartition("/")[2]


def end_connections(connection: psycopg.Connection[Any], url: str) -> int:
    """Let the server end everybody's connections; how many there were."""
    words = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = %s"
    row = connection.execute(words, (name_of(url),)).fetchone()
    assert row is not None
    return int(row[0])


def alter(connection: psycopg.Connection[Any], url: str, words: str) -> None:
    """ALTER DATABASE."""
    connection.execute(sql.SQL("ALTER DATABASE {} " + words).format(sql.Identifier(name_of(url))))


async def at_rest(url: str, done: int, within: float = WITHIN) -> None:
    """Wait until so many events are handled and nothing is left to send."""
    database = open_database(url)
    until = time.monotonic() + within
    try:
        while True:
            with database.readers() as session:
                waits = session.scalar(select(func.count()).select_from(Outbox).where(Outbox.state == "waiting"))
                states = inbox.counts(session)
            if not waits and states == {"done": done}:
                return
            assert time.monotonic() < until, (waits, states)
            await asyncio.sleep(0.1)
    finally:
        database.engine.dispose()


def handled_in_order(url: str) -> None:
    """See that what each chat said was handled once, and one after the other."""
    database = open_database(url)
    with database.readers() as session:
        rows = session.execute(select(Inbox.chat_key, Inbox.done_at).order_by(Inbox.id)).all()
    database.engine.dispose()
    by_chat: dict[bytes, list[datetime]] = {}
    for chat, done in rows:
        by_chat.setdefault(chat, []).append(done)
    assert all(times == sorted(times) for times in by_chat.values())


def sent_once(peer: LinePeer, url: str) -> None:
    """See that every parcel was accepted by the platform just once."""
    database = open_database(url)
    with database.readers() as session:
        parcels = session.scalar(select(func.count()).select_from(Outbox))
        assert set(session.scalars(select(Outbox.state))) == {"sent"}
    database.engine.dispose()
    assert len(peer.accepted) == parcels
