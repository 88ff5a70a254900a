"""The name of a village makes no emergency of an ordinary trouble, and calms no emergency."""

from __future__ import annotations

import pytest

from nlp.reader import Reader

TROUBLES = (
    "น้ำประปาไม่ไหลมา 3 วันแล้ว",
    "ไฟดับบ่อยมาก",
    "ถนนเป็นหลุมเป็นบ่อ",
    "ขยะล้นถังไม่มีใครมาเก็บ",
    "ราคายางตก ไม่พอกิน",
    "ไฟทางดับทั้งซอย",
)
PLACES = (
    "บ้านห้วยขม ต.วาวี แม่สรวย",
    "บ้านห้วยขม ต.แม่ยาว อ.เมืองเชียงราย",
    "หมู่ 3 บ้านป่าแดด ต.ป่าแดด อ.แม่สรวย",
    "บ้านสันกอง ต.แม่ไร่ อ.แม่จัน",
    "ต.แม่สาย อ.แม่สาย จ.เชียงราย",
)
DANGERS = ("พ่อหมดสติ หายใจไม่ออก", "ไฟไหม้บ้าน มีคนติดอยู่ข้างใน", "ส่งรถพยาบาลมาเดี๋ยวนี้เลย", "มีคนจมน้ำ")


@pytest.mark.parametrize("place", PLACES)
def test_places_add_no_danger_and_take_none_away(reader: Reader, place: str) -> None:
    read = {trouble: reader.read(f"{trouble} {place}", "57").urgency for trouble in TROUBLES}
    assert [trouble for trouble, urgency in read.items() if urgency == "emergency"] == []
    assert [danger for danger in DANGERS if reader.read(f"{danger} {place}", "57").urgency != "emergency"] == []
