from __future__ import annotations

import gzip
import json
import os
import signal
import time
from pathlib import Path

import pytest
from openpyxl import Workbook

from bot.commands.columns import recognise
from bot.commands.importing import Outcome
from bot.settings import secret_of
from storage import reports
from storage.models import Report
from tests import rig
from tests.bot.commands.conftest import HEADER, Installation

FLOOD = ("T-1", "น้ำท่วมถนนหน้าตลาด รถผ่านไม่ได้", "น้ำท่วม|ถนน", "", "", "", "2022-06-03 08:30:00")
LIGHT = ("T-2", "ไฟทางดับมาสามคืน", "แสงสว่าง", "เชียงราย", "เชียงของ", "เวียง", "2022-06-04T20:00:00+07:00")
THANKS = ("T-3", "ขอบคุณค่ะ", "", "", "", "", "")


def sources(here: Installation) -> dict[str, dict[str, str]]:
    """The columns kept with each report, opened with the installation's key, by source key."""
    database = rig.open_database(here.url, secret_of(here.place.settings()))
    with database.readers() as session:
        found = {str(row.source_key): reports.source_of(session, row) for row in session.query(Report)}
    database.engine.dispose()
    return found


def test_rows_become_reports_with_their_columns_time_and_place(here: Installation) -> None:
    done = here.bot("import", here.table("a.csv", [FLOOD, LIGHT, THANKS]), "--province", "chiang-rai")
    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout.decode().splitlines()[-1] == "import: 3 rows, 3 new, 0 already there, 0 left out"
    rows = here.rows(
        "SELECT source_key, province, kind, created_at, tambon_code, source_sealed, category FROM report ORDER BY id"
    )
    assert [row[0] for row in rows] == ["T-1", "T-2", "T-3"]
    assert {row[1] for row in rows} == {"chiang-rai"}
    assert {row[2] for row in rows} == {"problem"}, "thanks that somebody recorded is a report"
    assert rows[0][3].startswith("2022-06-03 01:30:00"), "a time without a zone is Bangkok's"
    assert rows[1][3].startswith("2022-06-04 13:00:00")
    assert rows[2][3] > "2026", "without a time it is told now"
    assert rows[1][4] == "570301", "the columns tell the place that the text leaves out"
    assert "น้ำท่วม|ถนน".encode() not in rig.raw(here.url), "a table may hold names of people"
    source = sources(here)["T-1"]
    assert "text" not in source
    assert source["types"] == "น้ำท่วม|ถนน"
    assert rows[0][6] == "disaster_haze"
    assert "not used" not in done.stderr.decode()


def test_columns_that_say_nothing_to_us_are_named_once_and_kept(here: Installation) -> None:
    rows = [("T-1", "ไฟทางดับ", "สมชาย ใจดี", "08", "เชียงของ", "เวียง"), ("T-2", "ถนนพัง", "", "09", "เชียงของ", "เวียง")]
    file = here.table("a.csv", rows, ("id", "text", "officer", "hour", "Amphoe", "Tambon"))
    done = here.bot("import", file, "--province", "chiang-rai")
    assert done.returncode == 0, done.stderr.decode()
    said = done.stderr.decode()
    assert said.count("not used") == 1
    assert "import: columns officer, hour not used; they are kept with each row" in said
    assert sources(here)["T-1"]["officer"] == "สมชาย ใจดี"
    assert here.rows("SELECT tambon_code FROM report") == [("570301",), ("570301",)]
    one = here.bot("import", here.table("b.csv", [("ก", "x")], ("text", "officer")), "--province", "trat")
    assert "import: column officer not used; it is kept with each row" in one.stderr.decode()


@pytest.mark.parametrize("names", [("amphoe", "tambon"), ("อำเภอ", "ตำบล"), ("ชื่ออำเภอ", "ชื่อตำบล")])
def test_the_place_is_known_by_many_names(names: tuple[str, str]) -> None:
    assert recognise(["text", *names]).known == {"text": 0, "district": 1, "subdistrict": 2}


def test_of_rows_with_one_id_the_first_stands_and_the_others_are_named(here: Installation) -> None:
    rows = [
        ("A", "ถนนพัง", "", "", "", "", ""),
        ("A", "น้ำไม่ไหล", "", "", "", "", ""),
        ("B", "", "", "", "", "", ""),
        ("B", "ไฟดับ", "", "", "", "", ""),
        *((f"C{n}", "ขยะเต็มถัง", "", "", "", "", "") for n in range(600)),
        ("A", "ท่อตัน", "", "", "", "", ""),
    ]
    file = here.table("a.csv", rows)
    done = here.bot("import", file, "--province", "chiang-rai")
    assert (
        "import: 2 rows repeat an id that stands above: lines 3, 606; the first of an id stands" in done.stderr.decode()
    )
    summary = "import: 605 rows, 602 new, 0 already there, 2 repeating an id above, 1 left out"
    assert done.stdout.decode().splitlines()[-1] == summary
    said = "SELECT category FROM report WHERE source_key = 'A'"
    assert here.rows(said) == [("infrastructure",)]
    assert here.rows("SELECT count(*) FROM report WHERE source_key = 'B'") == [(1,)], "the first could not be taken"
    again = here.bot("import", file, "--province", "chiang-rai").stdout.decode()
    assert "605 rows, 0 new, 602 already there, 2 repeating an id above, 1 left out" in again


