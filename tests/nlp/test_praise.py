"""A want, a loss, a death, a breakage or a stench is no praise of a place, whatever village it is said of."""

from __future__ import annotations

import pytest

from nlp.reader import Reader

TROUBLES = (
    "บ้านเฮาบ่มีน้ำกิ๋น",
    "หมู่บ้านข้าเจ้าบ่มีน้ำ",
    "คลองน้ำเน่า ปลาตาย",
    "ควายตาย",
    "หมู่บ้านเรามีขยะกองเต็มไปหมด",
    "บ้านเรามีแต่หนี้",
    "ชุมชนเรามีคนติดยาเยอะ",
    "ผู้เฒ่าบ้านเฮาบ่มีไผดูแล",
    "หมู่บ้านเฮาน้ำท่วม",
    "บ้านเฮาบ่มีไฟ",
    "วัดบ้านเราหลังคารั่ว ปลวกกินเสาแล้ว",
)
PLACES = ("", "ต.ริมกก เจียงฮาย", "เจียงฮาย แม่จัน", "บ้านสันต้นเปา", "บ้านสันกอง ต.แม่ไร่")
PRAISE = (
    "หมู่บ้านเรามีกลุ่มทอผ้าย้อมคราม ได้รางวัลระดับจังหวัด",
    "ป่าชุมชนเราไม่มีไฟไหม้มาห้าปีแล้ว ภูมิใจ",
    "บ้านเฮามีน้ำออกรูใสๆ บ่เคยแห้ง",
    "กลุ่มออมทรัพย์เราไม่มีหนี้เสียเลย",
    "อาสาบ้านเราดับไฟป่าเก่งมาก ไม่มีใครตาย",
    "บ้านเฮามีแม่อุ๊ยห้าคนปลูกผักบ่ฉีดยา ขายหมดก่อนเจ็ดโมงทุกวัน",
)


@pytest.mark.parametrize("place", PLACES)
def test_trouble_is_never_filed_as_praise(reader: Reader, place: str) -> None:
    read = {trouble: reader.read(f"{trouble} {place}", "57").kind for trouble in TROUBLES}
    assert {trouble: kind for trouble, kind in read.items() if kind not in {"problem", "emergency"}} == {}


@pytest.mark.parametrize("text", PRAISE)
def test_praise_stays_praise_though_a_trouble_is_named_in_it(reader: Reader, text: str) -> None:
    assert reader.read(text, "57").kind == "asset"
