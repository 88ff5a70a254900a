from __future__ import annotations

import json
import unicodedata
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from time import process_time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.split import read_header, split_list

CASES = Path(__file__).parent / "cases"
FIELDS = ("forum_name", "date_iso", "place", "participants")
WORDS = """
ลุงแดงบอกว่า อีกเรื่องคือ แล้วก็ ส่วน ประชาคม ศาลาวัด สิบ ผู้เข้าร่วม ถนนพัง ขอบคุณ (12 เสียง) :
( ) ก 1 ่ # → !
"""
MARKS = (
    "5 ต.ค. 68 ",
    "วาระที่ 1 ",
    "โซน A ",
    "ปัญหา: ",
    "คนมา 72 ",
    "1. ",
    "๑) ",
    "- ",
    "• ",
    "🌊 ",
    " / ",
    ", ",
    "; ",
    " | ",
    "\t",
    "\n",
    "\n\n",
    "   ",
    '"',
    "\u200b",
)
PIECES = (*WORDS.split(), *(f"{word} " for word in WORDS.split()), *MARKS)


def read_cases(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def letters(text: str) -> str:
    return "".join(letter for letter in text if unicodedata.category(letter)[0] in "LMN")


def alike(one: str, other: str) -> bool:
    """Whether two issues are one: letter for letter, or one within the other and at most a quarter longer."""
    short, long = sorted((letters(one), letters(other)), key=len)
    return bool(short) and short in long and len(long) - len(short) <= len(short) / 4


def matches(predicted: Sequence[str], gold: Sequence[str]) -> int:
    left = list(predicted)
    for issue in gold:
        found = next((one for one in left if letters(one) == letters(issue)), None)
        found = found or next((one for one in left if alike(one, issue)), None)
        if found is not None:
            left.remove(found)
    return len(predicted) - len(left)


def issue_f1(notes: Sequence[dict[str, Any]]) -> float:
    """F1 of all issues of all notes together."""
    true = found = wanted = 0
    for note in notes:
        gold = [issue if isinstance(issue, str) else issue["text"] for issue in note["issues"]]
        predicted = split_list(note["text"])
        true, found, wanted = true + matches(predicted, gold), found + len(predicted), wanted + len(gold)
    return 2 * true / (found + wanted)


def header_accuracy(notes: Sequence[dict[str, Any]]) -> float:
    """The share of header fields that are right; letters count, and an empty field is right where there is none."""
    right = 0
    for note in notes:
        header = read_header(note["text"])
        for field in FIELDS:
            said, gold = getattr(header, field) or "", note["header"][field] or ""
            right += letters(str(said)) == letters(str(gold))
    return right / (len(FIELDS) * len(notes))


def test_notes_of_all_shapes_become_their_issues() -> None:
    assert issue_f1(read_cases(CASES / "forums.jsonl")) >= 0.9


@pytest.mark.parametrize("name", ["forums.jsonl", "forum_headers.jsonl"])
def test_headers_of_all_shapes_are_read(name: str) -> None:
    assert header_accuracy(read_cases(CASES / name)) >= 0.92


def test_labelled_notes_become_their_issues(data: Path) -> None:
    notes = read_cases(data / "forum_dev.jsonl")
    assert issue_f1(notes) >= 0.88
    assert header_accuracy(notes) >= 0.9


def test_an_issue_is_quoted_as_it_was_typed() -> None:
    assert split_list("1. นำ้ท่วม\n2. ไฟดับ") == ["นำ้ท่วม", "ไฟดับ"]


def test_a_story_of_two_people_is_one_issue_where_it_is_a_message_of_its_own() -> None:
    story = "หลานบอกว่าโดนเพื่อนแกล้งทุกวัน ครูบอกว่าไม่รู้เรื่อง"
    assert split_list(story) == [story]


@pytest.mark.parametrize(
    ("typed", "issues"),
    [
        ("ถนนพังหน้าวัด อีกเรื่องคือไฟดับทั้งซอย", ["ถนนพังหน้าวัด", "ไฟดับทั้งซอย"]),
        ("ถนนพังหน้าวัด / ไฟดับทั้งซอย / น้ำไม่ไหล", ["ถนนพังหน้าวัด", "ไฟดับทั้งซอย", "น้ำไม่ไหล"]),
        ("ถนนพังหน้าวัด; ไฟดับทั้งซอย", ["ถนนพังหน้าวัด", "ไฟดับทั้งซอย"]),
        ("ถนนพังหน้าวัด, ไฟดับทั้งซอย, น้ำไม่ไหล", ["ถนนพังหน้าวัด", "ไฟดับทั้งซอย", "น้ำไม่ไหล"]),
        ("ถนนพังมาก, รถล้มไปสองคัน", ["ถนนพังมาก, รถล้มไปสองคัน"]),
        ("สวัสดีค่ะ ไฟถนนดับทั้งซอยเลยค่ะ", ["สวัสดีค่ะ ไฟถนนดับทั้งซอยเลยค่ะ"]),
    ],
)
def test_what_is_typed_in_one_line(typed: str, issues: list[str]) -> None:
    assert split_list(typed) == issues


def test_a_pasted_list_without_a_header_loses_no_line_that_may_be_an_issue() -> None:
    lines = ["คลังยาใน รพ.สต.", "ถนนพัง", "ไฟดับ", "ลานสเก็ตหลังเทศบาล"]
    assert split_list("\n".join(lines)) == lines


def test_a_plain_issue_is_no_header() -> None:
    assert read_header("ร้านค้าตั้งของขวางทางเท้าหน้าโรงเรียน").place == ""


def test_a_day_without_a_year_is_the_nearest() -> None:
    assert read_header("ประชาคมบ้านทุ่ง 28 ธ.ค. ศาลาวัด", today=date(2026, 1, 3)).date_iso == "2025-12-28"
    assert read_header("ประชาคมบ้านทุ่ง 28 ธ.ค. ศาลาวัด").date_iso == ""


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=12), st.integers(1, 20_000))
def test_time_is_bounded_whatever_is_pasted(pieces: list[str], times: int) -> None:
    note = ("".join(pieces) * times)[:20_000]
    begin = process_time()
    issues = split_list(note)
    header = read_header(note, date(2026, 1, 3))
    assert process_time() - begin < 3
    assert all(issue.strip() for issue in issues)
    assert header.participants is None or header.participants >= 0


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=400))
def test_any_text_is_split_and_nothing_is_made_up(note: str) -> None:
    said = letters(unicodedata.normalize("NFKD", note))
    for issue in split_list(note):
        assert set(letters(unicodedata.normalize("NFKD", issue))) <= set(said)
    read_header(note)


