"""One writer: what shares a commit, what fails alone, what is tried again, and what must not be believed."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from bot.drivers.writer import GRACE, Writer, is_passing
from storage import people
from storage.models import Person
from tests.rig import WEDNESDAY, Database

pytestmark = pytest.mark.sqlite  # one writer is SQLite's way


def run(
    database: Database, check: Callable[[Writer, list[int]], Coroutine[Any, Any, None]], grace: float = GRACE
) -> None:
    """Run a check with a writer; the list grows by one at every commit."""

    async def body() -> None:
        commits: list[int] = []
        writer = Writer(database.engine, database.sessions, lambda: commits.append(1), grace)
        writer.start()
        try:
            await asyncio.wait_for(check(writer, commits), 20)
        finally:
            await writer.stop()

    asyncio.run(body())


def add(user: str) -> Callable[[Session], int]:
    def work(session: Session) -> int:
        person = people.person_of(session, "line", user, WEDNESDAY)
        session.flush()
        return person.id

    return work


def everybody(database: Database) -> int:
    with database.readers() as session:
        return session.query(Person).count()


def test_work_is_durable_when_its_future_is_done(database: Database) -> None:
    async def check(writer: Writer, _commits: list[int]) -> None:
        for number in range(5):
            assert await writer.do(add(f"U{number}"))
            assert everybody(database) == number + 1

    run(database, check)


def test_what_waits_together_shares_a_commit(database: Database) -> None:
    async def check(writer: Writer, commits: list[int]) -> None:
        gate = threading.Event()
        first = writer.do(lambda _session: gate.wait(5))
        futures = [writer.do(add(f"U{number}")) for number in range(40)]
        await asyncio.sleep(0.05)
        gate.set()
        await asyncio.gather(first, *futures)
        assert everybody(database) == 40
        assert len(commits) < 30  # on a machine that stands still, each takes longer than work may gather

    run(database, check)


def test_what_goes_first_waits_neither_for_the_reading_of_all_that_waits_nor_with_it(database: Database) -> None:
    """A platform stands at the door while sixty messages wait to be understood."""

    async def check(writer: Writer, _commits: list[int]) -> None:
        understood: list[int] = []

        def understand() -> None:
            understood.append(1)
            time.sleep(0.01)

        begun, gate = threading.Event(), threading.Event()
        first = writer.do(lambda _session: gate.wait(5), before=begun.set)
        await asyncio.to_thread(begun.wait, 5)
        futures = [writer.do(add(f"U{number}"), before=understand) for number in range(60)]
        gate.set()
        await first
        before = len(understood)
        await writer.do(add("door"), first=True)
        assert len(understood) - before < 10
        await asyncio.gather(*futures)
        assert everybody(database) == 61

    run(database, check)


def test_a_piece_that_raises_undoes_only_itself(database: Database) -> None:
    def broken(session: Session) -> None:
        add("broken")(session)
        raise ValueError("not this one")

    async def check(writer: Writer, _commits: list[int]) -> None:
        one, two, three = writer.do(add("U1")), writer.do(broken), writer.do(add("U2"))
        assert await one
        with pytest.raises(ValueError, match="not this one"):
            await two
        assert await three
        assert everybody(database) == 2

    run(database, check)


def test_a_full_disk_is_waited_for_and_nothing_is_lost(database: Database) -> None:
    tries: list[str] = []

    def fills(session: Session) -> None:
        connection = session.connection()
        if not tries:
            tries.append("full")
            connection.exec_driver_sql("PRAGMA max_page_count=1")
        else:
            tries.append("again")
            connection.exec_driver_sql("PRAGMA max_page_count=1000000")
        connection.execute(text("CREATE TABLE IF NOT EXISTS big (data BLOB)"))
        connection.execute(text("INSERT INTO big VALUES (zeroblob(200000))"))

    async def check(writer: Writer, _commits: list[int]) -> None:
        one, two, three = writer.do(add("U1")), writer.do(fills), writer.do(add("U2"))
        await asyncio.gather(one, two, three)
        assert everybody(database) == 2

    run(database, check)
    assert tries[:2] == ["full", "again"]


def fills_the_disk(session: Session) -> None:
    """More than there is room for, and more than the cache holds: SQLite then undoes the whole transaction."""
    connection = session.connection()
    pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    connection.exec_driver_sql(f"PRAGMA max_page_count={pages + 20}")
    connection.exec_driver_sql("PRAGMA cache_size=2")
    connection.execute(text("CREATE TABLE IF NOT EXISTS big (data BLOB)"))
    for _ in range(50):
        connection.execute(text("INSERT INTO big VALUES (randomblob(20000))"))


def test_who_fills_the_disk_fails_alone_and_late(database: Database) -> None:
    async def check(writer: Writer, _commits: list[int]) -> None:
        gate = threading.Event()
        first = writer.do(lambda _session: gate.wait(5))
        one, full, two = writer.do(add("U1")), writer.do(fills_the_disk), writer.do(add("U2"))
        await asyncio.sleep(0.05)
        gate.set()
        await asyncio.gather(first, one, two)
        assert everybody(database) == 2
        with pytest.raises(OperationalError) as failed:
            await full
        assert is_passing(failed.value)

    run(database, check, grace=0.5)


def test_who_hides_that_the_transaction_is_gone_is_not_believed_nor_are_its_neighbours_lost(database: Database) -> None:
    def hides(session: Session) -> str:
        try:
            fills_the_disk(session)
        except OperationalError:
            session.rollback()
        return "all is well"

    async def check(writer: Writer, _commits: list[int]) -> None:
        gate = threading.Event()
        first = writer.do(lambda _session: gate.wait(5))
        one, hidden, two = writer.do(add("U1")), writer.do(hides), writer.do(add("U2"))
        await asyncio.sleep(0.05)
        gate.set()
        await asyncio.gather(first, one, two)
        assert everybody(database) == 2
        with pytest.raises(OperationalError) as failed:
            await hidden
        assert is_passing(failed.value)

    run(database, check, grace=0.5)


def test_another_program_s_lock_is_waited_for(database: Database) -> None:
    async def check(writer: Writer, _commits: list[int]) -> None:
        with database.engine.connect() as other:
            other.execute(text("SELECT 1"))  # a transaction of ours takes the lock as it begins
            futures = [writer.do(add(f"U{number}")) for number in range(3)]
            await asyncio.sleep(0.2)
            assert everybody(database) == 0
            other.rollback()
        await asyncio.gather(*futures)
        assert everybody(database) == 3

    run(database, check)


def test_a_commit_that_fails_is_believed_by_nobody(database: Database) -> None:
    def breaks_the_commit(session: Session) -> str:
        session.connection().exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        session.execute(
            text("INSERT INTO consent (person_id, kind, version, given, at) VALUES (999, 'x', '1', 1, '2026-11-25')")
        )
        return "I believe it is kept"

    async def check(writer: Writer, _commits: list[int]) -> None:
        with pytest.raises(IntegrityError):
            await writer.do(breaks_the_commit)
        # The writer goes on, and what it says is true again.
        assert await writer.do(add("U2"))
        assert everybody(database) == 1

    run(database, check)


def test_neighbours_of_a_failed_commit_are_told_so(database: Database) -> None:
    def breaks_the_commit(session: Session) -> None:
        session.connection().exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        session.execute(
            text("INSERT INTO consent (person_id, kind, version, given, at) VALUES (999, 'x', '1', 1, '2026-11-25')")
        )

    async def check(writer: Writer, _commits: list[int]) -> None:
        gate = threading.Event()
        futures: list[asyncio.Future[Any]] = [writer.do(lambda _session: gate.wait(5))]
        futures += [writer.do(add("U1")), writer.do(breaks_the_commit)]
        await asyncio.sleep(0.05)
        gate.set()
        results = await asyncio.gather(*futures, return_exceptions=True)
        kept = everybody(database)
        # A group may have been cut in two; but whoever was told "kept" is kept, and whoever is kept was told so.
        assert kept == (0 if isinstance(results[1], Exception) else 1)
        assert isinstance(results[2], IntegrityError)

    run(database, check)


def test_what_is_wrong_with_the_work_is_not_waited_for(database: Database) -> None:
    async def check(writer: Writer, _commits: list[int]) -> None:
        with pytest.raises(OperationalError, match="no such table"):
            await writer.do(lambda session: session.execute(text("SELECT * FROM nowhere")))

    run(database, check)


def test_stopping_finishes_what_is_queued(database: Database) -> None:
    async def body() -> None:
        writer = Writer(database.engine, database.sessions, lambda: None)
        writer.start()
        futures = [writer.do(add(f"U{number}")) for number in range(300)]
        await writer.stop()
        await asyncio.gather(*futures)

    asyncio.run(body())
    assert everybody(database) == 300


@pytest.mark.parametrize(
    ("name", "passing"),
    [
        ("SQLITE_BUSY", True),
        ("SQLITE_BUSY_SNAPSHOT", True),
        ("SQLITE_FULL", True),
        ("SQLITE_IOERR_WRITE", True),
        ("SQLITE_ERROR", False),
        ("SQLITE_CONSTRAINT", False),
        ("", False),
    ],
)
def test_what_passes(name: str, passing: bool) -> None:
    original = Exception("from the driver")
    if name:
        original.sqlite_errorname = name  # type: ignore[attr-defined]
    assert is_passing(OperationalError("INSERT", {}, original)) is passing