def test_many_repeats_are_counted_and_one_is_no_plural() -> None:
    assert "1 row repeats an id that stands above: line 5;" in Outcome(repeats=[5]).repeated()
    many = Outcome(repeats=list(range(2, 32))).repeated()
    assert "30 rows repeat" in many
    assert ", 21 and 10 more;" in many


def test_the_help_lists_the_columns_by_all_their_names(bare: Installation) -> None:
    said = bare.bot("import", "--help").stdout.decode()
    assert said.count("วันที่รับเรื่อง") == 1
    for name in (*HEADER, "tambon", "amphoe", "ตำบล", "อำเภอ"):
        assert name in said


def test_a_second_import_adds_nothing_even_without_ticket_ids(here: Installation) -> None:
    same = ("", "ขยะเต็มถัง ไม่มีคนเก็บ", "ขยะ", "", "", "", "2022-06-03 08:30:00")
    file = here.table("a.csv", [same, same, FLOOD, FLOOD])
    first = here.bot("import", file, "--province", "chiang-rai")
    assert b"4 rows, 3 new, 0 already there, 1 repeating an id above, 0 left out" in first.stdout, (
        "twice the same words are two rows, the same ticket is one"
    )
    second = here.bot("import", file, "--province", "chiang-rai")
    assert second.returncode == 0
    assert b"4 rows, 0 new, 3 already there, 1 repeating an id above" in second.stdout
    assert b"1 row repeats an id that stands above: line 5" in second.stderr
    assert here.count() == 3
    assert b"4 rows, 3 new" in here.bot("import", file, "--province", "trat").stdout, "another province owns its own"


def test_broken_rows_are_named_with_their_line_and_good_ones_kept(here: Installation) -> None:
    file = here.folder / "a.csv"
    lines = [
        ",".join(HEADER),
        'A,"ถนนพัง\nสองบรรทัด",ถนน,,,,2022-06-01 10:00:00',  # lines 2 and 3
        "B,,ถนน,,,,2022-06-01 10:00:00",
        "C,น้ำไม่ไหล,น้ำ,,,,เมื่อวาน",
        "D,ไฟดับ,ไฟ,,,,2022-06-01 10:00:00,เกิน",
        'E,"เครื่องหมายไม่ปิด,ไฟ,,,,2022-06-01 10:00:00',
        'F,"หมาจรจัดเยอะ",สัตว์,,,,2022-06-01 10:00:00',
        "G,@@,x,,,,2022-06-01 10:00:00",
        "H,ท่อตัน,ท่อ,,,,1/6/2565 10:00",
    ]
    file.write_bytes("\n".join(lines).encode().replace(b"@@", b"\xb6\xb9\xb9") + b"\n")
    done = here.bot("import", file, "--province", "chiang-rai")
    assert done.returncode == 1
    said = done.stderr.decode()
    named = [line.partition(":")[0] for line in said.splitlines() if line.startswith("line ")]
    assert named == ["line 4", "line 5", "line 6", "line 7", "line 9"]
    assert said.splitlines()[-1].startswith("sansiang: 5 of 8 rows were left out")
    assert "Traceback" not in said
    kept = here.rows("SELECT source_key, created_at FROM report ORDER BY id")
    assert [key for key, _ in kept] == ["A", "F", "H"]
    assert kept[2][1].startswith("2022-06-01 03:00:00"), "a year of the Buddhist era"


def test_many_broken_rows_are_written_to_a_file(here: Installation) -> None:
    rows = [(f"T-{n}", "" if n % 2 else "ถนนพัง", "", "", "", "", "") for n in range(60)]
    done = here.bot("import", here.table("many.csv", rows), "--province", "chiang-rai")
    assert done.returncode == 1
    assert sum(line.startswith("line ") for line in done.stderr.decode().splitlines()) == 20
    listed = (here.folder / "data" / "import-errors-many.csv").read_text("utf-8-sig").splitlines()
    assert listed[0] == "line,error"
    assert [line.partition(",")[0] for line in listed[1:]] == [str(n + 2) for n in range(60) if n % 2]
    assert here.count() == 30


def test_a_file_of_an_old_program(here: Installation) -> None:
    header = ("รหัสเรื่อง", "รายละเอียด", "ประเภท", "จังหวัด", "อำเภอ", "ตำบล", "วันที่แจ้ง")
    file = here.table("a.csv", [FLOOD, LIGHT], header, encoding="cp874", delimiter=";")
    done = here.bot("import", file, "--province", "chiang-rai")
    assert done.returncode == 0, done.stderr.decode()
    assert here.rows("SELECT source_key, masked_text FROM report ORDER BY id") == [FLOOD[:2], LIGHT[:2]]


