"""Who holds an office is masked though his nickname is a colour or a beast; where the office stands is not."""

from __future__ import annotations

import pytest

from nlp.reader import Reader


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("ผู้ใหญ่บ้านดำ", "ผู้ใหญ่บ้าน[ชื่อ]"),
        ("ผู้ใหญ่บ้านแดงเอาปูนไป", "ผู้ใหญ่บ้าน[ชื่อ]เอาปูนไป"),
        ("ผู้ใหญ่บ้านสมชายโกงเงิน", "ผู้ใหญ่บ้าน[ชื่อ]โกงเงิน"),
        ("ผญบ.ดำไม่มา", "ผญบ.[ชื่อ]ไม่มา"),
        ("นายก อบต.ขาว", "นายก อบต.[ชื่อ]"),
        ("ส.อบต. แดง", "ส.อบต. [ชื่อ]"),
        ("กำนันแดง", "กำนัน[ชื่อ]"),
        ("ป้อหลวงดำบ่มาผ่อ", "ป้อหลวง[ชื่อ]บ่มาผ่อ"),
        ("ไอ้ดำมันโกง", "ไอ้[ชื่อ]มันโกง"),
        ("อีแดงมันด่าแม่", "อี[ชื่อ]มันด่าแม่"),
        ("ลุงเขียว", "ลุง[ชื่อ]"),
    ],
)
def test_nicknames_behind_a_title_are_masked(reader: Reader, text: str, masked: str) -> None:
    assert reader.mask(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "ผู้ใหญ่บ้านใหญ่โต",
        "ผู้ใหญ่บ้านเล็กๆ",
        "ผู้ใหญ่บ้านดำเนินการแล้ว",
        "ผู้ใหญ่บ้านใหม่ไม่ทำอะไร",
        "ผู้ใหญ่บ้านป่าแดง",
        "ผู้ใหญ่บ้านสันกอง",
        "ผู้ใหญ่บ้านช่วยดูหน่อย",
        "แจ้งผู้ใหญ่บ้าน ไก่ตายหมดแล้ว",
        "นายก อบต.แม่ยาว",
        "นายก อบต.ดอนแก้ว",
        "ป้ายแดงล้ม",
        "นายจ้างใหญ่ไม่จ่าย",
        "ตาแดงระบาดในโรงเรียน",
    ],
)
def test_places_and_sentences_behind_it_are_not(reader: Reader, text: str) -> None:
    assert reader.mask(text) == text
