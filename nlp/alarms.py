"""Danger and wrong in combined words, by the patterns of `alarms.toml`: who does what to whom."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from nlp.tables import Table, TableError, read_table, subtable, subtables, text, texts

FILE = "alarms.toml"
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
    """All alarms, ready to look through texts."""

    def __init__(self) -> None:
        """Read `alarms.toml`.

        Raises:
            TableError: a key is missing or of the wrong shape, or a pattern is no regular expression.
        """
        table = read_table(FILE)
        words = subtable(table, "word", FILE)
        self._words = {name: text(words, name, f"{FILE}: word") for name in words}
        self._supposed = self._compile(text(table, "supposed", FILE), "supposed")
        self._supposed_inside = self._compile(text(table, "supposed_inside", FILE), "supposed_inside")
        self._alarms = tuple(self._alarm(row) for row in subtables(table, "alarm", FILE))
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
        where = f"{FILE}: alarm {text(row, 'name', FILE)}"
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
        for name, words in self._words.items():
            pattern = pattern.replace(f"{{{name}}}", words)
        try:
            return re.compile(pattern)
        except re.error as error:
            raise TableError(FILE, where, str(error)) from error
