from __future__ import annotations

import csv
import gzip
import io

import pytest
from openpyxl import load_workbook

from bot.commands.cells import safe_cell
from tests.bot.commands.conftest import Installation

COLUMNS = (
    "code,created_at,kind,category,province_category,tambon_code,status,sensitive,text,masked_text,summary,source_id"
)
FORMULA = ("=1+1", '=HYPERLINK("http://x.example","ถนนพัง")', "", "", "", "", "2022-06-03 08:30:00")
PHONE = ("T-2", "น้ำไม่ไหลมาสามวัน โทร 081-234-5678\x0b", "", "", "", "", "2022-06-04 08:30:00")
SECRET = ("T-3", "มีคนขายยาบ้าที่บ้านหลังสุดท้ายในซอย ไม่ต้องบอกว่าใครแจ้ง", "", "", "", "", "2022-06-05 08:30:00")


@pytest.fixture
def filled(here: Installation) -> Installation:
    done = here.bot("import", here.table("a.csv", [FORMULA, PHONE, SECRET]), "--province", "chiang-rai")
    assert done.returncode == 0, done.stderr.decode()
    return here


def read(raw: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline="")))


def test_the_columns_the_guard_and_what_stays_private(filled: Installation) -> None:
    out = filled.folder / "out.csv"
    done = filled.bot("export", "--province", "chiang-rai", "--out", out)
    assert done.returncode == 0, done.stderr.decode()
    raw = out.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf"), "Excel needs the mark"
    assert raw.decode("utf-8-sig").splitlines()[0] == COLUMNS
    formula, phone, secret = read(raw)
    assert formula["text"].startswith("'=HYPERLINK")
    assert formula["source_id"] == "'=1+1"
    assert formula["created_at"] == "2022-06-03T08:30:00+07:00"
    assert "081-234-5678" in phone["text"]
    assert "081-234-5678" not in phone["masked_text"] + phone["summary"]
    assert (phone["category"], phone["province_category"]) == ("water", "land-water-forest")
    assert secret["sensitive"] == "drugs_tip"
    assert (secret["text"], secret["masked_text"], secret["summary"]) == ("", "", "")
    assert out.stat().st_mode & 0o077 == 0, "for its owner only"
    assert list(filled.folder.glob(".out*")) == []


def test_the_roster_may_have_the_words(filled: Installation) -> None:
    out = filled.folder / "out.csv.gz"
    assert filled.bot("export", "--province", "chiang-rai", "--sensitive", "--out", out).returncode == 0
    assert read(gzip.decompress(out.read_bytes()))[2]["text"] == SECRET[1]


def test_a_workbook(filled: Installation) -> None:
    out = filled.folder / "out.xlsx"
    assert filled.bot("export", "--province", "chiang-rai", "--out", out).returncode == 0
    sheet = load_workbook(out).worksheets[0]
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0] == tuple(COLUMNS.split(","))
    assert len(rows) == 4
    cell = sheet.cell(2, 9)
    assert (cell.data_type, str(cell.value)[:2]) == ("s", "'=")
    assert not rows[3][8]


def test_another_ending_is_wrong_use(bare: Installation) -> None:
    done = bare.bot("export", "--province", "trat", "--out", bare.folder / "out.pdf")
    assert done.returncode == 2
    assert b".csv.gz" in done.stderr


def test_a_folder_that_is_not_there_is_one_line(bare: Installation) -> None:
    done = bare.bot("export", "--province", "trat", "--out", bare.folder / "no" / "out.csv")
    assert done.returncode == 1
    assert len(done.stderr.decode().splitlines()) == 1


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_what_a_program_takes_for_a_formula_is_text(start: str) -> None:
    assert safe_cell(f"{start}1") == f"'{start}1"
    assert safe_cell(f"\x00{start}1") == f"'{start}1", "an illegal letter before it hides nothing"


def test_other_cells_stay_as_they_are() -> None:
    assert safe_cell("ถนนพัง\nสองบรรทัด") == "ถนนพัง\nสองบรรทัด"
    assert safe_cell("ก\x07ข\ud800") == "กข"
