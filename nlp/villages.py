"""Village words: a number or a name, as said."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass

from nlp.tables import Table, pattern, texts
from nlp.tokenize import Tokens

Span = tuple[int, int]
_SHORT = 12
# The word for a village, and what stands for it, are about so many characters long.
_PREFIX = 4


@dataclass(frozen=True, slots=True)
class VillageWords:
    """Where village numbers and names stand in a text."""

    numbers: tuple[Span, ...]
    names: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Villages:
    """The patterns of village words."""

    numbers: re.Pattern[str]
    school: tuple[re.Pattern[str], ...]
    school_after: re.Pattern[str]
    named: re.Pattern[str]
    first_part: re.Pattern[str]
    not_name: re.Pattern[str]
    stop: re.Pattern[str]
    before_place: re.Pattern[str]

    def find(self, said: Tokens, places: Sequence[Span] = ()) -> VillageWords:
        """Return where village words stand outside of `places`, the spans of other names. A school year is none."""
        folded = said.text
        numbers = tuple(
            _trimmed(folded, found.span())
            for found in self.numbers.finditer(folded)
            if "\u0e2b" in found[0]
            or not self._is_school(
                folded[max(0, found.start() - 24) : found.start()], folded[found.end() : found.end() + 24]
            )
        )
        names = (self._name(said, found.span(), numbers, places) for found in self.named.finditer(folded))
        return VillageWords(numbers, tuple(span for span in names if span))

    def said(self, folded: str, words: VillageWords, places: Sequence[Span] = ()) -> str:
        """Return the first name and number outside of `places`, '' for none: in the text's order if side by side."""
        names = [span for span in words.names if not any(start < span[1] and span[0] < end for start, end in places)]
        if not names or not words.numbers:
            spans = (*names[:1], *words.numbers[:1])
            return folded[slice(*spans[0])] if spans else ""
        name, number = names[0], words.numbers[0]
        if number[1] <= name[0] and not folded[number[1] : name[0]].strip():
            return f"{folded[slice(*number)]} {folded[slice(*name)]}"
        return f"{folded[slice(*name)]} {folded[slice(*number)]}"

    def _is_school(self, before: str, after: str) -> bool:
        return bool(self.school_after.search(after)) or any(school.search(before) for school in self.school)

    def _name(self, said: Tokens, span: Span, numbers: Sequence[Span], places: Sequence[Span]) -> Span | None:
        folded = said.text
        start, end = span
        end = min((at for at, _ in places if start < at < end), default=end)
        if any(at <= start < to for at, to in places):
            return None
        stops = self.stop.finditer(folded, start + _PREFIX + 2, end)
        stop = next((stop for stop in stops if _begins_word(said, stop.start())), None)
        # Right before the next part of an address even a word that elsewhere begins something new is the name's.
        whole = self.before_place.match(folded, end) and end - start <= _SHORT
        if stop and not (whole and not self.first_part.match(folded, start, stop.start())):
            end = stop.start()
        words = folded[start:end]
        if len(words) < _PREFIX + 2 or self.not_name.search(words):
            return None
        # Beside its number or before the next part of an address any name is a village's.
        beside = any(not folded[to:start].strip() for _, to in numbers if to <= start and start - to < 3) or any(
            at >= end and not folded[end:at].strip() for at, _ in (*numbers, *places)
        )
        if not beside and not self.before_place.match(folded, end):
            known = self.first_part.match(words)
            if not known or known.end() == len(words) or len(words) < 7:
                return None
        return start, end


def load_villages(table: Table, file: str) -> Villages:
    """Return the patterns of the table `village`.

    Raises:
        TableError: a pattern is missing or is no regular expression.
    """

    school = tuple(re.compile(item) for item in texts(table, "school", file))
    return Villages(
        pattern(table, "number_list", file),
        school,
        pattern(table, "school_after", file),
        pattern(table, "named", file),
        pattern(table, "first_part", file),
        pattern(table, "not_name", file),
        pattern(table, "stop", file),
        pattern(table, "before_place", file),
    )


def _begins_word(said: Tokens, start: int) -> bool:
    return said.starts[bisect(said.starts, start) - 1] == start


def _trimmed(folded: str, span: Span) -> Span:
    words = folded[slice(*span)]
    start = span[0] + len(words) - len(words.lstrip(" ,"))
    return start, start + len(words.strip(" ,"))
