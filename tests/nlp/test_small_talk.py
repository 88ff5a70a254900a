"""What passes the time is no report; the shortest report is one."""

from __future__ import annotations

import pytest

from nlp.reader import Reader

SMALL = (
    "เธอชื่ออะไร",
    "คุณชื่ออะไรคะ",
    "น้องชื่อหยัง",
    "ทำไมโลกกลม",
    "ทำไมฟ้าสีฟ้า",
    "ร้องเพลงได้มั้ย",
    "เล่านิทานให้ฟังหน่อย",
    "ไม่มีอะไร",
    "บ่มีหยัง",
    "ไม่มีอะไรจะแจ้งค่ะ",
    "ไม่มีปัญหาค่ะ",
    "ไม่ได้แจ้งอะไร แค่ถามเล่น",
    "แค่ถามดู",
    "พิมพ์เล่นๆ",
    "บาย",
    "บ๊ายบาย",
    "ไปก่อนนะ",
    "นี่คือบอทเหรอ",
    "เอไอใช่ไหม",
    "กี่โมงแล้ว",
    "วันนี้วันอะไร",
    "มีแฟนยัง",
    "อากาศร้อนจัง",
)
REPORTS = (
    "ไฟดับ",
    "น้ำไม่ไหล",
    "ไม่มีน้ำ",
    "ไม่มีอะไรกิน",
    "ไม่มีอะไรจะกินแล้ว",
    "ทำไมน้ำไม่ไหล",
    "ทำไมไฟดับบ่อย",
    "ทำไมปลาตาย",
    "ทำไมน้ำเหม็น",
    "ถนนบายพาสพัง",
    "ร้องเพลงเสียงดังทั้งคืน",
    "คนข้างบ้านร้องเพลงดัง",
    "หมาเห่า",
    "ยุงเยอะ",
    "ถนนหนทางบ่ดีเลย",
    "ทางขาด",
    "ทำไมต้องมีชีวิตอยู่",
)


@pytest.mark.parametrize("text", SMALL)
def test_small_talk_is_no_report(reader: Reader, text: str) -> None:
    reading = reader.read(text, "57")
    assert (reading.kind, reading.category) == ("chitchat", "other")


@pytest.mark.parametrize("text", REPORTS)
def test_a_word_or_two_of_trouble_are_one(reader: Reader, text: str) -> None:
    assert reader.read(text, "57").kind == "problem"


@pytest.mark.parametrize("text", ["กี่โมงไฟจะมา", "น้ำจะมากี่โมง", "เก็บขยะกี่โมง"])
def test_the_hour_of_a_service_is_asked_for(reader: Reader, text: str) -> None:
    assert reader.read(text, "57").kind == "question"


@pytest.mark.parametrize("text", ["ลาก่อนนะ", "ไม่มีใครรัก", "ใครก็ได้ช่วยที", "เหงา อยากตาย"])
def test_a_farewell_or_a_cry_is_no_small_talk(reader: Reader, text: str) -> None:
    assert reader.read(text, "57").kind == "emergency"


@pytest.mark.parametrize("text", ["ทำไมไม่มีใครมา", "ยังไม่มีใครมาดูเลย", "บ่มีไผมาผ่อเลย"])
def test_that_nobody_comes_is_no_illness_and_no_small_talk(reader: Reader, text: str) -> None:
    reading = reader.read(text, "57")
    assert (reading.category, reading.kind in {"problem", "question"}) == ("other", True)


def test_that_nobody_visits_is_loneliness(reader: Reader) -> None:
    assert reader.read("ไม่มีใครมาหาเลย", "57").category == "mental_health"


@pytest.mark.parametrize(
    "text",
    ["ถนนตรงวัดป่าก่อเป็นหลุม รถล้ม", "ถนนบ่ดี บ้านสันกอง แม่ไร่", "ถนนหนทางบ่ดีเลย", "ทางฮ้ายขนาด", "ทางเข้าบ้านเป๋นหลุม"],
)
def test_a_bad_road_is_infrastructure_in_dialect_too(reader: Reader, text: str) -> None:
    reading = reader.read(text, "57")
    assert (reading.category, reading.kind, reading.sensitive) == ("infrastructure", "problem", None)
