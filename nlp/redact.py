"""Masking what is personal: numbers and addresses by pattern, names by the words around them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial

from nlp.digit_runs import DigitRuns
from nlp.names import NameFinder
from nlp.tables import Table, TableError, read_table, subtable, subtables, text, texts

FILE = "personal.toml"
_FIRST_MARK = 0xE000
"""Cleaned texts hold no characters of the private use area, so one of them stands for a placeholder meanwhile."""
_MOST_ROUNDS = 6


@dataclass(frozen=True, slots=True)
class Masked:
    """A masked text and what was masked in it, by kind ('phone', 'name', …), one entry a masking."""

    text: str
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Mask:
    what: str
    needs: tuple[str, ...]
    pattern: re.Pattern[str]


class Redactor:
    """All patterns and names, ready to mask."""

    def __init__(self) -> None:
        """Read `personal.toml`, `names.toml` and PyThaiNLP's lists of names.

        Raises:
            TableError: a list is missing or a pattern is no regular expression.
        """
        table = read_table(FILE)
        placeholders = subtable(table, "placeholder", FILE)
        self._marks = {what: chr(_FIRST_MARK + number) for number, what in enumerate(placeholders)}
        self._placeholders = {text(placeholders, what, FILE): mark for what, mark in self._marks.items()}
        self._masks = [self._mask(row) for row in subtables(table, "mask", FILE)]
        spelled = subtable(table, "spelled", FILE)
        self._runs = DigitRuns({name: text(spelled, name, FILE) for name in spelled})
        self._names = NameFinder(subtable(table, "name", FILE), f"{FILE}: name", self._mark("phone"))

    def mask(self, cleaned: str) -> Masked:
        """Return a cleaned text with everything recognised as personal replaced by a Thai placeholder.

        Masking a masked text changes nothing.
        """
        marked = cleaned
        if "[" in cleaned:
            for placeholder, mark in self._placeholders.items():
                marked = marked.replace(placeholder, mark)
        kinds: list[str] = []
        for _ in range(_MOST_ROUNDS):
            # What was masked changes what stands around the rest.
            before = marked
            marked = self._mask_names(self._mask_patterns(marked, kinds), kinds)
            if marked == before:
                break
        for placeholder, mark in self._placeholders.items() if kinds or marked != cleaned else ():
            marked = marked.replace(mark, placeholder)
        return Masked(marked, tuple(kinds))

    def holds_mask(self, masked: str) -> bool:
        """Return whether something was masked in a text."""
        return any(placeholder in masked for placeholder in self._placeholders)

    def without(self, cleaned: str, what: str) -> str:
        """Return a cleaned text from which everything of one kind, such as 'phone', is taken out.

        All else stays as it was said.
        """
        numbers = [number for number in self._runs.find(cleaned) if number.what == what]
        for number in reversed(numbers):
            cleaned = f"{cleaned[: number.start].rstrip()} {cleaned[number.end :].lstrip()}"
        for mask in self._masks:
            if mask.what == what:
                cleaned = mask.pattern.sub(partial(_put, ""), cleaned)
        return cleaned.strip()

    def _mask(self, row: Table) -> _Mask:
        what = text(row, "what", FILE)
        self._mark(what)
        try:
            pattern = re.compile(text(row, "pattern", f"{FILE}: {what}"))
        except re.error as error:
            raise TableError(FILE, f"mask {what}: pattern", str(error)) from error
        return _Mask(what, texts(row, "needs", f"{FILE}: {what}"), pattern)

    def _mark(self, what: str) -> str:
        if what not in self._marks:
            raise TableError(FILE, f"placeholder.{what}", "a text is needed")
        return self._marks[what]

    def _mask_patterns(self, marked: str, kinds: list[str]) -> str:
        lowered = marked.lower()
        if any(map(str.isdigit, marked)):
            lowered += "0"
        for number in reversed(self._runs.find(marked)):
            marked = marked[: number.start] + self._mark(number.what) + marked[number.end :]
            kinds.append(number.what)
        for mask in self._masks:
            if any(need in lowered for need in mask.needs):
                marked, count = mask.pattern.subn(partial(_put, self._mark(mask.what)), marked)
                kinds += [mask.what] * count
        return marked

    def _mask_names(self, marked: str, kinds: list[str]) -> str:
        spans = self._names.find(marked)
        for start, end in reversed(spans):
            marked = marked[:start] + self._mark("name") + marked[end:]
        kinds += ["name"] * len(spans)
        return marked


def _put(mark: str, found: re.Match[str]) -> str:
    return f"{found.groupdict().get('keep') or ''}{mark}"