def test_workbooks_and_packed_files(here: Installation) -> None:
    book = Workbook()
    assert book.active is not None
    for row in (HEADER, FLOOD, ("T-9", "", "", "", "", "", "")):
        book.active.append(row)
    book.save(here.folder / "a.xlsx")
    done = here.bot("import", here.folder / "a.xlsx", "--province", "chiang-rai")
    assert done.returncode == 1
    assert b"line 3: its column 'text' is empty" in done.stderr
    packed = here.folder / "b.csv.gz"
    packed.write_bytes(gzip.compress(here.table("b.csv", [LIGHT]).read_bytes()))
    assert here.bot("import", packed, "--province", "chiang-rai").returncode == 0
    assert {key for (key,) in here.rows("SELECT source_key FROM report")} == {"T-1", "T-2"}
    packed.write_bytes(packed.read_bytes()[:-40])
    broken = here.bot("import", packed, "--province", "trat")
    assert broken.returncode == 1
    assert b"fetch it again" in broken.stderr


def test_wrong_files_and_wrong_use_say_so_in_a_line(bare: Installation) -> None:
    file = bare.table("a.csv", [("x", "y")], ("ก", "ข"))
    no_text = bare.bot("import", file, "--province", "chiang-rai")
    assert no_text.returncode == 1
    assert len(no_text.stderr.decode().splitlines()) == 1
    assert "ก, ข" in no_text.stderr.decode()
    assert bare.bot("import", file, "--province", "atlantis").returncode == 2
    assert bare.bot("import", bare.folder / "none.csv", "--province", "trat").returncode == 2
    (bare.folder / "empty.csv").write_bytes(b"")
    assert bare.bot("import", bare.folder / "empty.csv", "--province", "trat").returncode == 1


def test_an_import_that_was_killed_is_completed_without_doubles(here: Installation) -> None:
    rows = [("" if n % 3 else f"T-{n}", f"ถนนพังช่วงที่ {n % 500}", "", "", "", "", "") for n in range(4000)]
    file = here.table("a.csv", rows)
    assert here.bot("migrate").returncode == 0
    running = here.start("import", file, "--province", "chiang-rai")
    deadline = time.monotonic() + 60
    while here.count() == 0 and time.monotonic() < deadline:
        time.sleep(0.02)
    running.kill()
    assert running.wait(60) == -signal.SIGKILL
    before = here.count()
    assert 0 < before < 4000
    assert here.bot("import", file, "--province", "chiang-rai").returncode == 0
    assert here.count() == 4000
    assert here.rows("SELECT count(DISTINCT source_key), count(DISTINCT code) FROM report") == [(4000, 4000)]
    assert here.rows("SELECT count(*) FROM report_part") == [(4000,)]


def test_two_imports_at_once_add_every_row_once(here: Installation) -> None:
    file = here.table("a.csv", [(f"T-{n}", f"ถนนพังช่วงที่ {n}", "", "", "", "", "") for n in range(1500)])
    assert here.bot("migrate").returncode == 0
    both = [here.start("import", file, "--province", "chiang-rai") for _ in range(2)]
    assert [one.wait(60) for one in both] == [0, 0]
    assert here.rows("SELECT count(*), count(DISTINCT source_key) FROM report") == [(1500, 1500)]


@pytest.mark.skipif("SANSIANG_DATA" not in os.environ, reason="SANSIANG_DATA names no folder of data")
def test_the_first_rows_of_a_real_city(bare: Installation) -> None:
    whole = Path(os.environ["SANSIANG_DATA"]) / "traffy_reports.csv.gz"
    file = bare.folder / "part.csv"
    with gzip.open(whole, "rt", encoding="utf-8") as lines:
        file.write_text("".join(line for line, _ in zip(lines, range(2001), strict=False)), "utf-8")
    done = bare.bot("import", file, "--province", "chiang-rai")
    assert done.returncode == 0, done.stderr.decode()[-500:]
    assert b"2000 rows, 2000 new" in done.stdout
    assert bare.rows("SELECT count(*) FROM report WHERE kind IN ('spam','chitchat','thanks')") == [(0,)]
    counted = bare.bot(
        "digest", "--province", "chiang-rai", "--from", "2000-01-01", "--to", "2099-12-31", "--format", "json"
    )
    figures = json.loads(counted.stdout)
    private = bare.rows(
        "SELECT count(*) FROM report WHERE private AND coalesce(sensitive, '') NOT IN ('', 'health_private')"
    )[0][0]
    assert figures["total"] == 2000 - private
    assert sum(group["count"] for group in figures["groups"]) == figures["total"]
