from __future__ import annotations

import unicodedata

from nlp.reader import Reader
from nlp.summarize import LONGEST, summarize


def test_a_short_text_is_its_own_summary(reader: Reader) -> None:
    assert reader.read("ไฟทางดับทั้งซอย").summary == "ไฟทางดับทั้งซอย"


def test_the_telling_clause_is_chosen(reader: Reader) -> None:
    text = "สวัสดีค่ะทุกท่าน วันนี้อากาศดีนะคะ ขอเล่าเรื่องที่บ้านให้ฟังสักหน่อยเพราะอัดอั้นมานานมากแล้วค่ะ " * 2
    summary = reader.read(text + "ประปาหมู่บ้านไม่ไหลมาสามเดือน ต้องซื้อน้ำใช้ทุกวัน").summary
    assert "ประปาหมู่บ้านไม่ไหล" in summary
    assert len(summary) <= LONGEST


def test_nothing_is_invented(reader: Reader) -> None:
    text = "ถนนหน้าโรงเรียนพังมาก รถล้มทุกวัน เด็กเจ็บหลายคน " * 6
    summary = reader.read(text).summary
    assert summary.rstrip("…") in reader.read(text).masked_text


def test_a_cut_never_ends_inside_a_syllable() -> None:
    for shift in range(40):
        summary = summarize("ก" * shift + "น้ำประปาไม่ไหลเลยครับพี่น้องเดือดร้อนกันทั้งหมู่บ้าน" * 6, [])
        assert len(summary) <= LONGEST
        following = ("ก" * shift + "น้ำประปาไม่ไหลเลยครับพี่น้องเดือดร้อนกันทั้งหมู่บ้าน" * 6)[len(summary) - 1]
        assert unicodedata.category(following) != "Mn"
        assert following not in "ะาำ"


def test_a_placeholder_is_never_cut() -> None:
    for shift in range(60, LONGEST):
        summary = summarize("ก" * shift + "[เบอร์โทร]" * 9, [])
        assert summary.count("[") == summary.count("]")
