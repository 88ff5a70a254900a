"""Three processes whose clocks differ by minutes: what is due, leased, sent and linked goes by the server's time."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from bot.clock import SharedClock, now
from bot.links import SKEW, Links
from handlers.desk import Desk
from storage import due, leases
from storage import media as media_rows
from storage.models import Due, Inbox, Outbox, Report
from tests.bot.doors import PICTURE
from tests.bot.process import Process, at_rest, event, handled_in_order, process, sent_once
from tests.peers import LinePeer
from tests.rig import WEDNESDAY, Clock, Database, open_database

AWAY = timedelta(minutes=5)
NEAR = timedelta(seconds=2)


def skewed(by: timedelta) -> Callable[[], datetime]:
    """A clock that is ahead by so much."""
    return lambda: now() + by


CLOCKS = (skewed(AWAY), skewed(-AWAY), now)


@pytest.fixture
def peer() -> Iterator[LinePeer]:
    with LinePeer() as line:
        yield line


async def three(stack: AsyncExitStack, desk: Desk, url: str, peer: LinePeer, folder: Path) -> list[Process]:
    """One process for each clock."""
    return [await stack.enter_async_context(process(desk, url, peer, folder, clock=clock)) for clock in CLOCKS]


@pytest.mark.postgresql
def test_what_three_processes_do_goes_by_one_time(desk: Desk, address: str, peer: LinePeer, tmp_path: Path) -> None:
    """Two chats speak at all three doors in turn, and a third has something due soon."""
    database = open_database(address)
    at = now() + timedelta(seconds=4)

    async def run() -> None:
        async with AsyncExitStack() as stack:
            doors = await three(stack, desk, address, peer, tmp_path)
            timed = json.dumps(event("c", 2), ensure_ascii=False).encode()
            with database.sessions.begin() as session:
                due.schedule(session, "t:1", at, channel="line", chat="U" + "c" * 32, payload=timed)
            for number in range(6):
                for user in "ab":
                    assert await doors[number % 3].hear(user, number) == 200
            await asyncio.sleep(max((at - now()).total_seconds(), 0) + 3)
            await at_rest(address, 13)

    asyncio.run(run())
    handled_in_order(address)
    sent_once(peer, address)
    with database.readers() as session:
        assert session.scalars(select(Due.id)).all() == []
        (fired,) = session.scalars(select(Inbox).where(Inbox.event_id.startswith("due:")))
        assert at <= fired.received_at < at + timedelta(seconds=6)  # once, not early and not late
        for row in session.scalars(select(Inbox)):
            assert abs(row.received_at - now()) < timedelta(minutes=1)
            assert row.done_at is not None
            assert row.done_at >= row.received_at - NEAR
        said = session.scalars(select(Outbox.created_at)).all()
        assert said
        assert all(abs(at - now()) < timedelta(minutes=1) for at in said)
    database.engine.dispose()


@pytest.mark.postgresql
def test_a_shared_clock_tells_the_server_s_time_whatever_its_own(database: Database) -> None:
    for own in CLOCKS:
        clock = SharedClock(own)
        with database.readers() as session:
            ahead = clock.measure(session)
        assert abs(ahead - (now() - own())) < NEAR
        assert abs(clock() - now()) < NEAR


@pytest.mark.postgresql
def test_a_lease_is_held_by_one_whoever_s_clock_differs(database: Database) -> None:
    clocks = [SharedClock(own) for own in CLOCKS]
    with database.sessions.begin() as session:
        for clock in clocks:
            clock.measure(session)
        taken = [
            leases.take(session, "telegram", str(number), clock(), clock() + timedelta(seconds=6))
            for number, clock in enumerate(clocks)
        ]
    assert taken == [True, False, False]


@pytest.mark.postgresql
def test_a_file_s_link_works_at_every_door(desk: Desk, address: str, peer: LinePeer, tmp_path: Path) -> None:
    async def run() -> None:
        async with AsyncExitStack() as stack:
            doors = await three(stack, desk, address, peer, tmp_path)
            house = doors[0].house
            await doors[0].hear("a", 0)
            await at_rest(address, 1)
            name = house.store.keep(PICTURE)
            with house.sessions.begin() as session:
                report = session.query(Report).one()
                medium = media_rows.promise(session, report, "photo", "local", "ref", now())
                media_rows.settle(session, medium.id, "kept", now(), sha256=name, media_type="image/jpeg")
                number = medium.id
            answers: list[httpx.Response] = [
                await door.http.get(signing.house.links.file(number)) for signing in doors for door in doors
            ]
            assert {(answer.status_code, answer.content) for answer in answers} == {(200, PICTURE)}

    asyncio.run(run())


def test_a_link_lives_for_a_day_by_whatever_clock() -> None:
    signing, reading = Clock(), Clock()
    links, elsewhere = Links(b"a key", signing), Links(b"a key", reading)
    token = links.file(7).removeprefix("/files/")
    for by, good in (
        (-AWAY, True),
        (AWAY, True),
        (-SKEW, True),
        (-SKEW - timedelta(minutes=1), False),
        (timedelta(hours=24), True),
        (timedelta(hours=24, minutes=1), False),
    ):
        reading.now = WEDNESDAY + by
        assert (elsewhere.medium_of(token) == 7) is good, by
