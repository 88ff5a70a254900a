"""The local driver in trouble: a spent quota, a database that cannot be written, events and files that spoil things."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from bot.channels.base import Envelope, Fetched, SendFailed
from bot.drivers.base import Driver, NotKept
from bot.letters import dump_incoming, dump_replies
from handlers.desk import Desk
from handlers.messages import Media, Reply
from storage import due, inbox, outbox
from storage import media as media_rows
from storage.models import Due, Outbox
from tests.bot.test_driver import WATER, drive, heard, now
from tests.bot.wire import Wire, envelope, said
from tests.pictures import plain
from tests.rig import Database

HASH = 64  # letters of a kept file's name; what is still being written is called otherwise


def test_a_used_up_month_does_not_silence_what_is_free(desk: Desk, database: Database, tmp_path: Path) -> None:
    with database.sessions.begin() as session:
        body = dump_replies([Reply("แจ้งความคืบหน้า")])
        outbox.post(session, "wire", "U1", body, now(), quota="status")
    wire = Wire(sending=[SendFailed("quota", "monthly limit")])

    async def say(driver: Driver) -> None:
        await driver.receive([envelope(said("สวัสดีค่ะ", 1))])
        async with asyncio.timeout(5):
            while not wire.sent:  # noqa: ASYNC110  # the wire tells nobody
                await asyncio.sleep(0.01)

    drive(desk, database, tmp_path, wire, say, rounds=1)
    assert "สวัสดีค่ะ" in heard(wire)[0]
    with database.readers() as session:
        (waiting,) = outbox.all_unsent(session)
        assert waiting.next_at is not None
        assert waiting.next_at - now() > timedelta(minutes=50)


def test_a_parcel_s_time_that_is_far_off_holds_nobody_up_after_a_start(
    desk: Desk, database: Database, tmp_path: Path
) -> None:
    with database.sessions.begin() as session:
        body = dump_replies([Reply("แจ้งความคืบหน้า")])
        posted = outbox.post(session, "wire", "U1", body, now(), quota="status")
        outbox.postpone(session, posted, now() + timedelta(hours=1), "monthly limit", keep_token=False)
        outbox.post(session, "wire", "U1", dump_replies([Reply("สวัสดีค่ะ")]), now(), quota="status")
    wire = Wire()

    async def wait(_driver: Driver) -> None:
        async with asyncio.timeout(10):
            while not wire.sent:  # noqa: ASYNC110  # the wire tells nobody
                await asyncio.sleep(0.01)

    drive(desk, database, tmp_path, wire, wait, rounds=1)
    assert heard(wire) == ["สวัสดีค่ะ"]


def test_rows_of_a_channel_that_is_not_configured_wait_for_it(
    desk: Desk, database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with database.sessions.begin() as session:
        arrivals = [inbox.Arrival("line", f"event-{number}", "U1", b"{}") for number in range(3)]
        inbox.keep(session, arrivals, now())
        outbox.post(session, "line", "U1", dump_replies([Reply("สวัสดีค่ะ")]), now(), quota="status")
    wire = Wire()

    async def say(driver: Driver) -> None:
        await driver.receive([envelope(said(WATER, 1))])
        async with asyncio.timeout(10):
            while not wire.sent:  # noqa: ASYNC110  # the wire tells nobody
                await asyncio.sleep(0.01)

    drive(desk, database, tmp_path, wire, say, rounds=20)
    with database.readers() as session:
        assert inbox.counts(session) == {"waiting": 3, "done": 1}
        assert outbox.counts(session)["line", "waiting"] == 1
    (warned,) = [line for line in capsys.readouterr().out.splitlines() if "not configured" in line]
    assert "line=4" in warned


def test_an_error_of_the_platform_s_library_is_noted_and_the_chat_goes_on(
    desk: Desk, database: Database, tmp_path: Path
) -> None:
    wire = Wire(sending=[KeyError("sentMessages")])

    async def say(driver: Driver) -> None:
        await driver.receive([envelope(said(WATER, 1)), envelope(said("สวัสดีค่ะ", 2))])

    drive(desk, database, tmp_path, wire, say)
    assert heard(wire)
    with database.readers() as session:
        states = Counter(row.state for row in session.query(Outbox))
        assert states["failed"] == 1
        assert states["waiting"] == 0


@pytest.mark.sqlite
def test_trouble_that_outlasts_the_writer_s_patience_loses_and_doubles_nothing(
    desk: Desk, database: Database, tmp_path: Path
) -> None:
    """The database turns read-only while a parcel is under way: it cannot be settled, and events cannot be handled."""
    wire = Wire()
    held: list[Any] = []

    def close(session: Session) -> None:
        held.append(session.connection().connection.dbapi_connection)
        held[0].execute("PRAGMA query_only=ON")

    async def say(driver: Driver) -> None:
        # Its own commit may fail on what it does.
        wire.on_send = lambda: asyncio.gather(driver.write(close), return_exceptions=True)
        await driver.receive([envelope(said(WATER, 1)), envelope(said("สถานะ", 2)), envelope(said("สวัสดีค่ะ", 3))])
        async with asyncio.timeout(20):
            while not wire.tried:  # noqa: ASYNC110  # the wire tells nobody
                await asyncio.sleep(0.01)
            wire.on_send = None
            await asyncio.sleep(3)  # longer than the writer's patience and the pause after it
            tried = len(wire.tried)
            held[0].execute("PRAGMA query_only=OFF")
        assert tried == 1

    drive(desk, database, tmp_path, wire, say, grace=0.1)
    with database.readers() as session:
        assert inbox.counts(session) == {"done": 3}
        assert set(outbox.counts(session)) == {("wire", "sent")}
        assert len(wire.sent) == session.query(Outbox).count()
    assert "รับเรื่องแล้วค่ะ" in heard(wire)[0]


def test_an_event_that_can_never_be_kept_is_refused_alone(desk: Desk, database: Database, tmp_path: Path) -> None:
    wire = Wire()
    bad = Envelope("wire", "\ud800", "U2", dump_incoming(said("x")))
    told: list[object] = []

    async def say(driver: Driver) -> None:
        requests = [
            [envelope(said(WATER, 1))],
            [envelope(said("สวัสดีค่ะ", 2, user="U2")), bad, envelope(said("สวัสดีค่ะ", 3, user="U2"))],
            [envelope(said("สวัสดีค่ะ", 4, user="U3"))],
        ]
        told.extend(await asyncio.gather(*(driver.receive(one) for one in requests), return_exceptions=True))
        assert driver.trouble() == ""
        await driver.receive([envelope(said("สวัสดีค่ะ", 5, user="U4"))])

    drive(desk, database, tmp_path, wire, say)
    assert [type(one) for one in told] == [type(None), NotKept, type(None)]
    with database.readers() as session:
        assert inbox.counts(session) == {"done": 5}


def test_what_cannot_be_removed_or_fired_does_not_end_the_ticking(
    desk: Desk, database: Database, tmp_path: Path
) -> None:
    with database.sessions.begin() as session:
        due.schedule(session, "close:1", now(), channel="wire", chat="U1", payload=dump_incoming(said(WATER, 9)))
        session.flush()
        session.execute(update(Due).values(payload_sealed=b"broken"))
    wire = Wire()

    async def mend(driver: Driver) -> None:
        await asyncio.sleep(1.5)
        good = dump_incoming(said(WATER, 9))
        await driver.write(lambda s: due.schedule(s, "close:1", now(), channel="wire", chat="U1", payload=good))
        await asyncio.sleep(1.5)

    drive(desk, database, tmp_path, wire, mend)
    assert "รับเรื่องแล้วค่ะ" in heard(wire)[0]


@pytest.mark.sqlite
def test_a_file_in_the_way_of_forgetting_does_not_end_the_ticking(
    desk: Desk, database: Database, tmp_path: Path
) -> None:
    wire = Wire(files={"ref": Fetched(plain())})

    async def take_back(driver: Driver) -> None:
        await driver.receive([envelope(said(WATER, 1, media=(Media("photo", "ref"),)))])
        async with asyncio.timeout(10):
            while not (found := [path for path in (tmp_path / "media").rglob("*") if len(path.name) == HASH]):  # noqa: ASYNC110
                await asyncio.sleep(0.02)
            (path,) = found
            while await driver.read(lambda session: media_rows.to_fetch(session, 1)):  # noqa: ASYNC110
                await asyncio.sleep(0.02)
            path.unlink()
            path.mkdir()  # whatever lies there now cannot be unlinked as a file
            back = said("", 2, kind="unsend", target="M1", message_id="")
            await driver.receive([envelope(back)])
            await asyncio.sleep(2.2)
            path.rmdir()
            while await driver.read(media_rows.has_forgotten_files):  # noqa: ASYNC110  # the driver tells nobody
                await asyncio.sleep(0.05)

    drive(desk, database, tmp_path, wire, take_back)