@pytest.mark.parametrize(
    "pasted",
    [
        "1. ถนนพัง\n2. น้ำไม่ไหล\n3. ไฟดับ",
        "1) ถนนพัง\n2) น้ำไม่ไหล\n3) ไฟดับ",
        "๑. ถนนพัง\n๒. น้ำไม่ไหล\n๓. ไฟดับ",
        "- ถนนพัง\n- น้ำไม่ไหล\n- ไฟดับ",
        "• ถนนพัง\n• น้ำไม่ไหล\n• ไฟดับ",
        "* ถนนพัง\n* น้ำไม่ไหล\n* ไฟดับ",
        "ถนนพัง\nน้ำไม่ไหล\n\nไฟดับ",
        "1. ถนนพัง 2. น้ำไม่ไหล 3. ไฟดับ",
        "ประชาคมบ้านทุ่ง 5 ตุลาคม 2568 คนมา 40\nปัญหาที่พบ:\n1. ถนนพัง\n2. น้ำไม่ไหล\n3. ไฟดับ",
        "ประชาคมบ้านทุ่ง วันที่ 5 ตุลาคม 2568\nถนนพัง\nน้ำไม่ไหล\nไฟดับ",
    ],
)
def test_lists_of_all_looks_become_their_items(pasted: str) -> None:
    assert split_list(pasted) == ["ถนนพัง", "น้ำไม่ไหล", "ไฟดับ"]


def test_one_line_is_one_item() -> None:
    assert split_list("ถนนพังมา 2 ปีแล้ว รถล้ม 3 คัน") == ["ถนนพังมา 2 ปีแล้ว รถล้ม 3 คัน"]


def test_an_item_over_two_lines_stays_one() -> None:
    assert split_list("1. ถนนพัง\nตรงหน้าวัด\n2. ไฟดับ") == ["ถนนพัง ตรงหน้าวัด", "ไฟดับ"]


def test_a_number_that_belongs_to_the_sentence_stays() -> None:
    assert split_list("3.5 กิโลเมตรที่ถนนพัง\nไฟดับ") == ["3.5 กิโลเมตรที่ถนนพัง", "ไฟดับ"]


@pytest.mark.parametrize("pasted", ["", " \n ", "\u200b"])
def test_nothing_has_no_items(pasted: str) -> None:
    assert split_list(pasted) == []


