"""What is asked of Procrastinate's tables: wakes that are never lost, the dead's work taken over, a plan that lasts."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from procrastinate.schema import SchemaManager
from sqlalchemy.orm import Session

from bot.drivers import jobs
from bot.schema import migrate
from tests.postgres import Server, plain
from tests.rig import Database, open_database

pytestmark = pytest.mark.postgresql

FETCH = "SELECT id, lock FROM procrastinate_fetch_job_v2(NULL, %s)"
QUEUED = 20_000


@contextmanager
def beside(database: Database, options: str = "") -> Iterator[psycopg.Connection[Any]]:
    """Another process's connection."""
    with psycopg.connect(plain(database.url), autocommit=True, options=options) as connection:
        yield connection


def register(connection: psycopg.Connection[Any]) -> int:
    row = connection.execute("SELECT * FROM procrastinate_register_worker_v1()").fetchone()
    assert row is not None
    return int(row[0])


def fetch(connection: psycopg.Connection[Any], worker: int) -> tuple[int, str] | None:
    row = connection.execute(FETCH, (worker,)).fetchone()
    return (row[0], row[1]) if row and row[0] is not None else None


def queued(session: Session) -> list[tuple[str, str]]:
    rows = session.connection().exec_driver_sql("SELECT lock, status::text FROM procrastinate_jobs ORDER BY id")
    return [(lock, status) for lock, status in rows]


def delayed(session: Session) -> dict[str, bool | None]:
    """Which jobs are to wait, by lock; None for at once."""
    later = "SELECT lock, scheduled_at > clock_timestamp() FROM procrastinate_jobs"
    rows = session.connection().exec_driver_sql(later).all()
    return {str(lock): waits for lock, waits in rows}


def test_a_chat_has_one_waiting_job_however_much_it_says(database: Database) -> None:
    for _ in range(3):
        with database.sessions.begin() as session:
            jobs.wake(session, jobs.CHATS, ["a", "b", "a"])
    with database.readers() as session:
        assert queued(session) == [("a", "todo"), ("b", "todo")]


def test_what_is_said_while_a_chat_is_worked_off_has_a_job_of_its_own(database: Database) -> None:
    with database.sessions.begin() as session:
        jobs.wake(session, jobs.CHATS, ["a"])
    with beside(database) as other:
        assert fetch(other, register(other)) is not None
        with database.sessions.begin() as session:
            jobs.wake(session, jobs.CHATS, ["a"])
        with database.readers() as session:
            assert queued(session) == [("a", "doing"), ("a", "todo")]
        assert fetch(other, register(other)) is None  # in its turn


def test_no_job_is_fetched_before_the_rows_are_there_for_which_it_was_woken_again(database: Database) -> None:
    with database.sessions.begin() as session:
        jobs.wake(session, jobs.CHATS, ["a"])
    with beside(database) as other:
        worker = register(other)
        with database.sessions.begin() as session:
            jobs.wake(session, jobs.CHATS, ["a"])
            assert fetch(other, worker) is None
        assert fetch(other, worker) is not None


