"""What is taken back, or erased, is nowhere: not in a sealed column, not in a file, not in a raw byte."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.channels.base import Fetched
from bot.media import MediaStore, fetch, settle
from bot.pipeline import Pipeline
from handlers import later
from handlers.desk import Desk
from handlers.erasing import TIMER, erase
from handlers.messages import Incoming, Media
from storage import erasing, inbox, media, people
from storage.models import Due, Erasure, Identity, Inbox, Outbox, Person, Report, Tombstone
from tests.bot.wire import Line, envelope, line, said
from tests.leaks import lying
from tests.rig import Clock, Database

RARE = "เจื้อยแจ้วพิลึก"  # nobody says that
WATER = f"น้ำประปาไม่ไหลมาสามวันแล้ว ต.แม่ยาว อ.เมืองเชียงราย {RARE}"
OFFICER = "SS-1111-1111"


@pytest.fixture
def way(desk: Desk, database: Database, clock: Clock) -> Line:
    """A pipeline with an officer in the team."""
    with database.sessions.begin() as session:
        people.add_invite(session, OFFICER, "coordinator", "chiang-rai", clock(), agency="สปสช.")
    made = line(replace(desk, homes={"wire": "chiang-rai"}), database, clock)
    made.take(said(OFFICER, 900, "U9"))
    return made


def unsend(number: int, event: int, user: str = "U1") -> Incoming:
    return said("", event, user, kind="unsend", message_id="", target=f"M{number}")


def press(way: Line, user: str, number: int, *action: object) -> Incoming:
    data = way.pipeline.desk.postback(str(action[0]), *action[1:])
    return said("", number, user, kind="postback", postback=data, message_id="")


def report_id(way: Line) -> int:
    with way.database.readers() as session:
        return session.scalars(select(Report.id).order_by(Report.id)).one()


def read_by_the_team(way: Line) -> None:
    """Let the officer see the report everywhere, and begin to answer it with its words."""
    one = report_id(way)
    way.take(said("งานใหม่", 901, "U9"), press(way, "U9", 902, "case", one), said("สรุปสัปดาห์นี้", 903, "U9"))
    way.take(press(way, "U9", 904, "case.reply", one), said(f"ที่บอกว่า {RARE} คือที่ไหนคะ", 905, "U9"))


def test_the_search_finds_what_is_there(way: Line, database: Database) -> None:
    way.take(said(WATER))
    read_by_the_team(way)
    found = set(lying(database, RARE))
    assert {"inbox.payload_sealed", "report_part.text_sealed", "outbox.body_sealed", "raw"} <= found
    assert "dialogue.data_sealed" in found


def test_what_is_taken_back_is_gone_from_everywhere(way: Line, database: Database) -> None:
    way.take(said(WATER))
    read_by_the_team(way)
    way.take(unsend(1, 2))
    assert lying(database, RARE) == [], "also in what an officer was about to answer"
    assert "ต.แม่ยาว" not in "".join(told(way))


def told(way: Line) -> list[str]:
    with way.database.readers() as session:
        rows = session.scalars(select(Outbox).where(Outbox.body_sealed.is_not(None)).order_by(Outbox.id))
        return [database_text(way, row.body_sealed or b"") for row in rows]


def database_text(way: Line, sealed: bytes) -> str:
    return way.database.vault.open(sealed, "outbox")


def test_an_original_that_comes_after_it_was_taken_back_leaves_nothing(way: Line, database: Database) -> None:
    way.take(unsend(1, 2))
    way.take(said(WATER))
    assert lying(database, RARE) == []
    with database.readers() as session:
        assert session.scalar(select(Report.id)) is None


def test_an_edit_goes_with_its_message_before_and_after(way: Line, database: Database) -> None:
    way.take(said("ไฟทางดับทั้งซอยมาสามคืนแล้ว ต.แม่ยาว อ.เมืองเชียงราย"))
    edited = said(WATER, 2, kind="edit", message_id="", target="M1")
    way.take(edited)
    assert lying(database, RARE)
    way.take(unsend(1, 3))
    assert lying(database, RARE) == []
    way.take(replace(edited, event_id="event-4"))
    assert lying(database, RARE) == []


def test_what_waits_for_a_yes_is_taken_back_too(way: Line, database: Database) -> None:
    way.take(said(f"สวัสดีค่ะ {RARE}"))
    way.take(unsend(1, 2))
    assert lying(database, RARE) == []


def test_a_struck_item_of_a_forum_is_taken_back_too(way: Line, database: Database) -> None:
    way.take(said("เวที", 1, "U9"), said(f"เวที{RARE}", 2, "U9"), said(f"1. น้ำไม่ไหล\n2. {WATER}", 3, "U9"))
    way.take(said("ลบ 2", 4, "U9"))
    assert lying(database, RARE)
    way.take(unsend(3, 5, "U9"), unsend(2, 6, "U9"))
    assert lying(database, RARE) == []


def test_an_addition_that_is_taken_back_leaves_the_rest(way: Line, database: Database) -> None:
    way.take(said("น้ำประปาไม่ไหลมาสามวันแล้ว ต.แม่ยาว อ.เมืองเชียงราย", 1))
    way.take(said(f"บ้านลุง{RARE}ก็ไม่ไหล", 2), unsend(2, 3))
    assert lying(database, RARE) == []
    assert any("น้ำประปา" in one for one in told(way)), "the first receipt stays"
    assert lying(database, "น้ำประปาไม่ไหลมาสามวันแล้ว")


def test_a_file_is_taken_back_too(way: Line, database: Database, tmp_path: Path) -> None:
    store = MediaStore(tmp_path / "media", database.vault)
    way.wire.files["pic"] = Fetched(b"\xff\xd8\xff\xe0" + RARE.encode(), "image/jpeg")
    (handled,) = way.take(said("น้ำไม่ไหล ต.แม่ยาว อ.เมืองเชียงราย", media=(Media("photo", "pic", RARE),)))
    with database.readers() as session:
        wanted = media.to_fetch(session, handled.media[0])
    assert wanted is not None
    kept = asyncio.run(fetch(way.wire, store, wanted))
    with database.sessions.begin() as session:
        settle(session, store, wanted, kept, way.clock())
    assert len(lying(database, RARE, tmp_path / "media")) > 1
    way.take(unsend(1, 2))
    with database.sessions.begin() as session:
        media.forget_files(session, store.remove)
    assert lying(database, RARE, tmp_path / "media") == []


@pytest.fixture
def in_hand(way: Line, database: Database, clock: Clock) -> Callable[[Callable[[], object]], None]:
    """Handle a message and let something happen elsewhere after it was answered and before that is written."""

    def run(meanwhile: Callable[[], object]) -> None:
        reached, go_on = threading.Event(), threading.Event()

        def step(name: str) -> None:
            if name == "handle.responded":
                reached.set()
                go_on.wait(10)

        slow = replace(way, pipeline=Pipeline(way.pipeline.channels, way.pipeline.desk, step))
        with database.sessions.begin() as session:
            (waiting,) = way.pipeline.receive(session, [envelope(said(WATER))], clock())
        thread = threading.Thread(target=slow.work, args=(waiting,))
        thread.start()
        assert reached.wait(10)
        other = threading.Thread(target=meanwhile)
        other.start()
        other.join(0.5)  # it may have to wait for the one that is held here
        go_on.set()
        for one in (thread, other):
            one.join(10)

    return run


@pytest.mark.postgresql
@pytest.mark.parametrize("met", [True, False])
def test_what_is_taken_back_while_it_is_handled_leaves_nothing(
    way: Line, database: Database, in_hand: Callable[[Callable[[], object]], None], met: bool
) -> None:
    if met:
        way.take(said("สวัสดีค่ะ", 7))
    in_hand(lambda: way.take(unsend(1, 2)))
    assert lying(database, RARE) == []
    with database.readers() as session:
        assert {row.status for row in session.scalars(select(Report))} <= {"cancelled"}
        assert session.scalars(select(Tombstone)).one()
        assert inbox.counts(session).get("waiting", 0) == 0


def erase_by_chat(way: Line, number: int = 50) -> None:
    """Press the button that erases."""
    with way.database.readers() as session:
        person = session.scalars(
            select(Identity.person_id).where(Identity.user_key == way.database.vault.blind("user", "wire", "U1"))
        ).one()
        mark = people.account_mark(session, "wire", "U1")
    way.take(press(way, "U1", number, "me.gone", person, mark))


def test_who_is_erased_is_gone_from_everywhere(way: Line, database: Database, clock: Clock) -> None:
    way.take(said(WATER))
    read_by_the_team(way)
    way.take(said("ข้อมูลของฉัน", 3))
    erase_by_chat(way)
    assert lying(database, RARE) == []
    with database.readers() as session:
        row = session.scalars(select(Report)).one()
        assert (row.status, row.summary, row.masked_text, row.evidence) == ("cancelled", "", "", [])
        assert row.erased_at == clock()
        erasure = session.scalars(select(Erasure)).one()
        assert erasure.due_at - erasure.asked_at == timedelta(days=90)
        assert any(erasure.receipt in one for one in told(way))
        assert erasure.done_at is None


def test_the_receipt_itself_goes_after_a_day(way: Line, database: Database, clock: Clock) -> None:
    way.take(said(WATER))
    erase_by_chat(way)
    way.take(said("สวัสดีค่ะ", 60))  # a stranger by now
    with database.readers() as session:
        receipt = session.scalars(select(Erasure.receipt)).one()
    assert lying(database, receipt)
    clock.move(hours=25)
    with database.sessions.begin() as session:
        fired = way.pipeline.tick(session, clock())
    assert [waiting.channel for waiting in fired] == [later.CHANNEL]
    for waiting in fired:
        way.work(waiting)
    assert [place for place in lying(database, receipt) if place != "raw"] == []
    with database.readers() as session:
        assert session.scalars(select(Erasure.done_at)).one() == clock()
        assert session.scalars(select(Due.key).where(Due.key.startswith(TIMER))).all() == []
        kept = [inbox.payload_of(session, row) for row in session.scalars(select(Inbox.id).order_by(Inbox.id))]
    assert sum(b"U1" in (payload or b"") for payload in kept) == 1, "what the stranger said stays"


def test_a_message_after_the_erasure_is_a_strangers(way: Line, database: Database) -> None:
    way.take(said(WATER))
    erase_by_chat(way)
    way.take(said("ไฟทางดับทั้งซอยมาสามคืนแล้ว ต.แม่ยาว อ.เมืองเชียงราย", 60))
    with database.readers() as session:
        gone, new = session.scalars(select(Report).order_by(Report.id))
        assert gone.reporter_id != new.reporter_id
        assert gone.erased_at
        assert not new.erased_at


@pytest.mark.postgresql
def test_who_is_erased_while_a_message_is_handled_leaves_nothing(
    way: Line, database: Database, clock: Clock, in_hand: Callable[[Callable[[], object]], None]
) -> None:
    way.take(said("ไฟทางดับทั้งซอยมาสามคืนแล้ว ต.แม่ยาว อ.เมืองเชียงราย", 7))

    def command() -> None:
        with database.sessions.begin() as session:
            person = session.scalars(select(Report.reporter_id)).one()
            assert person is not None
            assert erase(way.pipeline.desk, session, person, clock(), inbox_id=None)

    in_hand(command)
    assert lying(database, RARE) == []
    with database.readers() as session:
        assert [row.erased_at is not None for row in session.scalars(select(Report))] == [True]


def test_erasing_twice_is_once(way: Line, database: Database, clock: Clock) -> None:
    way.take(said(WATER))
    with database.sessions.begin() as session:
        person = session.scalars(select(Report.reporter_id)).one() or 0
        first = erasing.take(session, person, clock())
        assert first is not None
        assert len(first.receipt) == 7
    with database.sessions.begin() as session:
        assert erasing.take(session, person, clock()) is None


@pytest.mark.postgresql
def test_the_notice_is_shown_once_to_who_is_met_twice_at_once(database: Database, clock: Clock) -> None:
    with database.sessions.begin() as session:
        person_id = people.person_of(session, "wire", "U1", clock()).id
    start, shown = threading.Barrier(4), []

    def meet() -> None:
        with database.sessions.begin() as session:
            person = session.get_one(Person, person_id)
            start.wait(10)
            shown.append(people.notice_once(session, person, "1", clock()))

    threads = [threading.Thread(target=meet) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert sorted(shown) == [False, False, False, True]
