"""Whether it is solved, said in words; and who is asked while they rest."""

from __future__ import annotations

from datetime import timedelta

import pytest

from handlers.desk import Desk
from storage.models import Report
from tests.handlers.talk import Said
from tests.handlers.village import WATER, Village, open_village, told
from tests.rig import Clock, Database


@pytest.fixture
def village(desk: Desk, database: Database, clock: Clock) -> Village:
    return open_village(desk, database, clock)


def test_words_put_the_silence_off(village: Village) -> None:
    village.propose(1)
    village.talk.clock.move(days=4)
    village.press("ป้าบัว", "rep.add", 1)
    (reply, *_) = village.say("ป้าบัว", "ตรงหน้าบ้านน้ำขุ่นมากค่ะ ใช้ซักผ้าไม่ได้")
    assert [button.label for button in reply.buttons][:2] == ["แก้แล้วจริง", "ยังเหมือนเดิม"]
    spoke = village.talk.clock()
    assert village.due() == {"nudge:1": spoke + timedelta(days=5), "close:1": spoke + timedelta(days=7)}
    assert village.go_off("close", 4) == [], "the old one, that was on its way"
    assert village.report(1).status == "proposed"


def test_after_the_silence_words_still_count_also_a_neighbours(village: Village) -> None:
    village.press("ลุงแก้ว", "same.yes", 2, 1)
    village.propose(1)
    assert set(told(village.go_off("close", 7))) == {"ป้าบัว", "ลุงแก้ว"}
    (nod,) = village.say("ป้าบัว", "ค่ะ")
    assert [button.label for button in nod.buttons][:2] == ["แก้แล้วจริง", "ยังไม่หาย"]
    assert set(told(village.say("ลุงแก้ว", "ยังค่ะ"))) == {"เมธา", "ป้าบัว"}
    assert village.report(1).status == "in_progress"
    with village.talk.read() as session:
        assert session.query(Report).count() == 3


@pytest.mark.parametrize(("days", "words"), [(40, "ยังไม่ได้ซ่อมเลยค่ะ"), (1, "ไฟยังไม่ติดเลยค่ะ")])
def test_what_is_said_much_later_or_of_another_matter_is_no_verdict(village: Village, days: int, words: str) -> None:
    village.propose(1)
    village.go_off("close", 7)
    village.talk.clock.move(days=days)
    village.say("ป้าบัว", words)
    assert village.report(1).status == "closed_unconfirmed"


def test_an_old_question_does_not_swallow_the_answer(village: Village) -> None:
    village.press("ป้าบัว", "rep.place", 1)
    village.propose(1)
    village.say("ป้าบัว", "ยังค่ะ")
    assert village.report(1).status == "in_progress"


def test_nobody_is_asked_whether_to_join_what_is_said_to_be_solved(village: Village) -> None:
    for report_id in (1, 2, 3):
        village.propose(report_id)
    assert "เรื่องเดียวกัน" not in "".join(reply.text for reply in village.say("ยายมี", WATER))
    village.press("ยายมี", "same.yes", 4, 1)
    assert village.report(4).status == "received"


def test_what_rests_is_neither_ended_nor_closed_by_silence_and_asked_anew_afterwards(village: Village) -> None:
    village.propose(1)
    village.choose("ป้าบัว")
    assert village.go_off("nudge", 5) == []
    assert min(village.due().values()) > village.talk.clock()
    assert village.go_off("close", 2) == []
    assert village.report(1).status == "proposed"
    assert min(village.due().values()) > village.talk.clock()
    _, asked = village.talk.take(Said(who="ป้าบัว", presses="ใช้ข้อมูลต่อ"))
    assert "หายจริงไหมคะ" in asked.text
    assert asked.buttons[0].label == "แก้แล้วจริง"
    assert village.due()["close:1"] == village.talk.clock() + timedelta(days=7)
    assert len(village.talk.take(Said(who="ป้าบัว", presses="ใช้ข้อมูลต่อ"))) == 1, "once"


def test_an_officer_cannot_end_what_rests(village: Village) -> None:
    village.press("เมธา", "case.accept", 1)
    village.press("เมธา", "end.fix", 1)
    village.choose("ป้าบัว")
    for replies in (village.say("เมธา", "ซ่อมแล้ว"), village.press("เมธา", "end.cannot", 1)):
        assert "ขอพักการใช้ข้อมูล" in replies[0].text
    village.press("เมธา", "end.send", 1, "proposed")
    assert village.report(1).status == "accepted"


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ("น้ำมาแล้วค่ะ", "closed_confirmed"),
        ("เสร็จแล้วจ้า ดีมาก", "closed_confirmed"),
        ("ยังไม่หายเลยค่ะ น้ำไหลนิดเดียวตอนกลางคืน กลางวันไม่มีสักหยด ต้องไปหาบจากบ้านญาติ", "in_progress"),
        ("น้ำมาแล้ว ท่วมบ้านหมด", "proposed"),
        ("ขอบคุณค่ะ", "proposed"),
        ("หายแล้วเหรอคะ", "proposed"),
    ],
)
def test_words_of_ones_own_count_where_they_are_clear(village: Village, words: str, status: str) -> None:
    village.propose(1)
    village.say("ป้าบัว", words)
    assert village.report(1).status == status


def test_water_that_comes_to_a_flood_is_no_good_news(village: Village) -> None:
    village.change(1, category="disaster_haze")
    village.propose(1)
    village.say("ป้าบัว", "น้ำมาแล้วค่ะ")
    assert village.report(1).status == "proposed"


@pytest.mark.parametrize(("days", "status"), [(20, "in_progress"), (31, "closed_confirmed")])
def test_what_somebody_confirmed_may_be_taken_back_in_words_as_long_as_by_the_button(
    village: Village, days: int, status: str
) -> None:
    village.propose(1)
    village.press("ป้าบัว", "key.yes", 1)
    village.talk.clock.move(days=days)
    village.say("ป้าบัว", "ยังไม่หายค่ะ")
    assert village.report(1).status == status


def test_where_two_wait_for_an_answer_it_is_asked_which(village: Village) -> None:
    village.say("ป้าบัว", "เรื่องใหม่")
    village.say("ป้าบัว", "ถนนหน้าโรงเรียนเป็นหลุมเป็นบ่อ ต.แม่ยาว อ.เมืองเชียงราย")
    village.propose(1)
    village.propose(4)
    village.talk.clock.move(days=1)
    replies = village.say("ป้าบัว", "หายแล้วค่ะ")
    assert [reply.buttons[0].label for reply in replies] == ["แก้แล้วจริง", "แก้แล้วจริง"]
    assert {village.report(1).status, village.report(4).status} == {"proposed"}
