"""Taking out of a text what tells where in a tambon somebody lives; tambon, amphoe and province may stay."""

from __future__ import annotations

import re
from collections.abc import Iterable

from nlp.tables import pattern, read_table, subtable, text

FILE = "places.toml"
_LEAST = 3
"""Letters of a name from which it is looked for without the word for a village before it."""


class Hiding:
    """The patterns, ready for use."""

    def __init__(self) -> None:
        """Read the table `hide` of `places.toml`.

        Raises:
            TableError: a pattern is missing or is no regular expression.
        """
        table = subtable(read_table(FILE), "hide", FILE)
        self._mark, self._word = text(table, "mark", FILE), text(table, "word", FILE)
        self._told = pattern(table, "told", FILE)
        self._area = pattern(table, "area", FILE).pattern
        self._gap = re.compile(rf"(?:{re.escape(self._mark)}\s*)+")

    def hide(self, said: str, names: Iterable[str]) -> str:
        """Return a text without house, lane and village numbers and these names, a mark in their place.

        Args:
            said: the text.
            names: words of villages and landmarks; each is also looked for without the word for a village.
        """
        hidden = self._told.sub(self._mark, said)
        for name in sorted(self._parts(names), key=len, reverse=True):
            hidden = re.sub(self._area + re.escape(name), self._mark, hidden)
        return self._gap.sub(f"{self._mark} ", hidden).strip() if hidden != said else said

    def _parts(self, names: Iterable[str]) -> set[str]:
        parts = {part for name in names for part in (name.strip(), *name.split())}
        parts |= {part.removeprefix(self._word) for part in parts}
        return {part for part in parts if len(part) >= _LEAST and not part.isdigit()}
