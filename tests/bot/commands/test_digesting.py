from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
import typer
from openpyxl import load_workbook
from sqlalchemy import update

from bot.commands.days import days_of
from handlers.tally import Range
from handlers.texts import load_texts
from storage.models import Report
from tests.bot.commands.conftest import Installation

DAY = "2022-06-03 08:30:00"
ROWS = [
    ("1", "น้ำประปาไม่ไหล", "", "", "", "", DAY),
    ("2", "น้ำประปาขุ่นมาก ต.เวียง อ.เชียงของ", "", "", "", "", DAY),
    ("3", "ขายของกินหมดอายุในตลาดสด กินแล้วท้องเสียทั้งบ้าน", "", "", "", "", DAY),
    ("4", "มีคนขายยาบ้าในซอย", "", "", "", "", DAY),
    ("5", "น้ำประปาไม่ไหลอีกแล้ว", "", "", "", "", "2022-05-28 08:30:00"),
    ("6", "น้ำประปาไม่ไหลเดือนหลัง", "", "", "", "", "2022-07-28 08:30:00"),
]
MONTH = ("digest", "--province", "chiang-rai", "--from", "2022-06-01", "--to", "2022-06-30")


@pytest.fixture
def filled(here: Installation) -> Installation:
    done = here.bot("import", here.table("a.csv", ROWS), "--province", "chiang-rai")
    assert done.returncode == 0, done.stderr.decode()
    return here


def figures(here: Installation, *more: str) -> dict[str, Any]:
    done = here.bot(*MONTH, "--format", "json", *more)
    assert done.returncode == 0, done.stderr.decode()
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_a_month_counted_and_kept_once(filled: Installation) -> None:
    found = figures(filled)
    assert (found["total"], found["before"], found["private"]) == (3, 1, None)
    counts = {group["slug"]: group["count"] for group in found["groups"]}
    assert counts["land-water-forest"] == 2
    assert {"name": "เชียงของ", "count": 1} in found["amphoe"]
    assert "all" not in found, "that is the total"
    assert "ยาบ้า" not in json.dumps(found, ensure_ascii=False)
    assert figures(filled) == found, "the same question gives the same digest"
    assert filled.rows("SELECT id, status FROM digest") == [(found["id"], "draft")]
    text = filled.bot(*MONTH).stdout.decode()
    assert "ทั้งหมด 3 เรื่อง" in text
    assert "1–30 มิ.ย. 65" in text or "1 มิ.ย. 65" in text


def test_private_reports_are_told_as_to_an_officer_off_the_roster(filled: Installation) -> None:
    texts = load_texts()
    few, label = texts.say("th", "digest.private_few"), texts.say("th", "digest.private")
    text = filled.bot(*MONTH).stdout.decode()
    assert few in text
    assert label not in text
    more = [(f"S{n}", "มีคนขายยาบ้าในซอย", "", "", "", "", DAY) for n in range(4)]
    assert filled.bot("import", filled.table("b.csv", more), "--province", "chiang-rai").returncode == 0
    text = filled.bot(*MONTH).stdout.decode()
    assert few not in text
    assert f"{label} 5" in " ".join(text.replace(":", " ").split())
    assert figures(filled)["private"] == 5


def test_narrowed_by_place_and_category(filled: Installation) -> None:
    assert figures(filled, "--amphoe", "เชียงของ")["total"] == 1
    assert figures(filled, "--category", "water")["total"] == 2
    assert figures(filled, "--category", "land-water-forest")["total"] == 2, "the province's own category"
    assert figures(filled, "--agency", "สปสช.")["total"] == 0
    filled.place.execute(
        update(Report).where(Report.source_key == "3").values(category="disease_food", sub="food_safety")
    )
    own = figures(filled, "--category", "economy-agriculture")
    assert [(group["slug"], group["count"]) for group in own["groups"]] == [("economy-agriculture", 1)]
    assert figures(filled, "--category", "public-health")["total"] == 0, "it claims the rest of disease_food only"
    text = filled.bot(*MONTH, "--category", "water").stdout.decode()
    assert "ประเด็น" in text.splitlines()[0], "what was left out is said in the title"


def test_a_workbook_and_a_file(filled: Installation) -> None:
    book = filled.folder / "d.xlsx"
    assert filled.bot(*MONTH, "--format", "xlsx", "--out", book).returncode == 0
    sheets = load_workbook(book)
    assert sheets.sheetnames == ["digest", "groups", "amphoe"]
    cells = {str(name): value for name, value in sheets["digest"].iter_rows(values_only=True)}
    assert (cells["total"], cells["from"]) == (3, "2022-06-01")
    assert filled.bot(*MONTH, "--out", filled.folder / "d.txt").stdout == b""
    assert "ทั้งหมด 3" in (filled.folder / "d.txt").read_text("utf-8")


def test_a_week_of_nothing_is_no_failure(filled: Installation) -> None:
    done = filled.bot("digest", "--province", "chiang-rai", "--week", "2022-W40")
    assert done.returncode == 0
    assert "ไม่มีเรื่องใหม่" in done.stdout.decode()


@pytest.mark.parametrize(
    ("week", "first", "last", "named"),
    [
        ("2026-W99", "", "", "2026-W99"),
        ("2025-W53", "", "", "2025-W53"),
        ("next", "", "", "next"),
        ("2026-W47", "2026-01-01", "", "not both"),
        ("", "2026-01-01", "", "belong together"),
        ("", "2026-02-30", "2026-03-01", "2026-02-30"),
        ("", "2026-03-02", "2026-03-01", "before"),
        ("", "2569-01-01", "2569-03-01", "common era"),
    ],
)
def test_days_that_there_are_not(week: str, first: str, last: str, named: str) -> None:
    with pytest.raises(typer.BadParameter, match=named):
        days_of(week, first, last, date(2026, 11, 22))


def test_days_that_there_are() -> None:
    today = date(2026, 11, 22)  # a Sunday
    this_week = Range(date(2026, 11, 16), today)
    assert days_of("", "", "", today) == this_week
    assert days_of("2026-W47", "", "", today) == this_week
    assert days_of("2026-w1", "", "", today).first == date(2025, 12, 29)
    assert days_of("", "2022-06-01", "2022-06-30", today) == Range(date(2022, 6, 1), date(2022, 6, 30))


@pytest.mark.parametrize(
    ("wrong", "named"),
    [("--week 2026-W99", "2026-W99"), ("--format png", "text, json, xlsx"), ("--format xlsx", "--out")],
)
def test_wrong_use_says_what_is_right(bare: Installation, wrong: str, named: str) -> None:
    done = bare.bot("digest", "--province", "chiang-rai", *wrong.split())
    assert done.returncode == 2
    assert named in done.stderr.decode()
    assert not (bare.folder / "data").exists()


def test_unknown_words_are_answered_with_the_known_ones(bare: Installation) -> None:
    for option, known in (("--amphoe", "เชียงของ"), ("--category", "water"), ("--agency", "สปสช.")):
        done = bare.bot("digest", "--province", "chiang-rai", option, "atlantis")
        assert done.returncode == 2
        assert known in done.stderr.decode()
