"""Tables in files, row by row and with line numbers: CSV and CSV.gz in the encodings Thai offices use, and XLSX."""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import IO

DELIMITERS = ",;\t"
GZIP, ZIP, OLD_EXCEL = b"\x1f\x8b", b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
UTF16 = (b"\xff\xfe", b"\xfe\xff")


class TableFileError(Exception):
    """A file is no table that can be read; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Record:
    """One row. `line` is the file's line it begins on, the first being 1; `trouble` says why its cells are unusable."""

    line: int
    cells: Sequence[str]
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table being read. `done` tells how much of it was read, 0 to 1."""

    header: Sequence[str]
    records: Iterator[Record]
    done: Callable[[], float]


@contextmanager
def open_table(path: Path) -> Iterator[Table]:
    """Open a table by what is in the file, whatever its name ends in.

    :raises TableFileError: it is none, or is empty; also while its records are read, where the file breaks off.
    """
    with path.open("rb") as raw, ExitStack() as stack:
        start = raw.read(4)
        raw.seek(0)
        if start == OLD_EXCEL:
            raise TableFileError(f"{path.name}: an old Excel file; save it as .xlsx or .csv")
        try:
            yield _sheet(path, raw) if start == ZIP else _csv(path, raw, stack, packed=start.startswith(GZIP))
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise TableFileError(f"{path.name}: the packed file is broken ({error}); fetch it again") from None
        except UnicodeError as error:
            raise TableFileError(f"{path.name}: {error.reason if hasattr(error, 'reason') else error}") from None


def _csv(path: Path, raw: IO[bytes], stack: ExitStack, *, packed: bool) -> Table:
    size = max(path.stat().st_size, 1)

    def unpacked() -> gzip.GzipFile | IO[bytes]:
        raw.seek(0)
        return gzip.GzipFile(fileobj=raw) if packed else raw

    encoding = _encoding(unpacked())
    text = io.TextIOWrapper(unpacked(), encoding, "surrogateescape", newline="")
    stack.callback(text.detach)  # else it closes the file when nobody holds it any more
    lines = _Lines(text)
    first = next((line for line in lines if line.strip()), "")
    lines.back_to_start(first)
    delimiter = max(DELIMITERS, key=first.count)
    records = _records(lines, delimiter, encoding)
    header = next(records, None)
    if header is None:
        raise TableFileError(f"{path.name}: the file is empty")
    return Table([cell.strip() for cell in header.cells], records, lambda: min(raw.tell() / size, 1.0))


def _encoding(lines: Iterable[bytes]) -> str:
    """The encoding of most lines that are not plain ASCII: a single broken line does not change it."""
    good = bad = 0
    for number, line in enumerate(lines):
        if number == 0 and line.startswith(UTF16):
            return "utf-16"
        if line.isascii():
            continue
        try:
            line.decode()
            good += 1
        except UnicodeDecodeError:
            bad += 1
    return "cp874" if bad > good else "utf-8-sig"


class _Lines:
    """Lines of a file, counted; those that a broken row swallowed can be given back."""

    def __init__(self, source: Iterable[str]) -> None:
        self._source, self._waiting = iter(source), deque[str]()
        self.number = 0
        self.taken: list[str] = []

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._waiting.popleft() if self._waiting else next(self._source)
        self.number += 1
        self.taken.append(line)
        return line.replace("\0", "")

    def give_back(self) -> str:
        """Keep only the first line taken for this row."""
        first, *rest = self.taken
        self._waiting.extendleft(reversed(rest))
        self.number -= len(rest)
        return first

    def back_to_start(self, line: str) -> None:
        """Give back the line that was looked at."""
        if line:
            self._waiting.append(self.taken[-1])
            self.number -= 1


def _records(lines: _Lines, delimiter: str, encoding: str) -> Iterator[Record]:
    """Rows of a CSV file, the header first.

    Read strictly, because a quotation mark that is never closed would else swallow the rows behind it: such a row is
    trouble by itself, and the lines behind it are read again.
    """
    reader, width = csv.reader(lines, delimiter=delimiter, strict=True), 0
    while True:
        lines.taken.clear()
        line = lines.number + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            cells = _alone(lines.give_back(), delimiter)
            if len(cells) != width:
                yield Record(line, cells, "its quotation marks do not match")
                continue
        if width and len(cells) != width and len(lines.taken) > 1:
            yield Record(line, _alone(lines.give_back(), delimiter), "its quotation marks do not match")
        elif cells:
            yield Record(line, cells, _trouble(cells, width, encoding))
            width = width or len(cells)


def _alone(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []


def _trouble(cells: Sequence[str], width: int, encoding: str) -> str:
    if width and len(cells) > width:
        return f"it has {len(cells)} cells, the header has {width}"
    if any("\ud800" <= letter <= "\udfff" for cell in cells if not cell.isascii() for letter in cell):
        return f"it is not written in {'UTF-8' if encoding == 'utf-8-sig' else encoding} as the file is"
    return ""


def _sheet(path: Path, raw: IO[bytes]) -> Table:
    """The first sheet of a workbook."""
    from zipfile import BadZipFile  # noqa: PLC0415

    from openpyxl import load_workbook  # noqa: PLC0415  # a fifth of a second
    from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415

    try:
        sheet = load_workbook(raw, read_only=True, data_only=True).worksheets[0]
    except (BadZipFile, InvalidFileException, KeyError, IndexError, ValueError) as error:
        raise TableFileError(f"{path.name}: no Excel workbook that can be read ({error})") from None
    total = sheet.max_row or 0
    if total <= 1:  # some programs write a size that is not true
        sheet.reset_dimensions()
    seen = 0

    def records() -> Iterator[Record]:
        nonlocal seen
        width = 0
        for line, values in enumerate(sheet.iter_rows(values_only=True), 1):
            seen = line
            cells = [_text(value) for value in values]
            while cells and not cells[-1]:
                cells.pop()
            if cells:
                yield Record(line, cells, _trouble(cells, width, "xlsx"))
                width = width or len(cells)

    rows = records()
    header = next(rows, None)
    if header is None:
        raise TableFileError(f"{path.name}: the first sheet is empty")
    return Table([cell.strip() for cell in header.cells], rows, lambda: min(seen / max(total, seen, 1), 1.0))


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
