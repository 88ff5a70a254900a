"""The columns of an import: which is which, and what a row says."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from importlib.resources import files
from json import dumps
from typing import Any

from bot.commands.tables import Record
from handlers.desk import BANGKOK

FILE = "columns.toml"
LONGEST_KEY = 64  # letters of a source key's column
BUDDHIST, ERA_FROM, FIRST_YEAR = 543, 2400, 1900
_BEGINS = re.compile(r"^(\d{4})(?=-\d\d?-\d\d?)|^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?!\d)")
_CLOCK = re.compile(r"^(.{10})[T\s]+(\d{1,2})[:.](\d{2})(.*)$", re.DOTALL)


class ColumnsError(Exception):
    """A table has no column of texts; the text names the columns that it has."""


class RowError(Exception):
    """A row cannot become a report; the text says why."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of an import. `told` is None where the file does not say when; `source` is every column but the text."""

    line: int
    text: str
    ticket: str
    types: str
    timestamp: str
    told: datetime | None
    province: str
    district: str
    subdistrict: str
    source: Mapping[str, str]

    def key(self, occurrence: int) -> str:
        """What tells this row from all others of its province, at most 64 letters.

        :param occurrence: how many rows before it have the same `words`; means something only without a ticket id.
        """
        if self.ticket:
            return self.ticket if len(self.ticket) <= LONGEST_KEY else _hash([self.ticket])
        return _hash([self.text, self.timestamp, self.types, occurrence])

    @property
    def words(self) -> bytes:
        """What two rows without a ticket id share when they say the same."""
        return bytes.fromhex(_hash([self.text, self.timestamp, self.types]))


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a table's columns stand. `known` maps our names to positions, `names` are the table's own."""

    known: Mapping[str, int]
    names: Sequence[str]

    @property
    def unused(self) -> list[str]:
        """The names of columns that say nothing to us; they are kept with each row."""
        used = set(self.known.values())
        return [name for position, name in enumerate(self.names) if position not in used]

    def row(self, record: Record) -> Row:
        """What a record says.

        :raises RowError: it has no text, a time that cannot be read, or broken cells.
        """
        if record.trouble:
            raise RowError(record.trouble)
        cells = [*record.cells, *[""] * (len(self.names) - len(record.cells))]

        def said(name: str) -> str:
            return cells[self.known[name]].strip() if name in self.known else ""

        text = said("text")
        if not text:
            raise RowError(f"its column '{self.names[self.known['text']]}' is empty")
        source = {
            name: cell
            for position, (name, cell) in enumerate(zip(self.names, cells, strict=True))
            if position != self.known["text"]
        }
        stamp = said("timestamp")
        return Row(
            line=record.line,
            text=text,
            ticket=said("ticket_id"),
            types=said("types"),
            timestamp=stamp,
            told=read_time(stamp) if stamp else None,
            province=said("province"),
            district=said("district"),
            subdistrict=said("subdistrict"),
            source=source,
        )


def recognise(header: Sequence[str]) -> Layout:
    """Find our columns among a table's.

    :raises ColumnsError: none of them holds texts.
    """
    plain = [_plain(name) for name in header]
    known: dict[str, int] = {}
    for ours, called in _words()["columns"].items():
        position = next((plain.index(one) for one in map(_plain, called) if one in plain), None)
        if position is not None and position not in known.values():
            known[ours] = position
    if "text" not in known:
        wanted = ", ".join(_words()["columns"]["text"][:4])
        found = ", ".join(name or "(no name)" for name in header)
        raise ColumnsError(f"no column of texts (such as {wanted}) among the columns {found}")
    names: list[str] = []
    for number, name in enumerate(header, 1):
        own = name or f"column {number}"
        names.append(f"{own} {number}" if own in names else own)
    return Layout(known, names)


def column_names() -> Mapping[str, Sequence[str]]:
    """What each of our columns may be called, the usual name first."""
    names: Mapping[str, Sequence[str]] = _words()["columns"]
    return names


def read_time(stamp: str) -> datetime:
    """A time as tables write it, of either era; in Asia/Bangkok where it names no zone.

    :raises RowError: it is none.
    """
    try:
        found = datetime.fromisoformat(_CLOCK.sub(_clock, _BEGINS.sub(_common_era, stamp)))
        aware = found.replace(tzinfo=BANGKOK) if found.tzinfo is None else found
        aware = aware.astimezone(UTC)
    except (ValueError, OverflowError):
        raise RowError(f"its time '{stamp[:40]}' cannot be read; write it as 2026-11-21 14:30") from None
    if aware.year < FIRST_YEAR:
        raise RowError(f"its time '{stamp[:40]}' lies before {FIRST_YEAR}")
    return aware


def _common_era(found: re.Match[str]) -> str:
    year = int(found[1] or found[4])
    year -= BUDDHIST if year >= ERA_FROM else 0
    return f"{year:04d}" if found[1] else f"{year:04d}-{int(found[3]):02d}-{int(found[2]):02d}"


def _clock(found: re.Match[str]) -> str:
    return f"{found[1]}T{int(found[2]):02d}:{found[3]}{found[4].strip()}"


def place_words(row: Row, province: str) -> str:
    """How the row's own columns say where it is; '' where they say nothing or name another province."""
    words = _words()["place"]
    if row.province and _bare(row.province) != province:
        return ""
    parts = (("subdistrict", row.subdistrict), ("district", row.district))
    return " ".join(words[name].format(name=bare) for name, value in parts if (bare := _bare(value)))


def _bare(name: str) -> str:
    found = next((start for start in _words()["place"]["prefixes"] if name.startswith(start)), "")
    return name.removeprefix(found).strip()


def _plain(name: str) -> str:
    return re.sub(r"[\s_.\-]+", "", name.lstrip("\ufeff")).casefold()


def _hash(parts: list[object]) -> str:
    return sha256(dumps(parts, ensure_ascii=False).encode()).hexdigest()


@cache
def _words() -> dict[str, Any]:
    return tomllib.loads(files("bot.commands").joinpath(FILE).read_text("utf-8"))
