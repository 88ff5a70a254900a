"""Lists as people type them: numbers, Thai digits and bullets in any mixture. Nothing that tells something is lost."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.split import split_list, without_adding

ISSUES = (
    "น้ำประปาไม่ไหล",
    "ถนนพัง",
    "ไฟทางดับ",
    "มีคนขายยาบ้า",
    "คนแก่อยู่คนเดียว",
    "ขยะล้น",
    "หมาจรจัดกัดเด็ก",
    "รถโรงเรียนไม่มี",
    "อยากได้ลานกีฬา",
    "ขอรถรับส่งคนฟอกไต",
    "เผาอ้อยควันเต็มหมู่บ้าน",
    "ไม่มีหมอประจำ รพ.สต.",
    "หนี้นอกระบบดอกแพง",
    "คนเมาทะเลาะกันทุกคืน",
)
MARKS = ("{} ", "{}. ", "{}.", "{}) ", "{}- ", "{}: ", "{}", "({}) ", "- ", "• ", "* ", "– ", "-", "•", "")
THAI = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")


@st.composite
def lists(draw: st.DrawFn) -> tuple[list[str], str]:
    """Some issues, and the list that somebody typed of them."""
    issues = draw(st.lists(st.sampled_from(ISSUES), min_size=2, max_size=8, unique=True))
    by_place = draw(st.booleans())  # bullets are counted, or left out of the count
    lines: list[str] = []
    counted = 0
    for place, issue in enumerate(issues, 1):
        mark = draw(st.sampled_from(MARKS))
        counted += "{}" in mark
        number = str(place if by_place else counted)
        lines.append(mark.format(draw(st.sampled_from((number, number.translate(THAI))))) + issue)
    return issues, "\n".join(lines)


@settings(max_examples=120, deadline=None)
@given(lists(), st.sampled_from(("", "ประชาคมบ้านทุ่ง 5 ต.ค. 68 คนมา 30 คน\n")))
def test_every_line_of_a_list_is_in_one_item(listed: tuple[list[str], str], head: str) -> None:
    issues, typed = listed
    items = split_list(head + typed)
    for issue in issues:
        assert sum(issue in item for item in items) == 1, (typed, items)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(ISSUES), min_size=2, max_size=8, unique=True), st.data())
def test_numbers_that_run_through_are_marks_however_they_are_written(issues: list[str], data: st.DataObject) -> None:
    marks = [data.draw(st.sampled_from(MARKS[:8])) for _ in issues]
    lines = [mark.format(number) + issue for number, (mark, issue) in enumerate(zip(marks, issues, strict=True), 1)]
    assert split_list("\n".join(lines)) == issues


@pytest.mark.parametrize(
    "typed",
    [
        "1 น้ำแล้ง\n2. ถนนพัง\n- ไฟดับ\n4) ขยะล้น",
        "1 น้ำแล้ง\n2. ถนนพัง\n- ไฟดับ\n3) ขยะล้น",
        "๑ น้ำแล้ง\n๒. ถนนพัง\n• ไฟดับ\n๔) ขยะล้น",
        "1น้ำแล้ง\n2ถนนพัง\n3ไฟดับ\n4ขยะล้น",
        "1-น้ำแล้ง\n2 ถนนพัง\n3: ไฟดับ\n* ขยะล้น",
        "- น้ำแล้ง\n2. ถนนพัง\n3. ไฟดับ\n4. ขยะล้น",
        "1. น้ำแล้ง\nถนนพัง\n3. ไฟดับ\n4. ขยะล้น",
        "น้ำแล้ง\n2. ถนนพัง\n3. ไฟดับ\n4. ขยะล้น",
        "น้ำแล้ง\n1. ถนนพัง\n2. ไฟดับ\n3. ขยะล้น",
        "1: น้ำแล้ง\n- ถนนพัง\n- ไฟดับ\n- ขยะล้น",
    ],
)
def test_mixed_marks(typed: str) -> None:
    assert split_list(typed) == ["น้ำแล้ง", "ถนนพัง", "ไฟดับ", "ขยะล้น"]


@pytest.mark.parametrize(
    ("typed", "items"),
    [
        # Where the numbers do not run through there, five old people are five.
        ("ไฟดับ\n5 คนแก่อยู่คนเดียว\nขยะล้น", ["ไฟดับ", "5 คนแก่อยู่คนเดียว", "ขยะล้น"]),
        ("1. ถนนพัง\n2 คนล้ม เจ็บหนัก\n2. ไฟดับ", ["ถนนพัง 2 คนล้ม เจ็บหนัก", "ไฟดับ"]),
        # What is set under a number explains it.
        ("1. ถนนพัง\n- ตรงหน้าวัด\n2. ไฟดับ", ["ถนนพัง - ตรงหน้าวัด", "ไฟดับ"]),
        ("1 ถนนพัง\n   - ตรงหน้าวัดเป็นหลุม\n2. ไฟดับ", ["ถนนพัง - ตรงหน้าวัดเป็นหลุม", "ไฟดับ"]),
        ("ปัญหาที่พบ\n1. ถนนพัง\n2 ไฟดับ", ["ถนนพัง", "ไฟดับ"]),
        # A day is no number of a list.
        ("1. ถนนพัง\n2. ไฟดับ\n3 ต.ค. 68", ["ถนนพัง", "ไฟดับ"]),
    ],
)
def test_what_is_no_mark(typed: str, items: list[str]) -> None:
    assert split_list(typed) == items


@pytest.mark.parametrize("issue", ["โทร 1669 ไม่ติดเลย", "คนเมาเต็มงานศพ เหนื่อยใจแทนเจ้าภาพ ไม่รู้จะห้ามใคร"])
def test_in_a_list_without_a_header_what_tells_something_is_an_issue(issue: str) -> None:
    lines = ["ถนนพัง", "ไฟดับ", "น้ำแล้ง", issue]
    assert split_list("\n".join(lines)) == lines


def test_what_goes_on_under_a_bullet_is_not_lost() -> None:
    typed = "1- ไม่มีหมอประจำ รพ.สต.\nท่อตันหน้าตลาด\n•ตลิ่งทรุด\nผู้พิการไม่ได้เบี้ย\n• ไฟดับ"
    assert "ผู้พิการไม่ได้เบี้ย" in " ".join(split_list(typed))


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