def test_two_who_wake_the_same_chats_in_any_order_both_get_through(database: Database) -> None:
    keys = [f"chat-{number}" for number in range(50)]

    def wake(order: list[str]) -> None:
        for _ in range(20):
            with database.sessions.begin() as session:
                jobs.wake(session, jobs.CHATS, order)

    threads = [threading.Thread(target=wake, args=(order,)) for order in (keys, keys[::-1], keys[25:] + keys[:25])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    with database.readers() as session:
        assert sorted(queued(session)) == sorted((key, "todo") for key in keys)


def test_the_lost_are_woken_and_those_in_hand_are_not(database: Database) -> None:
    with database.sessions.begin() as session:
        jobs.wake(session, jobs.CHATS, ["waiting", "worked off"])
    with beside(database) as other:
        fetch(other, register(other))
        with database.sessions.begin() as session:
            jobs.wake_idle(session, jobs.CHATS, ["waiting", "worked off", "lost"])
        with database.readers() as session:
            assert sorted(lock for lock, _ in queued(session)) == ["lost", "waiting", "worked off"]


def test_the_jobs_of_a_silent_worker_are_taken_over_and_those_of_a_living_one_are_not(database: Database) -> None:
    with database.sessions.begin() as session:
        jobs.wake(session, jobs.CHATS, ["a", "b"])
    with beside(database) as other:
        dead, living = register(other), register(other)
        assert (job := fetch(other, dead)) is not None
        assert (safe := fetch(other, living)) is not None
        with database.sessions.begin() as session:
            assert not jobs.any_stalled(session, 10)
            assert jobs.rescue(session, 10) == []
            assert jobs.silence(session, job[0], dead) == pytest.approx(0, abs=5)
        past = "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '11 s' WHERE id = %s"
        other.execute(past, (dead,))
        with database.sessions.begin() as session:
            assert jobs.any_stalled(session, 10)
            assert jobs.rescue(session, 10) == [jobs.Stalled(jobs.CHATS, job[1])]
            assert jobs.rescue(session, 10) == []
            assert jobs.silence(session, job[0], dead) is None
            assert jobs.silence(session, safe[0], living) is not None


def test_the_more_workers_died_at_a_chat_the_later_it_is_tried(database: Database) -> None:
    with database.sessions.begin() as session:
        jobs.wake_later(session, jobs.CHATS, "once", 1)
        jobs.wake_later(session, jobs.CHATS, "often", 4)
        assert delayed(session) == {"once": None, "often": True}
        jobs.wake(session, jobs.CHATS, ["often"])  # its person speaks again
        assert delayed(session)["often"] is None


def test_installing_again_changes_nothing_and_an_older_release_is_brought_up(blank_address: str) -> None:
    database = open_database(blank_address)
    scripts = Path(SchemaManager.get_migrations_path())
    older = sorted(path for path in scripts.glob("*.sql") if path.name < "03.04")
    with beside(database) as other:
        for path in older:
            other.execute(path.read_bytes())
        other.execute(f"COMMENT ON TABLE procrastinate_jobs IS '{older[-1].name}'".encode())
    migrate(database.engine)
    migrate(database.engine)
    with beside(database) as other:
        found = other.execute("SELECT count(*) FROM pg_proc WHERE proname = 'procrastinate_retry_job_v2'").fetchone()
        assert found == (1,)
        said = other.execute("SELECT obj_description('procrastinate_jobs'::regclass)").fetchone()
        assert said == (max(path.name for path in scripts.glob("*.sql")),)
    database.engine.dispose()


@pytest.fixture
def virgin(server: Server) -> Iterator[Database]:
    """A database that was never used: what once lay in a table changes what the server believes of it."""
    with server.database() as url:
        opened = open_database(url)
        yield opened
        opened.engine.dispose()


def test_a_fetch_among_thousands_looks_at_few_rows_whatever_the_server_believes(virgin: Database) -> None:
    """The statement that Procrastinate's own function runs, planned while the statistics tell of an empty queue."""
    fill = "SELECT 'chats', 'chats', 'k' || n, 'k' || n FROM generate_series(1, %s) AS n"
    with beside(virgin, jobs.PLANNING) as other:
        other.execute("ANALYZE procrastinate_jobs")
        other.execute("ALTER TABLE procrastinate_jobs SET (autovacuum_enabled = false)")
        other.execute(f"INSERT INTO procrastinate_jobs (queue_name, task_name, lock, queueing_lock) {fill}", (QUEUED,))
        row = other.execute("SELECT prosrc FROM pg_proc WHERE proname = 'procrastinate_fetch_job_v2'").fetchone()
        assert row is not None
        asked = re.search(r"candidate AS \((.*)\)\s*UPDATE", row[0], re.DOTALL)
        assert asked is not None
        statement = asked[1].replace("target_queue_names", "'{chats,media}'::varchar[]")
        told = other.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}").fetchone()
        assert told is not None
        nodes = list(walk(told[0][0]["Plan"]))
    assert {node["Node Type"] for node in nodes} <= {"Limit", "LockRows", "Nested Loop", "Index Scan"}
    assert {"procrastinate_jobs_priority_idx_v1", "sansiang_jobs_lock"} == {
        node["Index Name"] for node in nodes if "Index Name" in node
    }
    assert sum(node["Actual Rows"] * node["Actual Loops"] for node in nodes) < 10


def walk(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield {name: value for name, value in node.items() if name != "Plans"}
    for child in node.get("Plans", ()):
        yield from walk(child)
