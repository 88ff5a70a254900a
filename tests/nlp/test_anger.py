"""An angry word or a plea for silence hides no case; an office or public money beside the cheating does."""

from __future__ import annotations

import pytest

from nlp.reader import Reader

ANGER = (
    "ไอ้ดำมันโกง",
    "ควายต๋ายสามตั๋วแล้ว น้ำลายฟูมปาก ไอ้ดำมันโกง",
    "ปศุสัตว์บ่มาผ่อเลย ควายต๋ายสาม ไอ้ดำมันโกง",
    "ควายตายไอ้ดำมันขี้โกง",
    "พวกมึงโกงกินกันหมด",
    "อย่าบอกผู้ใหญ่บ้านนะ เขาเป็นลูกพี่ลูกน้องกัน",
    "อย่าบอกกำนันนะ เป็นญาติกัน",
    "ไม่อยากให้นายกรู้ว่าผมแจ้ง",
    "ถนนพัง อย่าบอกผู้ใหญ่บ้านนะ เขาเป็นลูกพี่ลูกน้องกัน",
)
TIPS = (
    "ผู้ใหญ่บ้านโกง",
    "ป้อหลวงดำมันโกง",
    "ผู้ใหญ่บ้านโกงเงินกองทุน",
    "นายกโกงงบถนน",
    "อบต.กินเงินทอน",
    "ไอ้ดำมันโกงเงินกองทุนหมู่บ้าน",
    "ไอ้ดำมันโกง เอาเงินกองทุนไปหมด",
    "กำนันเรียกเงินคนละห้าร้อย",
    "ถนนงบล้านห้า เทบางนิดเดียว อย่าบอกผู้ใหญ่บ้านนะ",
    "เงินกองทุนหายไป อย่าบอกผู้ใหญ่บ้านนะว่าหนูบอก",
    "นายกโกงเลือกตั้ง อย่าบอกใครนะ",
)


@pytest.mark.parametrize("text", ANGER)
def test_anger_and_fear_alone_are_no_tip(reader: Reader, text: str) -> None:
    assert reader.read(text, "57").sensitive is None


@pytest.mark.parametrize("text", TIPS)
def test_an_office_or_public_money_makes_a_tip(reader: Reader, text: str) -> None:
    assert reader.read(text, "57").sensitive == "corruption_tip"


def test_what_else_is_grave_stays_so(reader: Reader) -> None:
    assert reader.read("ผัวตีหนูทุกวัน อย่าบอกผู้ใหญ่บ้านนะ เขาเป็นลูกพี่ลูกน้องกัน", "57").sensitive == "violence"
    assert reader.read("ข้างบ้านขายยาบ้า ไอ้ดำมันโกง", "57").sensitive == "drugs_tip"
