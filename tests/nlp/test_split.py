from __future__ import annotations

from datetime import date

import pytest

from nlp.split import read_header, split_list


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
