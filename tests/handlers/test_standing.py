"""Households that stood behind a report that goes, health told of others, and emergencies of those who pause."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from handlers.desk import Desk
from handlers.messages import Button, Incoming
from handlers.privacy import health_question, health_word
from handlers.standing import release
from handlers.turn import Turn
from storage import backing, paused, people, queues, reports
from storage.models import Report
from tests.handlers.talk import CHANNEL, Said, Talk
from tests.rig import Clock, Database

WATER = "น้ำประปาไม่ไหลมาสามวันแล้ว ต.แม่ยาว อ.เมืองเชียงราย"
ILL = "ลุงสมชายบ้านข้าง ๆ เป็นมะเร็ง ไม่มีคนพาไปโรงพยาบาล ต.แม่ยาว อ.เมืองเชียงราย"


@pytest.fixture
def talk(desk: Desk, database: Database, clock: Clock) -> Talk:
    return Talk(desk, database, clock)


def report_of(session: Session, talk: Talk, user: str) -> Report:
    found = reports.newest_of(session, people.person_of(session, CHANNEL, user, talk.clock()).id)
    assert found is not None
    return found


def test_who_stands_behind_a_report_that_goes_stands_alone_again(talk: Talk) -> None:
    for user in ("ป้าบัว", "ลุงคำ", "ยายมี"):
        talk.take(Said(who=user, says=WATER))
    with talk.database.sessions.begin() as session:
        first, second = report_of(session, talk, "ป้าบัว"), report_of(session, talk, "ลุงคำ")
        third = people.person_of(session, CHANNEL, "ยายมี", talk.clock()).id
        second.status, second.duplicate_of_id = "duplicate", first.id
        backing.join(session, first.id, second.reporter_id or 0, second.id, talk.clock())
        backing.join(session, first.id, third, None, talk.clock())
        told = release(talk.desk, session, first, talk.clock())
        assert {reply.to.chat for reply in told if reply.to} == {"ลุงคำ", "ยายมี"}
        assert second.code in told[0].text
        assert first.code not in "".join(reply.text for reply in told)
        assert second.status == "received"
        assert not second.duplicate_of_id
        assert backing.households(session, first.id) == 1
        assert release(talk.desk, session, first, talk.clock()) == [], "once"


def test_who_is_erased_frees_those_behind_them_and_is_no_more_behind_others(talk: Talk) -> None:
    for user in ("ป้าบัว", "ลุงคำ"):
        talk.take(Said(who=user, says=WATER))
    with talk.database.sessions.begin() as session:
        first, second = report_of(session, talk, "ป้าบัว"), report_of(session, talk, "ลุงคำ")
        second.status, second.duplicate_of_id = "duplicate", first.id
        backing.join(session, first.id, second.reporter_id or 0, second.id, talk.clock())
        backing.join(session, second.id, first.reporter_id or 0, None, talk.clock())
        second_id = second.id
    talk.take(Said(who="ป้าบัว", says="ข้อมูลของฉัน", expects=["เรื่องที่ร่วม: 1"]))
    talk.take(Said(who="ป้าบัว", presses="ลบข้อมูลทั้งหมด"))
    replies = talk.take(Said(who="ป้าบัว", presses="ลบทั้งหมด"))
    assert [reply.to.chat for reply in replies if reply.to] == ["ลุงคำ"]
    with talk.read() as session:
        freed = reports.by_id(session, second_id)
        assert freed is not None
        assert freed.status == "received"
        assert backing.of_report(session, second_id) == []


def turn_of(talk: Talk, session: Session, user: str, *args: str) -> Turn:
    person, roles = people.meet(session, CHANNEL, user, talk.clock())
    incoming = Incoming(CHANNEL, "e", user, user, "message", talk.clock())
    return Turn(incoming, talk.desk.reader.read(""), talk.desk, session, person, tuple(roles), talk.clock(), args)


def press(talk: Talk, user: str, button: Button) -> str:
    incoming = Incoming(CHANNEL, f"p-{talk.clock.move(seconds=1)}", user, user, "postback", talk.clock())
    return "\n".join(reply.text for reply in talk.answer(replace(incoming, postback=button.postback)))


def test_whether_somebody_ill_knows_is_asked_until_it_is_answered_and_kept(talk: Talk) -> None:
    talk.take(Said(who="ป้าบัว", says=ILL))
    with talk.database.sessions.begin() as session:
        report = report_of(session, talk, "ป้าบัว")
        report.sensitive = "health_private"
        question, (yes, no) = health_question(turn_of(talk, session, "ป้าบัว"), report)
        assert "เจ้าตัวรู้ไหมคะ" in question
        assert health_word(turn_of(talk, session, "ป้าบัว"), report) == "ยังไม่ได้ตอบ ปิดชื่อไว้"
        report_id = report.id
    assert "เปิดได้เฉพาะคนที่แจ้ง" in press(talk, "ลุงคำ", yes)
    assert "ไม่เป็นไรค่ะ" in press(talk, "ป้าบัว", no)
    with talk.read() as session:
        assert people.consent_for(session, report_id, "health") is False
        assert health_question(turn_of(talk, session, "ป้าบัว"), report) == ("", ())
    for _ in range(2):
        assert "จดไว้แล้ว" in press(talk, "ป้าบัว", yes)
    with talk.read() as session:
        assert people.consent_for(session, report_id, "health") is True
        assert health_word(turn_of(talk, session, "ป้าบัว"), report) == "รู้แล้ว"


def test_nobody_else_s_illness_is_asked_about_where_there_is_none(talk: Talk) -> None:
    talk.take(Said(who="ป้าบัว", says=WATER))
    with talk.read() as session:
        report = report_of(session, talk, "ป้าบัว")
        assert health_question(turn_of(talk, session, "ป้าบัว"), report) == ("", ())
        assert health_word(turn_of(talk, session, "ป้าบัว"), report) == ""


def test_an_emergency_is_seen_whoever_paused(talk: Talk) -> None:
    talk.take(Said(who="ป้าบัว", says=WATER))
    with talk.database.sessions.begin() as session:
        report = report_of(session, talk, "ป้าบัว")
        people.person_of(session, CHANNEL, "ป้าบัว", talk.clock()).paused_at = talk.clock()
        session.flush()
        assert paused.rests(session, report)
        assert queues.page(session, "chiang-rai", "new", sensitive=True).total == 0
        report.urgency = "emergency"
        session.flush()
        assert not paused.rests(session, report)
        assert queues.page(session, "chiang-rai", "new", sensitive=True).total == 1
