"""Several processes at the same moment: what they do together happens once."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from handlers.desk import Desk
from storage import due, inbox, people
from storage.models import Due, Identity, Inbox, Person
from storage.trouble import is_locked
from tests.bot.process import at_rest, process, sent_once
from tests.peers import LinePeer
from tests.rig import WEDNESDAY, Database

pytestmark = pytest.mark.postgresql
ROUNDS = 10


@pytest.fixture
def peer() -> Iterator[LinePeer]:
    with LinePeer() as line:
        yield line


def together(database: Database, *works: Callable[[Session], object]) -> list[object]:
    """Do pieces of work at the same moment, each in a transaction on a connection of its own; what they gave.

    One that the server undoes in favour of another is done again, as the driver does it.
    """
    start = threading.Barrier(len(works))
    done: list[object] = [None] * len(works)

    def once(number: int) -> None:
        with database.sessions.begin() as session:
            session.connection()
            if done[number] is None:
                start.wait(10)
            done[number] = works[number](session)

    def do(number: int) -> None:
        while True:
            try:
                return once(number)
            except Exception as error:
                done[number] = error
                if not is_locked(error):
                    raise

    threads = [threading.Thread(target=do, args=(number,)) for number in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return done


def test_a_person_whom_several_meet_is_one(database: Database) -> None:
    for round_ in range(ROUNDS):
        user = f"U{round_}"

        def meet(session: Session, user: str = user) -> int:
            return people.person_of(session, "line", user, WEDNESDAY).id

        met = together(database, *[meet] * 4)
        assert len(set(met)) == 1, met
    with database.readers() as session:
        assert session.scalar(select(func.count()).select_from(Person)) == ROUNDS
        assert session.scalar(select(func.count()).select_from(Identity)) == ROUNDS


def schedule(at: int) -> Callable[[Session], None]:
    """Let 'x' happen in so many minutes."""

    def do(session: Session) -> None:
        due.schedule(session, "x", WEDNESDAY + timedelta(minutes=at), channel="line", chat="U1", payload=b"x")

    return do


def fire(session: Session) -> int:
    """Turn what fell due within the hour into events; how many."""
    return len(due.fire(session, WEDNESDAY + timedelta(hours=1)))


def test_what_several_schedule_and_fire_happens_once(database: Database) -> None:
    for _ in range(ROUNDS):
        assert together(database, schedule(1), schedule(1), schedule(1)) == [None] * 3
        with database.readers() as session:
            assert session.scalar(select(func.count()).select_from(Due)) == 1
        fired = together(database, fire, fire, fire)
        assert sum(count for count in fired if isinstance(count, int)) in {0, 1}, fired
        with database.sessions.begin() as session:
            assert session.scalar(select(func.count()).select_from(Due)) == 0
            assert session.scalar(select(func.count()).select_from(Inbox)) == 1
            session.query(Inbox).delete()


def test_what_is_scheduled_anew_while_it_fires_is_not_lost(database: Database) -> None:
    """A timer that is moved on at the moment at which it goes off: it goes off, or it is moved; it never vanishes."""
    for _ in range(ROUNDS * 3):
        together(database, schedule(1))
        done = together(database, fire, schedule(120))
        assert done[1] is None
        with database.sessions.begin() as session:
            assert session.scalar(select(func.count()).select_from(Due)) == 1, done
            session.query(Due).delete()
            session.query(Inbox).delete()


def test_the_same_webhook_at_two_doors_at_once_has_one_effect(
    desk: Desk, address: str, peer: LinePeer, tmp_path: Path
) -> None:
    async def run() -> None:
        async with AsyncExitStack() as stack:
            doors = [await stack.enter_async_context(process(desk, address, peer, tmp_path)) for _ in range(2)]
            for number in range(4):
                answers = await asyncio.gather(*(door.hear(user, number) for door in doors * 2 for user in "ab"))
                assert set(answers) == {200}
            await at_rest(address, 8)

    asyncio.run(run())
    sent_once(peer, address)


def test_one_event_is_kept_once_whoever_keeps_it(database: Database) -> None:
    arrivals = [inbox.Arrival("line", f"e{number}", "U1", b"x") for number in range(20)]

    def keep(session: Session) -> int:
        return len(inbox.keep(session, arrivals, WEDNESDAY))

    def backwards(session: Session) -> int:
        return len(inbox.keep(session, arrivals[::-1], WEDNESDAY))

    kept = together(database, keep, keep, backwards)
    assert sum(count for count in kept if isinstance(count, int)) == 20, kept