def test_only_a_header_is_not_lost() -> None:
    assert split_list("ประชาคมบ้านทุ่ง\nวันที่ 5") == ["ประชาคมบ้านทุ่ง", "วันที่ 5"]


@pytest.mark.parametrize(
    ("note", "iso"),
    [
        ("ประชาคม วันที่ 5 ตุลาคม 2568", "2025-10-05"),
        ("ประชาคม 5 ต.ค. 68", "2025-10-05"),
        ("ประชาคม ๕ ต.ค. ๖๘", "2025-10-05"),
        ("ประชาคม 5 ตุลา พ.ศ. 2568", "2025-10-05"),
        ("ประชาคม 5/10/2568", "2025-10-05"),
        ("ประชาคม 5 ต.ค. 2025", "2025-10-05"),
        ("ประชาคม 31 ก.พ. 68", ""),
        ("ประชาคมบ้านทุ่ง", ""),
    ],
)
def test_dates_of_a_header(note: str, iso: str) -> None:
    assert read_header(note).date_iso == iso


@pytest.mark.parametrize(
    ("note", "heads"),
    [
        ("คนมา 72", 72),
        ("ประมาณ 80 คน", 80),
        ("ผู้เข้าร่วม ๔๕ คน", 45),
        ("มีชาวบ้านมาประมาณ 30 คน", 30),
        ("ไฟดับมา 3 เดือน", None),
    ],
)
def test_headcounts_of_a_header(note: str, heads: int | None) -> None:
    assert read_header(note).participants == heads


def test_name_and_place_of_a_header() -> None:
    header = read_header("เวทีสุขภาพชุมชน ที่ศาลาวัดป่า เมื่อ 3 มี.ค. 68 คนมา 20\nถนนพัง")
    assert (header.forum_name, header.place) == ("เวทีสุขภาพชุมชน", "ศาลาวัดป่า")


@pytest.mark.parametrize(
    ("note", "header"),
    [
        (
            "เวทีสุขภาพตำบลบ้านดู่ ศาลาประชาคมบ้านดู่ อ.เมืองเชียงราย 20 พ.ย. 69 45 คน",
            ("เวทีสุขภาพตำบลบ้านดู่", "2026-11-20", "ศาลาประชาคมบ้านดู่ อ.เมืองเชียงราย", 45),
        ),
        (
            "เวทีน้ำกินน้ำใช้, ศาลาบ้านโป่ง ต.บ้านดู่, 21/11/2569, 30 คน",
            ("เวทีน้ำกินน้ำใช้", "2026-11-21", "ศาลาบ้านโป่ง ต.บ้านดู่", 30),
        ),
        ("ประชาคม หมู่ 5 วัดป่าซาง วันนี้ 30 คน", ("ประชาคม หมู่ 5", "2026-11-21", "วัดป่าซาง", 30)),
        ("เวทีผู้สูงอายุ อบต.นาหว้า เมื่อวานนี้ ๒๕ คน", ("เวทีผู้สูงอายุ", "2026-11-20", "อบต.นาหว้า", 25)),
        ("ประชุมหมู่บ้าน โรงเรียนบ้านโป่ง\nถนนพัง มีคนเจ็บ 3 คน วันนี้", ("ประชุมหมู่บ้าน", "", "โรงเรียนบ้านโป่ง", None)),
    ],
)
def test_a_header_in_one_line(note: str, header: tuple[str, str, str, int | None]) -> None:
    found = read_header(note, today=date(2026, 11, 21))
    assert (found.forum_name, found.date_iso, found.place, found.participants) == header


def test_today_is_no_date_where_nobody_says_which_day_it_is() -> None:
    assert read_header("ประชาคม หมู่ 5 วัดป่าซาง วันนี้ 30 คน").date_iso == ""


def test_a_bullet_behind_the_last_number_is_an_issue_of_its_own() -> None:
    numbers = "1. ถนนหน้าวัดเป็นหลุม\n2. น้ำประปาขุ่นแดง\n3) อยากได้รถรับผู้เฒ่าไปหาหมอ"
    assert split_list(f"{numbers}\n- ยุงลายชุม")[-2:] == ["อยากได้รถรับผู้เฒ่าไปหาหมอ", "ยุงลายชุม"]
    # One set further in belongs to the number above it.
    assert len(split_list(f"{numbers}\n    - ไปทุกวันพุธก็ยังดี")) == 3
