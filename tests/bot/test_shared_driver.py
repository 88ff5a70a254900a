"""Several drivers on one PostgreSQL database."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import suppress
from pathlib import Path

import pytest
from procrastinate import App, JobContext
from procrastinate.jobs import Job
from procrastinate.testing import InMemoryConnector
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bot.channels.base import SendFailed
from bot.drivers import jobs
from bot.drivers.procrastinate import ProcrastinateDriver
from bot.letters import dump_replies
from bot.pipeline import Pipeline
from handlers.desk import Desk
from handlers.messages import Reply
from storage import inbox, outbox
from storage.models import Inbox, Outbox
from tests.bot.proxy import Proxy, proxied
from tests.bot.test_driver import WATER, driver_on, heard, now
from tests.bot.wire import Wire, envelope, said
from tests.rig import Database, open_database

pytestmark = pytest.mark.postgresql


def a_driver(desk: Desk, database: Database, folder: Path, wire: Wire) -> ProcrastinateDriver:
    made = driver_on(database, Pipeline({"wire": wire}, desk), folder)
    assert isinstance(made, ProcrastinateDriver)
    return made


async def rest(database: Database, seconds: float = 30) -> None:
    """Wait until no row waits."""
    async with asyncio.timeout(seconds):
        while True:
            with database.readers() as session:
                waiting = session.query(Inbox).filter_by(state="waiting").count()
                waiting += session.query(Outbox).filter_by(state="waiting").count()
            if not waiting:
                return
            await asyncio.sleep(0.05)


def test_who_was_taken_for_dead_says_nothing_and_handles_nothing(
    desk: Desk, database: Database, tmp_path: Path
) -> None:
    """A worker that stood still goes on in the middle of a job that another has by now: its row is gone."""
    wire = Wire()
    driver = a_driver(desk, database, tmp_path, wire)
    with database.sessions.begin() as session:
        owed = outbox.post(session, "wire", "U1", dump_replies([Reply("สวัสดีค่ะ")]), now(), quota="status")
        Pipeline({"wire": wire}, desk).receive(session, [envelope(said(WATER))], now())
    gone = Job(id=999_999, worker_id=1, queue=jobs.CHATS, lock="", queueing_lock=None, task_name=jobs.CHATS)
    context = JobContext(start_timestamp=0, app=App(connector=InMemoryConnector()), job=gone, abort_reason=lambda: None)

    async def wake_up() -> None:
        await driver.start(work=False)
        await driver.look_after_chat(context, owed.chat_key.hex())
        await driver.stop()

    asyncio.run(wake_up())
    assert wire.tried == []
    with database.readers() as session:
        assert inbox.counts(session) == {"waiting": 1}
        assert outbox.counts(session) == {("wire", "waiting"): 1}


def test_who_is_given_a_chat_back_waits_for_what_it_has_on_its_tongue(
    desk: Desk, database: Database, tmp_path: Path
) -> None:
    """One that stood still while it spoke was taken for dead, and is the first to ask for that chat's new job."""
    heard_of, noted = asyncio.Event(), asyncio.Event()

    async def standing_still() -> None:
        heard_of.set()
        await noted.wait()

    wire = Wire(on_send=standing_still)
    driver = a_driver(desk, database, tmp_path, wire)
    with database.sessions.begin() as session:
        chat = outbox.post(session, "wire", "U1", dump_replies([Reply("สวัสดีค่ะ")]), now(), quota="status").chat_key
        before = _job_at_work(session, chat)

    async def wake_up() -> None:
        await driver.start(work=False)
        first = asyncio.create_task(driver.look_after_chat(before, chat.hex()))
        await heard_of.wait()
        with database.sessions.begin() as session:
            again = _job_at_work(session, chat)
        second = asyncio.create_task(driver.look_after_chat(again, chat.hex()))
        await asyncio.sleep(0.3)
        noted.set()
        await asyncio.gather(first, second)
        await driver.stop()

    asyncio.run(wake_up())
    assert len(wire.sent) == 1
    with database.readers() as session:
        assert outbox.counts(session) == {("wire", "sent"): 1}


def _job_at_work(session: Session, chat: bytes) -> JobContext:
    """A chat's job that a living worker has in hand; one that it had before is taken away from it."""
    connection = session.connection()
    connection.exec_driver_sql("DELETE FROM procrastinate_jobs")
    worker = connection.exec_driver_sql("INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id").scalar_one()
    row = connection.exec_driver_sql(
        "INSERT INTO procrastinate_jobs (queue_name, task_name, lock, status, worker_id)"
        " VALUES ('chats', 'chats', %s, 'doing', %s) RETURNING id",
        (chat.hex(), worker),
    ).scalar_one()
    job = Job(id=row, worker_id=worker, queue=jobs.CHATS, lock="", queueing_lock=None, task_name=jobs.CHATS)
    return JobContext(start_timestamp=0, app=App(connector=InMemoryConnector()), job=job, abort_reason=lambda: None)


