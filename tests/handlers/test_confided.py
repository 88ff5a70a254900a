"""What follows a secret that was taken back or closed is read by nobody who could not read the secret."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from handlers.desk import Desk
from storage.models import Report
from tests.handlers.talk import Invited
from tests.handlers.village import Village, open_village
from tests.rig import Clock, Database

SECRET = "พ่อข่มขืนลูก ต.ริมกก เชียงราย"
WORDS = (
    "กลัวพ่อรู้",
    "หายไปหรือยัง",
    "แม่ก็ไม่เชื่อ",
    "เขาซื้อขนมมาให้หลังจากนั้น",
    "เรื่องใหม่ กลัวเขารู้",
    "ลูกไม่อยากไปโรงเรียนเลยตั้งแต่วันนั้น",
    "เขารู้แล้วว่าเป็นเรา",
    "ทำไมยังเห็นเรื่องนี้อยู่ในรายการ",
    "ยายเป็นเบาหวานอยู่กับเขาสองคน",
)
ROADS = "ถนนพังเป็นหลุมใหญ่หน้าวัด ต.แม่ยาว อ.เมืองเชียงราย"


@pytest.fixture
def village(desk: Desk, database: Database, clock: Clock) -> Village:
    village = open_village(desk, database, clock)
    village.talk.invite(Invited(code="SS-2222-2222", role="staff", agency="อบจ."))
    village.say("วิชัย", "SS-2222-2222")
    village.say("ฟ้า", SECRET)
    return village


def take_back(village: Village) -> None:
    village.say("ฟ้า", "ลบทิ้งเถอะ")
    village.press("ฟ้า", "rep.cancel", 4, "yes")


def close(village: Village) -> None:
    village.end(4, "end.cannot", "cannot", "ดูแล้ว")


def told_after(village: Village) -> list[Report]:
    with village.talk.read() as session:
        return session.query(Report).filter(Report.id > 4).all()


def seen(village: Village) -> str:
    """Whatever an officer who is not on the roster is shown: lists, digest, and every case by its code."""
    shown = [reply.text for word in ("งานใหม่", "สรุป") for reply in village.say("วิชัย", word)]
    for view in ("new", "mine", "review", "unsure", "sensitive"):
        shown += [reply.text for reply in village.press("วิชัย", "q", view, 0)]
    for report in told_after(village):
        shown += [reply.text for reply in village.say("วิชัย", report.code)]
        shown += [reply.text for reply in village.press("วิชัย", "case", report.id)]
    return "\n".join(shown)


@pytest.mark.parametrize("end", [take_back, close], ids=["taken back", "closed"])
def test_unclear_words_after_a_secret_are_read_by_the_roster_at_most(
    village: Village, end: Callable[[Village], None]
) -> None:
    end(village)
    for words in WORDS:
        said = "\n".join(reply.text for reply in village.say("ฟ้า", words) if reply.to is None)
        assert "ทีมจังหวัด" not in said, words
    assert all(report.for_roster for report in told_after(village))
    shown = seen(village)
    assert [words for words in WORDS if words.removeprefix("เรื่องใหม่ ") in shown] == []
    assert "รหัส" not in village.say("ฟ้า", "หายไปหรือยัง")[0].text


def test_another_trouble_is_a_report_for_everybody_as_ever(village: Village) -> None:
    take_back(village)
    village.say("ฟ้า", ROADS)
    (roads,) = told_after(village)
    assert not roads.private
    assert "ถนนพัง" in seen(village)


def test_an_hour_later_words_are_what_they_are(village: Village, clock: Clock) -> None:
    take_back(village)
    clock.move(hours=1, minutes=1)
    village.say("ฟ้า", "กลัวพ่อรู้")
    assert [report.private for report in told_after(village)] == [False]


def test_what_hurts_again_days_later_is_as_secret(village: Village, clock: Clock) -> None:
    village.say("นก", "ผัวตีหนูทุกวัน กลัวมาก ต.แม่ยาว อ.เมืองเชียงราย")
    for hours in (3, 48):
        clock.move(hours=hours)
        village.say("นก", "เขาทำอีกแล้ว")
    assert [report.for_roster for report in told_after(village)] == [True] * len(told_after(village))
    assert "เขาทำอีกแล้ว" not in seen(village)
    clock.move(hours=3)
    assert "คนดูแลเรื่องลับ" not in village.say("นก", "มีใครมาซ่อมไหม")[0].text, "phones are shared, and it was days ago"
    clock.move(days=8)
    village.say("นก", "เขาทำอีกแล้ว")
    assert not told_after(village)[-1].private, "what has rested for a week is another matter"


def test_who_never_told_a_secret_is_not_taken_for_one_who_did(village: Village) -> None:
    village.say("ตาสี", "ยกเลิก")
    village.press("ตาสี", "rep.cancel", 3, "yes")
    village.say("ตาสี", "กลัวพ่อรู้")
    assert [report.private for report in told_after(village)] == [False]


def test_what_is_read_as_an_illness_does_not_open_a_secret(village: Village) -> None:
    take_back(village)
    village.say("ฟ้า", "เขาซื้อขนมมาให้หลังจากนั้น")
    village.say("ฟ้า", "ลูกเป็นโรคซึมเศร้า กินยาทุกวัน")
    assert [report.for_roster for report in told_after(village)] == [True]


def test_an_officer_who_asked_hears_the_answer_though_it_is_fear(village: Village) -> None:
    village.press("เมธา", "case.reply", 4)
    village.say("เมธา", "ทำไมไม่บอกแม่คะ")
    village.press("เมธา", "case.send", 4)
    told = {reply.to.chat: reply.text for reply in village.say("ฟ้า", "กลัวพ่อรู้") if reply.to}
    assert "เมธา" in told
