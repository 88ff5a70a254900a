"""Danger and wrong in combined words, by the patterns of `alarms.toml` and its kin: who does what to whom."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from nlp.tables import Table, TableError, read_table, subtable, subtables, text, texts

THAI = "alarms.toml"
ENGLISH = "alarms_en.toml"
_START = 2
"""Characters of a need at least."""
_BEFORE = 30
"""Characters before a match in which a supposition is looked for."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """One pattern and what a match raises. `needs` spares most texts the search; `short` 0 is any length."""

    needs: tuple[str, ...]
    gives: tuple[str, ...]
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None
    open: bool
    short: int


class AlarmTable:
    """All alarms of a language, ready to look through texts."""

    def __init__(self, file: str = THAI) -> None:
        """Read the table `file`. Its `[word]` entries may hold those above them.

        Raises:
            TableError: a key is missing or of the wrong shape, or a pattern is no regular expression.
        """
        self._file = file
        table = read_table(file)
        words = subtable(table, "word", file)
        self._words: dict[str, str] = {}
        for name in words:
            self._words[name] = self._filled(text(words, name, f"{file}: word"))
        self._supposed = self._compile(text(table, "supposed", file), "supposed")
        self._supposed_inside = self._compile(text(table, "supposed_inside", file), "supposed_inside")
        self._alarms = tuple(self._alarm(row) for row in subtables(table, "alarm", file))
        # By their first two characters, so that most are dismissed by one look over the text.
        self._needs: dict[tuple[str, str], list[tuple[str, int]]] = {}
        for number, alarm in enumerate(self._alarms):
            for need in alarm.needs:
                self._needs.setdefault((need[0], need[1]), []).append((need, number))
        self._pairs = frozenset(self._needs)

    def raised(self, folded: str) -> Iterator[tuple[str, int]]:
        """Yield each signal that a folded text raises, with the place where its words end."""
        for number in self._needed(folded):
            alarm = self._alarms[number]
            if alarm.short and len(folded) > alarm.short:
                continue
            found = self._first(alarm, folded)
            if found and not (alarm.unless and alarm.unless.search(folded)):
                for name in alarm.gives:
                    yield name, found.end()

    def _needed(self, folded: str) -> list[int]:
        """Return the numbers of the alarms of whose needs one stands in the text, in order."""
        pairs = self._pairs.intersection(pairwise(folded))
        return sorted({number for pair in pairs for need, number in self._needs[pair] if need in folded})

    def _first(self, alarm: Alarm, folded: str) -> re.Match[str] | None:
        for found in alarm.pattern.finditer(folded):
            before = folded[max(0, found.start() - _BEFORE) : found.start()]
            if alarm.open or not (self._supposed.search(before) or self._supposed_inside.search(found[0])):
                return found
        return None

    def _alarm(self, row: Table) -> Alarm:
        where = f"{self._file}: alarm {text(row, 'name', self._file)}"
        unless, short = text(row, "unless", where, ""), row.get("short", 0)
        if not isinstance(short, int):
            raise TableError(where, "short", "a number of characters is needed")
        needs = texts(row, "needs", where)
        if min(map(len, needs)) < _START:
            raise TableError(where, "needs", f"at least {_START} characters are needed")
        return Alarm(
            needs=needs,
            gives=texts(row, "gives", where),
            pattern=self._compile(text(row, "pattern", where), where),
            unless=self._compile(unless, where) if unless else None,
            open=row.get("open") is True,
            short=short,
        )

    def _compile(self, pattern: str, where: str) -> re.Pattern[str]:
        try:
            return re.compile(self._filled(pattern))
        except re.error as error:
            raise TableError(self._file, where, str(error)) from error

    def _filled(self, pattern: str) -> str:
        for name, words in self._words.items():
            pattern = pattern.replace(f"{{{name}}}", words)
        return pattern