def test_three_drivers_share_the_chats_and_each_chat_keeps_its_order(
    desk: Desk, database: Database, tmp_path: Path
) -> None:
    wire = Wire()
    drivers = [a_driver(desk, database, tmp_path, wire) for _ in range(3)]
    chats = [f"U{number}" for number in range(6)]

    async def talk() -> None:
        for driver in drivers:
            await driver.start()
        for number in range(10):
            for chat in chats:
                text = "สวัสดีค่ะ" if number % 2 else WATER
                letter = envelope(said(text, 100 * int(chat[1:]) + number, chat=chat, user=chat))
                await drivers[number % 3].receive([letter])
                if number % 4 == 0:
                    await drivers[(number + 1) % 3].receive([letter])  # a copy at another door
        await rest(database)
        for driver in drivers:
            await driver.stop()

    asyncio.run(talk())
    with database.readers() as session:
        assert inbox.counts(session) == {"done": 60}
        rows = session.query(Outbox).order_by(Outbox.id).all()
        assert {row.state for row in rows} == {"sent"}
        assert len(wire.sent) == len(rows)
        order: dict[bytes, list[int]] = {}
        for row in session.query(Inbox).order_by(Inbox.done_at):
            order.setdefault(row.chat_key, []).append(row.id)
        assert all(ids == sorted(ids) for ids in order.values())
        # What each chat heard is what was written to it, in that order.
        keys = {chat: database.vault.blind("chat", "wire", chat) for chat in chats}
        written = {chat: [row.retry_key for row in rows if row.chat_key == keys[chat]] for chat in chats}
    assert {chat: [p.retry_key for p in wire.sent if p.chat == chat] for chat in chats} == written


def test_a_parcel_that_must_wait_holds_those_behind_it_and_not_the_handling(
    desk: Desk, database: Database, tmp_path: Path
) -> None:
    wire = Wire(sending=[SendFailed("again", "503", retry_after=3.0)])
    driver = a_driver(desk, database, tmp_path, wire)

    async def talk() -> None:
        await driver.start()
        await driver.receive([envelope(said(WATER, 1)), envelope(said("สถานะ", 2))])
        async with asyncio.timeout(10):
            while True:
                with database.readers() as session:
                    if inbox.counts(session) == {"done": 2}:
                        break
                await asyncio.sleep(0.02)
        assert wire.sent == []
        await rest(database)
        await driver.stop()

    asyncio.run(talk())
    assert "รับเรื่องแล้วค่ะ" in heard(wire)[0]
    assert "เรื่องของคุณ" in heard(wire)[-1]
    assert len(wire.tried) == len(wire.sent) + 1


def test_a_server_that_goes_away_while_the_worker_begins_is_found_again(
    desk: Desk, database: Database, tmp_path: Path
) -> None:
    spoken = Wire()

    async def talk(through: Database, cable: Proxy) -> None:
        driver = a_driver(desk, through, tmp_path, spoken)
        await driver.start()
        cable.cut()  # before the worker has a connection
        await asyncio.sleep(4)  # longer than Procrastinate's connections are tried for
        cable.restore()
        async with asyncio.timeout(15):
            while not spoken.sent:
                with suppress(DBAPIError):
                    await driver.receive([envelope(said(WATER))])
                await asyncio.sleep(0.2)
        await driver.stop()

    with proxied(database.url) as cable:
        through = open_database(cable.address_of(database.url))
        asyncio.run(talk(through, cable))
        through.engine.dispose()
    assert "รับเรื่องแล้วค่ะ" in heard(spoken)[0]


def test_one_of_two_is_alone(desk: Desk, database: Database, tmp_path: Path) -> None:
    one, other = (a_driver(desk, database, tmp_path, Wire()) for _ in range(2))

    async def ask() -> list[bool]:
        await one.start(work=False)
        await other.start(work=False)
        answers = [await driver.alone("telegram") for driver in (one, other, one, other)]
        await one.stop()
        await other.stop()
        return answers

    assert asyncio.run(ask()) == [True, False, True, False]


def test_a_stalled_job_without_a_chat_does_not_stop_the_rescue_of_the_others(database: Database) -> None:
    orphan = "INSERT INTO procrastinate_jobs (queue_name, task_name, lock, status) VALUES ('chats', %s, %s, 'doing')"
    with database.sessions.begin() as session:
        session.connection().exec_driver_sql(orphan, ("tidy", None))
        session.connection().exec_driver_sql(orphan, ("chats", "ab"))
        assert Counter(stalled.key for stalled in jobs.rescue(session, 8)) == Counter(["ab"])
