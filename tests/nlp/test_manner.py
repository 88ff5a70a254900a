"""How something is said, told by a few words that are easily taken for others."""

from __future__ import annotations

import pytest

from nlp.manner import NAMES, Manners

SAID = {
    "upset": ["โทรไปกี่รอบก็ไม่มีใครสนใจ", "พวกมึงทำอะไรกันอยู่วะ", "แจ้งหลายครั้งแล้ว เมื่อไหร่จะมา"],
    "kin_uses": ["ลูกชายติดยา", "ผัวหนูเมายาทุกวันเลย", "อยากให้หลานไปบำบัด", "ลูกเสพยาบ้ามาสองปี"],
    "when": ["ตั้งแต่เมื่อวานแล้ว", "สามวันแล้ว", "ทุกคืนเลย", "นานแล้ว", "หลายเดือนแล้วค่ะ"],
    "no_idea": ["ไม่รู้", "หนูไม่รู้ค่ะ", "บ่ฮู้เจ้า", "จำไม่ได้", "อะไรก็ได้"],
    "not_a_place": ["กินข้าวยัง", "ลูกชายชื่อสมชาย", "เดือดร้อนมาก", "วันนี้ฝนตก", "โทรมานะ"],
    "phone": ["0812345678", "081-234-5678 โทรมานะ", "เบอร์ผม 089 123 4567 ครับ", "๐๘๑๒๓๔๕๖๗๘", "+66812345678"],
}
NOT_SAID = {
    "upset": ["กูอยู่มาก่อนมีถนน", "น้องมึงสบายดีไหม", "ถนนพังมาสามปีแล้ว"],
    "kin_uses": ["มีคนขายยาบ้าท้ายซอย", "ลูกชายติดเกม", "แม่ป่วยติดเตียง ขาดยา", "พี่แถวบ้านขายยา ติดยาด้วย"],
    "when": ["บ้านสันมะเค็ด", "หมู่ 3", "ห้วยขม"],
    "no_idea": ["บ้านไม่รู้จบ", "แม่ยาว"],
    "not_a_place": ["บ้านสันมะเค็ด หมู่ 3", "ห้วยสัก", "ปากทางวัดเกาะ", "ท่าข้าวเปลือก", "แม่ช้อย"],
    "phone": ["บ้านเลขที่ 0812345678 ถนนพัง", "48271", "โทรศัพท์ใช้ไม่ได้", "น้ำไม่ไหล โทร 0812345678"],
}


@pytest.fixture(scope="module")
def manners() -> Manners:
    return Manners()


@pytest.mark.parametrize("name", NAMES)
def test_what_is_said_so_and_what_is_not(manners: Manners, name: str) -> None:
    assert [text for text in SAID[name] if not getattr(manners.of(text), name)] == []
    assert [text for text in NOT_SAID[name] if getattr(manners.of(text), name)] == []
