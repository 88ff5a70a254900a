"""Joining a report that somebody else told first, where time has passed or two people press at once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from handlers.desk import Desk
from storage import backing
from storage.models import Person, Report, ReportEvent
from tests.handlers.talk import Said, Talk, heard
from tests.rig import Clock, Database

FIRST = "น้ำประปาไม่ไหลมาสามวันแล้ว บ้านห้วยขม ต.แม่ยาว"
SECOND = "น้ำไม่ไหลมาหลายวันแล้วค่ะ ไม่มีน้ำใช้เลย ต.แม่ยาว"
ASKED = "ใช่เรื่องเดียวกันไหม"
YES = Said(who="ป้าบัว", presses="ใช่ เรื่องเดียวกัน")


@pytest.fixture
def talk(desk: Desk, database: Database, clock: Clock) -> Talk:
    return Talk(desk, database, clock)


def said(talk: Talk, turn: Said) -> str:
    return "\n".join(map(heard, talk.take(turn)))


def change(talk: Talk, report_id: int, **values: object) -> None:
    with talk.database.sessions.begin() as session:
        report = session.get(Report, report_id)
        for name, value in values.items():
            setattr(report, name, value)


def kinds(talk: Talk, report_id: int) -> list[str]:
    with talk.read() as session:
        rows = session.query(ReportEvent).filter_by(report_id=report_id).order_by(ReportEvent.id)
        return [row.kind for row in rows]


@pytest.mark.parametrize(
    "hidden",
    [
        {"status": "closed_confirmed"},
        {"status": "cancelled"},
        {"private": True},
        {"sensitive": "health_private"},
        {"urgency": "emergency"},
        {"kind": "asset"},
        {"province": "trat"},
        {"tambon_code": "570103"},
        {"created_at": -timedelta(days=181)},
        {"erased_at": timedelta(0)},
    ],
    ids="-".join,
)
def test_what_is_over_hidden_or_elsewhere_is_not_offered(talk: Talk, hidden: dict[str, object]) -> None:
    talk.take(Said(who="ลุงคำ", says=FIRST))
    moved = {key: talk.clock() + value if isinstance(value, timedelta) else value for key, value in hidden.items()}
    change(talk, 1, **moved)
    assert ASKED not in said(talk, Said(who="ป้าบัว", says=SECOND))


def test_the_same_is_offered_where_nothing_stands_against_it(talk: Talk) -> None:
    talk.take(Said(who="ลุงคำ", says=FIRST))
    assert ASKED in said(talk, Said(who="ป้าบัว", says=SECOND))


@pytest.mark.parametrize("column", ["paused_at", "banned_at"])
def test_the_words_of_who_paused_or_is_set_aside_are_not_shown(talk: Talk, column: str) -> None:
    talk.take(Said(who="ลุงคำ", says=FIRST))
    with talk.database.sessions.begin() as session:
        setattr(session.get(Person, 1), column, talk.clock())
    assert ASKED not in said(talk, Said(who="ป้าบัว", says=SECOND))


@pytest.mark.parametrize(
    "meanwhile", [{"status": "closed_confirmed"}, {"status": "not_ours"}, {"private": True}, {"erased_at": "now"}]
)
def test_one_that_is_over_by_the_time_of_the_tap_is_not_joined(talk: Talk, meanwhile: dict[str, object]) -> None:
    talk.take(Said(who="ลุงคำ", says=FIRST))
    talk.take(Said(who="ป้าบัว", says=SECOND))
    change(talk, 1, **{key: talk.clock() if value == "now" else value for key, value in meanwhile.items()})
    answer = said(talk, YES)
    assert f"{talk.codes[1]} ของคุณยังอยู่" in answer
    assert talk.codes[0] not in answer
    with talk.read() as session:
        own = session.get(Report, 2)
        assert own is not None
        assert (own.status, own.duplicate_of_id) == ("received", None)
        assert not backing.of_report(session, 1)


def test_pressing_twice_changes_nothing(talk: Talk) -> None:
    talk.take(Said(who="ลุงคำ", says=FIRST))
    talk.take(Said(who="ป้าบัว", says=SECOND))
    assert said(talk, YES) == said(talk, YES)
    assert kinds(talk, 1).count("backed") == kinds(talk, 2).count("joined") == 1


def test_who_joined_sees_nothing_of_one_that_became_private(talk: Talk) -> None:
    talk.take(Said(who="ลุงคำ", says=FIRST))
    talk.take(Said(who="ป้าบัว", says=SECOND))
    talk.take(YES)
    change(talk, 1, private=True)
    shown = said(talk, Said(who="ป้าบัว", says=talk.codes[1]))
    assert "น้ำไม่ไหลมาหลายวัน" in shown
    assert "สามวัน" not in shown


@pytest.mark.postgresql
def test_two_who_join_each_other_at_once_make_no_ring(talk: Talk, database: Database) -> None:
    talk.take(Said(who="ลุงคำ", says=FIRST))
    talk.take(Said(who="ป้าบัว", says=SECOND))
    talk.take(Said(who="ลุงคำ", says="สวัสดีค่ะ", after=timedelta(minutes=10)))
    people = {"ลุงคำ": (1, 2), "ป้าบัว": (2, 1)}
    together = threading.Barrier(2)

    def pressing(who: str) -> Callable[[], None]:
        pressed = talk.incoming(YES.model_copy(update={"who": who, "of": "ป้าบัว"}))
        sealed = talk.desk.postback("same.yes", *people[who])

        def run() -> None:
            together.wait()
            talk.answer(replace(pressed, postback=sealed))

        return run

    threads = [threading.Thread(target=pressing(who)) for who in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    with database.readers() as session:
        rows = [session.get(Report, number) for number in (1, 2)]
        assert sorted(row.status for row in rows if row) == ["duplicate", "received"]
        assert sum(len(backing.of_report(session, number)) for number in (1, 2)) == 1
