"""Masking what is personal: numbers and addresses by pattern, names behind titles."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial

from nlp.names import NameFinder
from nlp.tables import TableError, read_table, subtable, subtables, text

FILE = "personal.toml"


@dataclass(frozen=True, slots=True)
class Masked:
    """A masked text and what was masked in it, by kind ('phone', 'name', …), one entry a masking."""

    text: str
    kinds: tuple[str, ...]


class Redactor:
    """All patterns and names, ready to mask."""

    def __init__(self) -> None:
        """Read `personal.toml` and PyThaiNLP's lists of given names.

        Raises:
            TableError: a list is missing or a pattern is no regular expression.
        """
        table = read_table(FILE)
        self._masks: list[tuple[str, str, str, re.Pattern[str]]] = []
        for row in subtables(table, "mask", FILE):
            what = text(row, "what", FILE)
            try:
                pattern = re.compile(text(row, "pattern", f"{FILE}: {what}"))
            except re.error as error:
                raise TableError(FILE, f"mask {what}: pattern", str(error)) from error
            placeholder = text(row, "placeholder", f"{FILE}: {what}")
            self._masks.append((what, text(row, "needs", f"{FILE}: {what}", ""), placeholder, pattern))
        self._names = NameFinder(subtable(table, "name", FILE), f"{FILE}: name")

    def mask(self, cleaned: str) -> Masked:
        """Return a cleaned text with everything recognised as personal replaced by a Thai placeholder."""
        kinds: list[str] = []
        masked = cleaned
        digits = "0" if any(map(str.isdigit, cleaned)) else ""
        for what, needs, placeholder, pattern in self._masks:
            if needs in digits or (needs != "0" and needs in cleaned):
                masked, count = pattern.subn(partial(_put, placeholder), masked)
                kinds += [what] * count
        spans = self._names.find(masked)
        for start, end in reversed(spans):
            masked = masked[:start] + self._names.placeholder + masked[end:]
        return Masked(masked, (*kinds, *["name"] * len(spans)))


def _put(placeholder: str, found: re.Match[str]) -> str:
    kept = found.groupdict().get("keep") or ""
    return f"{kept}{placeholder}"
