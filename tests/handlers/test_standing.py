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
from tests.handlers.village import Village, open_village, told
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


@pytest.fixture
def village(desk: Desk, database: Database, clock: Clock) -> Village:
    """Two neighbours stand behind the first report."""
    village = open_village(desk, database, clock)
    village.press("ลุงแก้ว", "same.yes", 2, 1)
    village.press("ตาสี", "same.yes", 3, 1)
    return village


def go(village: Village) -> dict[str, str]:
    """The one who told it first is erased; what others hear."""
    village.choose("ป้าบัว", "ลบข้อมูลทั้งหมด")
    return told(village.talk.take(Said(who="ป้าบัว", presses="ลบทั้งหมด")))


def test_what_takes_the_place_of_a_case_at_work_is_at_work(village: Village) -> None:
    village.press("เมธา", "case.accept", 1)
    village.press("เมธา", "case.work", 1)
    agency = village.report(1).agency
    heard = go(village)
    second, third = village.report(2), village.report(3)
    assert (second.status, second.agency) == ("in_progress", agency)
    assert (third.status, third.duplicate_of_id) == ("duplicate", 2)
    assert set(heard) == {"ลุงแก้ว", "ตาสี", "เมธา"}, "each once"
    assert second.code in heard["เมธา"]
    assert village.report(1).code not in "".join(heard.values())
    assert "ท่อ" not in "".join(heard.values())


@pytest.mark.parametrize(("reason", "status"), [("yes", "closed_confirmed"), ("no", "in_progress")])
def test_a_kept_button_of_what_went_acts_on_what_took_its_place(village: Village, reason: str, status: str) -> None:
    village.propose(1)
    go(village)
    press = ("key.yes", 1) if reason == "yes" else ("key.no", 1, "same")
    replies = village.press("ตาสี", *press)
    assert village.report(2).status == status
    assert village.report(3).code in replies[0].text
    again = village.press("ลุงแก้ว", *press)
    assert village.report(2).code in again[0].text
    assert "ถูกลบแล้ว" not in again[0].text
    assert village.events(2).count("closed_confirmed" if reason == "yes" else "reopened") == 1


def test_what_the_silence_ends_goes_on_with_what_took_its_place(village: Village) -> None:
    village.propose(1)
    go(village)
    assert set(village.due()) >= {"nudge:2", "close:2"}
    assert "close:1" not in village.due()


@pytest.mark.parametrize("how", ["secret", "elsewhere", "nobody"])
def test_work_that_may_not_be_told_of_or_seen_does_not_go_on(village: Village, how: str) -> None:
    village.press("เมธา", "case.accept", 1)
    changes = {"secret": {"sensitive": "health_private"}, "elsewhere": {"province": "trat"}, "nobody": {}}[how]
    village.change(1, **changes)
    if how == "nobody":
        village.choose("เมธา", "ออกจากทีม")
        village.talk.take(Said(who="เมธา", presses="ออกเลย"))
    heard = go(village)
    assert (village.report(2).status, village.report(2).agency) == ("received", "")
    assert set(heard) == {"ลุงแก้ว", "ตาสี"}


def test_who_stood_alone_again_before_hears_how_their_own_words_stand(village: Village) -> None:
    village.propose(1)
    village.press("ตาสี", "same.undo", 3)
    go(village)
    (reply,) = village.press("ตาสี", "key.yes", 1)
    assert reply.text == f"เรื่อง {village.report(3).code} ค่ะ ตอนนี้: ส่งถึงทีมแล้ว"
    (reply,) = village.press("คนอื่น", "key.yes", 1)
    assert reply.text == "เรื่องนี้ถูกลบแล้วค่ะ"


def test_a_cancelled_report_hands_its_work_on_too(village: Village) -> None:
    village.propose(1)
    heard = told(village.press("ป้าบัว", "rep.cancel", 1, "yes"))
    assert set(heard) == {"ลุงแก้ว", "ตาสี", "เมธา"}
    village.press("ลุงแก้ว", "key.yes", 1)
    assert village.report(2).status == "closed_confirmed"
