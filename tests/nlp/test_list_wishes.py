"""What a note-taker wants of the list itself, told from what belongs into it."""

from __future__ import annotations

import pytest

from nlp.manner import Manners
from nlp.split import without_adding

MANNERS = Manners()


@pytest.mark.parametrize(
    "said",
    [
        "กี่เรื่องแล้ว",
        "ได้กี่ข้อแล้วคะ",
        "จดไปกี่เรื่องแล้ว",
        "ตอนนี้มีกี่เรื่อง",
        "ขอดูใหม่",
        "ขอดูรายการหน่อยค่ะ",
        "ดูรายการ",
        "ขอดูอีกที",
        "มีอะไรบ้างแล้ว",
        "จดอะไรไปบ้างแล้ว",
        "อ่านให้ฟังหน่อย",
        "อ่านทวนให้ฟังหน่อยค่ะ",
        "ช่วยอ่านทวนอีกรอบ",
        "ทวนหน่อยจ้า",
        "how many so far?",
        "read it back",
    ],
)
def test_a_list_is_asked_for(said: str) -> None:
    assert MANNERS.of(said).asks_list


@pytest.mark.parametrize(
    "said",
    [
        "ดูแลคนแก่หน่อย",
        "ขอดูกล้องวงจรปิดไม่ได้",
        "อ่านหนังสือไม่ออกหลายคน",
        "มีอะไรบ้างที่ช่วยคนพิการได้",
        "ร้องเรียนไปกี่เรื่องแล้วก็เงียบ",
        "ตรวจน้ำประปาหน่อย",
        "เปิดไฟทางให้หน่อย",
        "ขอหมอมาตรวจ",
        "ไฟดับกี่ครั้งแล้ว",
        "เรื่องน้ำ",
        "ทวนน้ำไม่ขึ้น",
    ],
)
def test_an_issue_is_no_question_about_the_list(said: str) -> None:
    assert not MANNERS.of(said).asks_list


@pytest.mark.parametrize(
    ("said", "noted"),
    [
        ("เพิ่ม รถโรงเรียนไม่มี", "รถโรงเรียนไม่มี"),
        ("เพิ่ม: ขยะล้นตลาด", "ขยะล้นตลาด"),
        ("เพิ่มอีกเรื่อง ไฟดับทั้งซอย", "ไฟดับทั้งซอย"),
        ("เพิ่มเรื่องขยะล้น", "ขยะล้น"),
        ("เพิ่มข้อ 7 ขยะล้น", "ขยะล้น"),
        ("เพิ่มเติม\nขยะล้น\nไฟดับ", "ขยะล้น\nไฟดับ"),
        # Without the word these would say nothing, or something else.
        ("เพิ่มไฟถนนหน้าวัด มืดมาก", "เพิ่มไฟถนนหน้าวัด มืดมาก"),
        ("เพิ่ม ครูภาษาอังกฤษ", "เพิ่ม ครูภาษาอังกฤษ"),
        ("เพิ่มเบี้ยคนแก่ ไม่พอใช้", "เพิ่มเบี้ยคนแก่ ไม่พอใช้"),
        ("อยากให้เพิ่ม รถเมล์", "อยากให้เพิ่ม รถเมล์"),
    ],
)
def test_the_wish_to_add_is_no_part_of_what_is_added(said: str, noted: str) -> None:
    assert without_adding(said) == noted
