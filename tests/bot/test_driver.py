"""Each driver with its database and a channel at the wire: what it does when our own code fails, and after."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from bot.channels.base import Envelope, FetchFailed, SendFailed
from bot.clock import SharedClock
from bot.drivers.base import Driver
from bot.drivers.local import LocalDriver
from bot.drivers.procrastinate import ProcrastinateDriver
from bot.drivers.writer import GRACE
from bot.media import MediaStore, SharedStore
from bot.pipeline import Pipeline
from handlers.desk import Desk
from handlers.messages import Media
from storage import inbox
from storage.models import Inbox, Medium, Outbox, Report
from tests.bot.wire import Wire, envelope, said
from tests.rig import Database

WATER = "น้ำประปาไม่ไหลสามวันแล้ว ต.วาวี อ.แม่สรวย"


def now() -> datetime:
    return datetime.now(UTC)


def driver_on(database: Database, pipeline: Pipeline, folder: Path, grace: float = GRACE) -> Driver:
    """The driver that goes with the database."""
    parts = database.engine, database.sessions, database.readers, pipeline
    if database.engine.dialect.name == "postgresql":
        return ProcrastinateDriver(*parts, SharedStore(database.sessions, database.vault), SharedClock(), grace)
    return LocalDriver(*parts, MediaStore(folder / "media", database.vault), now, grace)


def drive(
    desk: Desk,
    database: Database,
    folder: Path,
    wire: Wire,
    do: Callable[[Driver], Awaitable[None]],
    rounds: int = 600,
    grace: float = GRACE,
) -> None:
    """Run a driver, let something happen, and wait until nothing waits any more, or for so many rounds of 20 ms."""

    async def run() -> None:
        driver = driver_on(database, Pipeline({"wire": wire}, desk), folder, grace)
        await driver.start()
        await do(driver)
        for _ in range(rounds):
            with database.readers() as session:
                rows = session.query(Inbox).filter_by(state="waiting").count()
                parcels = session.query(Outbox).filter_by(state="waiting").count()
                media = session.query(Medium).filter_by(state="waiting").count()
            if not rows + parcels + media:
                break
            await asyncio.sleep(0.02)  # what is waited for lies in the database
        await driver.stop()

    asyncio.run(run())


def heard(wire: Wire) -> list[str]:
    """What the wire was given to say."""
    return [reply.text for parcel in wire.sent for reply in parcel.replies]


def test_a_failing_handler_is_noted_and_apologised_for_and_the_chat_goes_on(
    desk: Desk, database: Database, tmp_path: Path
) -> None:
    catalogs = {
        lang: {key: text for key, text in said_.items() if key != "receipt.heard"}
        for lang, said_ in desk.texts.catalogs.items()
    }
    broken = replace(desk, texts=replace(desk.texts, catalogs=catalogs))
    wire = Wire()

    async def say(driver: Driver) -> None:
        await driver.receive([envelope(said(WATER, 1)), envelope(said("สวัสดีค่ะ", 2))])

    drive(broken, database, tmp_path, wire, say)
    assert [("ขอโทษค่ะ" in text, "สวัสดีค่ะ" in text) for text in heard(wire)] == [(True, False), (False, True)]
    with database.readers() as session:
        assert session.query(Report).count() == 0
        assert inbox.counts(session) == {"failed": 1, "done": 1}
        assert inbox.payload_of(session, 1), "the letter itself is kept"


def test_an_event_that_cannot_be_read_stops_nobody(desk: Desk, database: Database, tmp_path: Path) -> None:
    wire = Wire()

    async def say(driver: Driver) -> None:
        await driver.receive([Envelope("wire", "odd", "U1", b"unreadable"), envelope(said(WATER, 2))])

    drive(desk, database, tmp_path, wire, say)
    assert len(wire.sent) >= 1
    with database.readers() as session:
        assert inbox.counts(session) == {"failed": 1, "done": 1}


def test_what_was_kept_but_not_handled_is_taken_up(desk: Desk, database: Database, tmp_path: Path) -> None:
    with database.sessions.begin() as session:
        Pipeline({"wire": Wire()}, desk).receive(session, [envelope(said(WATER))], now())
    wire = Wire()

    async def nothing(_driver: Driver) -> None:
        await asyncio.sleep(0)

    drive(desk, database, tmp_path, wire, nothing)
    assert "รับเรื่องแล้วค่ะ" in heard(wire)[0]


def test_a_send_that_failed_goes_again_in_order(desk: Desk, database: Database, tmp_path: Path) -> None:
    wire = Wire(
        sending=[SendFailed("again", "503", retry_after=0.05), SendFailed("unsure", "time-out", retry_after=0.05)]
    )

    async def say(driver: Driver) -> None:
        await driver.receive([envelope(said(WATER, 1)), envelope(said("สถานะ", 2))])

    drive(desk, database, tmp_path, wire, say)
    texts = heard(wire)
    assert "รับเรื่องแล้วค่ะ" in texts[0]
    assert "เรื่องของคุณ" in texts[-1]
    assert len(wire.tried) == len(wire.sent) + 2
    assert len({parcel.retry_key for parcel in wire.tried[:3]}) == 1, "every try of a parcel has the same key"


def test_a_photo_that_cannot_be_had_leaves_the_report_standing(desk: Desk, database: Database, tmp_path: Path) -> None:
    wire = Wire(fetching=[FetchFailed("404", again=False)])

    async def say(driver: Driver) -> None:
        await driver.receive([envelope(said(WATER, 1, media=(Media("photo", "gone"),)))])

    drive(desk, database, tmp_path, wire, say)
    with database.readers() as session:
        assert session.query(Medium).one().state == "failed"
        assert session.query(Report).one().status == "received"
