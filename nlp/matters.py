"""What a report is about, one grain finer than a category: the lines of `matters.toml` that its words are in."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from nlp.anchors import Words
from nlp.mentions import in_syllable
from nlp.normalize import fold
from nlp.tables import read_table, subtables, text, texts

FILE = "matters.toml"
_LOOSE = 5
"""Shorter words count only where a word of the tokenizer begins and where one ends."""

_THING = 0.4
"""What a thing tells, where a trouble tells 1."""


@dataclass(frozen=True, slots=True)
class Matter:
    """A word of the table, at `start` to `end` of a text written together, the numbers of the lines
    it is in, and what it tells of each."""

    start: int
    end: int
    lines: tuple[int, ...]
    weight: float


class Matters:
    """The table, ready to be looked up."""

    def __init__(self, known: Callable[[str], bool] = lambda _: True) -> None:
        """Read `matters.toml`, of its words only those that are `known`.

        Raises:
            TableError: a line is wrong.
        """
        rows = subtables(read_table(FILE), "matter", FILE)
        self.slugs = tuple(text(row, "slug", FILE) for row in rows)
        self._lines: dict[str, tuple[int, ...]] = {}
        self._things: set[str] = set()
        self._longest: dict[str, int] = {}
        for line, row in enumerate(rows):
            own = {_written(word) for word in texts(row, "words", FILE)}
            things = {_written(word) for word in texts(row, "with", FILE, ())}
            self._things |= things
            for word in filter(known, sorted(own | things)):
                self._lines[word] = tuple(dict.fromkeys((*self._lines.get(word, ()), line)))
                self._longest[word[:2]] = max(self._longest.get(word[:2], 0), len(word))

    def find(self, said: Words) -> list[Matter]:
        """Return the longest word of the table at each place of a text."""
        together, longest, lines = said.together, self._longest, self._lines
        begins, ends = frozenset(said.starts), frozenset((*said.starts, len(together)))
        found: list[Matter] = []
        for start in range(len(together) - 1):
            most = longest.get(together[start : start + 2], 0)
            least = 2 if start in begins else _LOOSE
            for length in range(min(most, len(together) - start), least - 1, -1):
                numbers = lines.get(together[start : start + length])
                end = start + length
                whole = end in ends or (length >= _LOOSE and not in_syllable(together, end))
                if numbers and whole:
                    found.append(Matter(start, end, numbers, self._weight(together[start:end], len(numbers))))
                    break
        return found

    def weights(self, found: Iterable[Matter]) -> dict[int, float]:
        """Return how much is said of each line, by its number."""
        weights: dict[int, float] = {}
        for matter in found:
            for line in matter.lines:
                weights[line] = max(weights.get(line, 0.0), matter.weight)
        return weights

    def _weight(self, word: str, lines: int) -> float:
        """Return what a word tells of a line: 1 where it is long, no mere thing, and in no other line."""
        return (_THING if word in self._things else 1.0) * min(1.0, 0.4 + 0.1 * len(word)) / math.sqrt(lines)


def _written(word: str) -> str:
    return fold(word).replace(" ", "").replace(".", "")
