"""Looking a name up where it is expected: exactly, or as one that is misspelt, with its doubts."""

from __future__ import annotations

import re
from bisect import bisect
from dataclasses import dataclass

from nlp.geography import LONGEST, Codes, Geography
from nlp.mentions import Level, ends_word, name_at, touching
from nlp.spelling import LEAST, Sounds, Spelling, letters
from nlp.tables import Table, TableError, subtable, text, texts
from nlp.tokenize import Tokens

# A misspelt name that touches what follows needs this many letters.
_GLUED = 6
# Of names that begin like half a name so many are offered.
_MOST_LONGER = 4


@dataclass(frozen=True, slots=True)
class Exact:
    """A name that ends at `end`; `doubtful` where it may be the beginning of another one."""

    name: str
    end: int
    doubtful: bool


@dataclass(frozen=True, slots=True)
class Near:
    """Codes of the names that what stands up to `end` may be meant for; `half` where it is the beginning of them."""

    codes: tuple[str, ...]
    end: int
    half: bool = False


class NameLookup:
    """All names and how people misspell them."""

    def __init__(self, table: Table, geography: Geography, file: str) -> None:
        """Take the tables `behind` and `spelling`.

        Raises:
            TableError: an entry is missing or of the wrong shape.
        """
        behind, spelling = subtable(table, "behind", file), subtable(table, "spelling", file)
        self._geography = geography
        self._sorted = sorted({*geography.tambons, *geography.amphoe, *geography.provinces})
        try:
            self.follows = re.compile(text(behind, "follows", file))
            self._qualifier = re.compile(text(behind, "qualifier", file))
        except re.error as error:
            raise TableError(file, "behind", str(error)) from error
        self._sounds = Sounds(
            {ord(letter): ord(group[0]) for group in texts(spelling, "same", file) for letter in group},
            subtable(spelling, "parts", file),
        )
        # Built when a province first meets a name that is none: most never do.
        self._spellings: dict[tuple[Level, str], Spelling] = {}

    def exact(self, said: Tokens, at: int, names: Codes) -> Exact | None:
        """Return the longest of `names` at `at`."""
        folded = said.text
        span = name_at(folded, at, names, self.follows)
        if not span:
            short = next((end for end in (at + 3, at + 2) if folded[at:end] in names and ends_word(said, end)), 0)
            return Exact(folded[at:short], short, doubtful=True) if short else None
        end = span[1]
        goes_on = touching(folded, end) and not self.follows.match(folded, end)
        doubtful = goes_on and (bool(self._qualifier.match(folded, end)) or self._begins(folded[span[0] : end + 3]))
        return Exact(folded[span[0] : end], end, doubtful)

    def near(self, said: Tokens, at: int, areas: tuple[str, ...], level: Level) -> Near | None:
        """Return what a word at `at` may be meant for in the first of some provinces that has such a name.

        `areas` are codes of provinces; of no account where a province's own name is looked for.
        """
        for area in areas if level != "province" else ("",):
            names, end, half = self._near_names(said, at, self._spelling(level, area))
            if names:
                own = self._names(level, area)
                return Near(tuple(code for name in sorted(names) for code in own[name]), end, half)
        return None

    def _begins(self, words: str) -> bool:
        """Whether a name of the country begins so."""
        at = bisect(self._sorted, words)
        return any(name.startswith(words) for name in self._sorted[max(0, at - 1) : at + 1])

    def _names(self, level: Level, area: str) -> Codes:
        if level == "province":
            return self._geography.provinces
        local = self._geography.local[area]
        return local.tambons if level == "tambon" else local.amphoe

    def _spelling(self, level: Level, area: str) -> Spelling:
        spelling = self._spellings.get((level, area))
        if spelling is None:
            spelling = self._spellings[level, area] = Spelling(self._names(level, area), self._sounds)
        return spelling

    def _near_names(self, said: Tokens, at: int, spelling: Spelling) -> tuple[frozenset[str], int, bool]:
        """Return the names meant, where they end, and whether only half of them is said."""
        folded = said.text
        end = _run_end(folded, at)
        whole = folded[at:end]
        if letters(whole) >= LEAST and len(whole) <= LONGEST and (names := spelling.near(whole)):
            return names, end, False
        if folded[end : end + 1] == " ":
            further = _run_end(folded, end + 1)
            joined = whole + folded[end + 1 : further]
            if len(joined) <= LONGEST and joined in spelling.near(joined):
                return frozenset([joined]), further, False
        near: frozenset[str] = frozenset()
        last = at
        for stop in said.ends[bisect(said.ends, at) : bisect(said.ends, min(end - 1, at + LONGEST))]:
            part = folded[at:stop]
            enough = LEAST if self.follows.match(folded, stop) else _GLUED
            if letters(part) >= enough and (names := spelling.near(part)):
                near, last = near | names, stop
        if near:
            return near, last, False
        longer = spelling.longer(whole) if LEAST <= letters(whole) <= LONGEST else frozenset()
        return (longer, end, True) if len(longer) <= _MOST_LONGER else (frozenset(), end, True)


def _run_end(folded: str, at: int) -> int:
    end = at
    limit = min(len(folded), at + 2 * LONGEST)
    while end < limit and touching(folded, end):
        end += 1
    return end
