"""`export`: a province's reports as a table for spreadsheet programs."""

from __future__ import annotations

import csv
import gzip
import io
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from bot.commands.cells import LONGEST, safe_cell

if TYPE_CHECKING:
    from bot.app import House
    from handlers.provinces import Province
    from storage.models import Report

COLUMNS = (
    "code",
    "created_at",
    "kind",
    "category",
    "province_category",
    "tambon_code",
    "status",
    "sensitive",
    "text",
    "masked_text",
    "summary",
    "source_id",
)
ENDINGS = (".csv", ".csv.gz", ".xlsx")

Write = Callable[[Sequence[str]], object]


def ending_of(path: Path) -> str:
    """Which of the formats a file's name asks for; '' for none."""
    return next((ending for ending in ENDINGS if path.name.lower().endswith(ending)), "")


def export_file(house: House, path: Path, province: Province, *, sensitive: bool) -> int:
    """Write a province's reports and tell how many those are; the file appears when it is whole.

    :param sensitive: whether the words of private reports stand in it; the file is for the roster's eyes then.
    :raises OSError: the file cannot be written.
    """
    count = 0
    with replacing(path) as fresh, _writer(fresh, ending_of(path)) as write:
        write(COLUMNS)
        for row in _rows(house, province, sensitive=sensitive):
            write([safe_cell(cell) for cell in row])
            count += 1
    _note(house, province, count, sensitive=sensitive)
    return count


def _rows(house: House, province: Province, *, sensitive: bool) -> Iterable[Sequence[str]]:
    from storage import bulk  # noqa: PLC0415

    with house.readers() as session:
        for page in bulk.pages(session, province.slug):
            for report, text in page:
                yield _row(report, text, province, shown=sensitive or not report.private)


def _row(report: Report, text: str, province: Province, *, shown: bool) -> tuple[str, ...]:
    from handlers.desk import BANGKOK  # noqa: PLC0415

    own = province.category_for(report.category, report.sub)
    told = report.masked_text if report.hidden else text  # who does not tell the exact place tells no table either
    return (
        report.code,
        report.created_at.astimezone(BANGKOK).isoformat(timespec="seconds"),
        report.kind,
        report.category,
        own.slug if own else "",
        report.tambon_code,
        report.status,
        report.sensitive or "",
        *((told, report.masked_text, report.summary) if shown else ("", "", "")),
        report.source_key or "",
    )


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A file beside `path`, for its owner only, that takes its place when all went well and goes when not."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        fresh.touch(mode=0o600)
        yield fresh
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


@contextmanager
def _writer(path: Path, ending: str) -> Iterator[Write]:
    if ending == ".xlsx":
        from openpyxl import Workbook  # noqa: PLC0415  # a fifth of a second

        book = Workbook(write_only=True)
        sheet = book.create_sheet("reports")
        yield lambda row: sheet.append([cell[:LONGEST] for cell in row])
        book.save(path)
        return
    with path.open("wb") as raw:
        packed = gzip.GzipFile("", "wb", 6, raw) if ending == ".csv.gz" else None
        # Excel takes a file for UTF-8 only when it begins with the mark.
        with io.TextIOWrapper(packed or raw, "utf-8-sig", newline="") as out:
            yield csv.writer(out).writerow


def _note(house: House, province: Province, count: int, *, sensitive: bool) -> None:
    from bot.clock import now  # noqa: PLC0415
    from storage import audit  # noqa: PLC0415

    with house.sessions.begin() as session:
        audit.note(session, "export", "province", now(), province=province.slug, rows=count, sensitive=sensitive)
