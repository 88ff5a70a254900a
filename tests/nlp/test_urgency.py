from __future__ import annotations

import pytest

from nlp.reader import Reader


@pytest.mark.parametrize(
    "text",
    [
        "หนูอยากตาย",
        "ไม่อยากอยู่แล้วค่ะ เหนื่อยกับทุกอย่าง",
        "พ่อจะผูกคอ",
        "เขาบอกว่าจะกินยาตาย",
        "อ ย า ก ต า ย",
        "บ่อยากอยู่แล้ว",
        "อยากตายยยย",
    ],
)
def test_a_wish_to_die_is_self_harm_and_an_emergency(reader: Reader, text: str) -> None:
    reading = reader.read(text)
    assert (reading.sensitive, reading.urgency, reading.kind) == ("self_harm", "emergency", "emergency")


def test_a_wish_to_die_without_other_words_goes_to_mental_health(reader: Reader) -> None:
    assert reader.read("จะกินยาตาย").category == "mental_health"


@pytest.mark.parametrize(
    "text",
    [
        "ร้อนจะตาย",
        "ขำจะตายเลย",
        "เหนื่อยจะตายอยู่แล้ว",
        "ข้าวจะตายหมดแล้ว ฝนไม่ตก",
        "กรีดยางแทบตายได้วันละร้อย",
        "ยังไม่อยากตายหรอก 555",
        "ไปเที่ยวฆ่าเวลา",
    ],
)
def test_ways_of_speaking_are_no_emergency(reader: Reader, text: str) -> None:
    reading = reader.read(text)
    assert reading.urgency != "emergency"
    assert reading.sensitive is None


@pytest.mark.parametrize(
    "text",
    [
        "ไฟกำลังไหม้บ้านยายค่ะ",
        "เด็กตกน้ำ ช่วยด้วย",
        "ตอนนี้มีคนถือมีดอาละวาดหน้าร้าน",
        "แม่หายใจไม่ออก หน้าเขียว",
        "น้ำขึ้นเร็วมาก ติดอยู่บนหลังคาสี่คน",
    ],
)
def test_danger_now_is_an_emergency(reader: Reader, text: str) -> None:
    assert reader.read(text).urgency == "emergency"


@pytest.mark.parametrize("text", ["ปีที่แล้วมีเด็กจมน้ำตายสองคน", "เสนอให้สอนว่ายน้ำป้องกันเด็กจมน้ำ", "อบรมอสม.เฝ้าระวังการฆ่าตัวตาย"])
def test_danger_past_or_prevented_is_no_emergency(reader: Reader, text: str) -> None:
    assert reader.read(text).urgency != "emergency"


def test_something_grave_that_can_wait_an_hour_is_high(reader: Reader) -> None:
    assert reader.read("ยายไม่ได้กินข้าวมาสองวันแล้ว ไม่มีใครดูแล").urgency == "high"


def test_an_ordinary_complaint_is_normal(reader: Reader) -> None:
    assert reader.read("ถังขยะหน้าตลาดเต็มบ่อย").urgency == "normal"


@pytest.mark.parametrize(
    ("sensitive", "text"),
    [
        ("violence", "ผัวตีเมียจนตาเขียว"),
        ("abuse_child", "พ่อมันตีลูกด้วยสายไฟ เด็กถูกตีทุกคืน"),
        ("sexual", "โดนลวนลามบนรถสองแถว"),
        ("drugs_tip", "บ้านท้ายซอยขายยาบ้า วัยรุ่นเข้าออกทั้งคืน"),
        ("corruption_tip", "ปลัดเบิกเท็จทุกเดือน โกงงบซ่อมศาลา ทุจริตชัดๆ"),
        ("health_private", "ลูกสาวเขาตรวจเลือดเจอเอชไอวี ไม่อยากให้ใครรู้"),
        (None, "ถนนหน้าวัดเป็นหลุม"),
    ],
)
def test_what_must_not_leak_is_named(reader: Reader, sensitive: str | None, text: str) -> None:
    assert reader.read(text).sensitive == sensitive


def test_a_cry_for_help_in_the_middle_of_a_long_text_is_heard(reader: Reader) -> None:
    around = "ตลาดนัดวันนี้คนเยอะดี ของก็ไม่แพง " * 80
    assert reader.read(around + "หนูอยากตายค่ะ " + around).urgency == "emergency"
