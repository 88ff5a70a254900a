"""Two releases on one database: what a newer one upgraded or wrote stops nobody here, and stays for it."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.clock import now
from bot.letters import dump_replies
from bot.schema import migrate, wait_until_ready
from bot.settings import SettingsError
from handlers.desk import Desk
from handlers.messages import Reply
from storage import inbox, outbox
from storage.database import alembic_config, schema_of, upgrade
from storage.inbox import Arrival
from storage.models import Outbox
from storage.vault import vault_of
from tests.bot.process import Process, at_rest, process, sent_once
from tests.peers import LinePeer
from tests.rig import engine_of, open_database

pytestmark = pytest.mark.postgresql

NEWER = (
    "ALTER TABLE report ADD COLUMN mood VARCHAR",
    "ALTER TABLE inbox ADD COLUMN weight INTEGER DEFAULT 7",
    "ALTER TABLE outbox ADD COLUMN tone VARCHAR",
    "CREATE TABLE weather (id BIGSERIAL PRIMARY KEY, words TEXT)",
    "UPDATE alembic_version SET version_num = '9999'",
)
JOB = (
    "INSERT INTO procrastinate_jobs (queue_name, task_name, lock, queueing_lock, args)"
    " VALUES ('{queue}', '{task}', '{key}', '{key}', jsonb_build_object('key', '{key}'))"
)


def execute(url: str, *statements: str) -> None:
    with engine_of(url) as engine, engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


@pytest.fixture
def peer() -> Iterator[LinePeer]:
    with LinePeer() as line:
        yield line


def test_a_database_that_a_newer_release_upgraded_is_worked_on(
    desk: Desk, address: str, peer: LinePeer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Also one that is upgraded while we are at work on it."""

    async def run() -> None:
        async with process(desk, address, peer, tmp_path) as one:
            for number in range(8):  # statements that the server has planned by now
                await one.hear_until_kept("a", number)
            await asyncio.to_thread(execute, address, *NEWER)
            await one.hear_until_kept("a", 8)
            await at_rest(address, 9)
            assert await one.readiness() == (200, "ok")
        database = open_database(address)
        wait_until_ready(database.engine, database.sessions)
        database.engine.dispose()
        async with process(desk, address, peer, tmp_path) as again:
            await again.hear_until_kept("b", 0)
            await at_rest(address, 10)

    asyncio.run(run())
    assert "a newer release has upgraded the database" in capsys.readouterr().out
    sent_once(peer, address)


def test_a_database_that_is_empty_or_behind_is_left_alone(blank_address: str) -> None:
    from alembic import command  # noqa: PLC0415

    database = open_database(blank_address)
    with pytest.raises(SettingsError, match=r"^DATABASE_URL: the database is empty: run `python -m bot migrate`"):
        wait_until_ready(database.engine, database.sessions)
    config = alembic_config()
    with database.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    with pytest.raises(SettingsError, match=r"^DATABASE_URL: .*older release: run `python -m bot migrate`"):
        wait_until_ready(database.engine, database.sessions)
    assert schema_of(database.engine) == "behind"
    upgrade(database.engine)
    with pytest.raises(SettingsError, match=r"^DATABASE_URL: Procrastinate.*run `python -m bot migrate`"):
        wait_until_ready(database.engine, database.sessions)
    migrate(database.engine)
    wait_until_ready(database.engine, database.sessions)
    database.engine.dispose()


def test_what_a_newer_release_wrote_is_read_or_left_to_it(
    desk: Desk, address: str, peer: LinePeer, tmp_path: Path
) -> None:
    database = open_database(address)
    chat = "U" + "a" * 32
    body = json.loads(dump_replies([Reply("สวัสดีจากรุ่นใหม่ค่ะ")]))
    body[0] |= {"mood": "glad", "shapes": [{"kind": "circle"}]}
    with database.sessions.begin() as session:
        outbox.post(session, "line", chat, json.dumps(body).encode(), now(), quota="status")
        theirs = [Arrival("pigeon", f"e{number}", "P1", b"coo") for number in range(60)]
        inbox.keep(session, theirs, now())
        outbox.post(session, "pigeon", "P1", json.dumps(body).encode(), now(), quota="status")
        # What their release woke, and one of us fetches.
        key = vault_of(session).blind("chat", "pigeon", "P1").hex()
    execute(
        address,
        JOB.format(queue="chats", task="weather", key="w1"),
        JOB.format(queue="weather", task="weather", key="w2"),
        JOB.format(queue="chats", task="chats", key=key),
    )

    async def run(one: Process) -> None:
        await one.hear_until_kept("a", 2)
        async with asyncio.timeout(10):
            while len(peer.accepted) < 2:  # noqa: ASYNC110  # the peer tells nobody
                await asyncio.sleep(0.05)
        await asyncio.sleep(1)  # for what spins, and for what comes twice

    async def whole() -> None:
        async with process(desk, address, peer, tmp_path) as one:
            await run(one)
            assert await one.readiness() == (200, "ok")

    asyncio.run(whole())
    assert "รุ่นใหม่" in peer.accepted[0]["text"]
    assert len(peer.accepted) == 2
    with database.readers() as session:
        assert inbox.counts(session) == {"waiting": 60, "done": 1}
        assert session.scalars(select(Outbox.channel).where(Outbox.state == "waiting")).all() == ["pigeon"]
        left = session.connection().exec_driver_sql(
            "SELECT queue_name, status::text FROM procrastinate_jobs WHERE queue_name <> 'chats' OR status = 'doing'"
        )
        assert [tuple(row) for row in left] == [("weather", "todo")]
    database.engine.dispose()


def test_two_who_migrate_at_the_same_moment_both_end_well(blank_address: str) -> None:
    errors: list[Exception] = []
    start = threading.Barrier(3)

    def bring_up() -> None:
        with engine_of(blank_address) as engine:
            start.wait()
            try:
                migrate(engine)
            except Exception as error:
                errors.append(error)

    threads = [threading.Thread(target=bring_up) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    database = open_database(blank_address)
    wait_until_ready(database.engine, database.sessions)
    database.engine.dispose()
