"""Where a text may name the spot it speaks of: a village, a market, a school, a canal, official or not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from nlp.geography import Local
from nlp.tables import Table, subtable, texts
from nlp.tokenize import Tokens

Kind = Literal["spot", "tambon", "amphoe"]
MOST_WORDS = 4
"""Of a name that no table knows so many words are looked at."""
_MOST_OFFICIAL = 6
_LEAST_OFFICIAL = 4


@dataclass(frozen=True, slots=True)
class Words:
    """A folded text as it is compared: words without signs, numbers in digits; together without dots too.

    `words[n]` begins at `starts[n]` of `together`. Something stood between the words `n - 1` and `n` for each `n` of
    `breaks`.
    """

    words: tuple[str, ...]
    starts: tuple[int, ...]
    together: str
    breaks: frozenset[int]


@dataclass(frozen=True, slots=True)
class Anchor:
    """A possible name: words `first` up to `end`, which may go on up to `last`. An `official` one is a tambon's or
    amphoe's of the province and ends where it ends. A `vague` one stands behind no more than a "behind" or "near", so
    that it counts only where another text has it too."""

    first: int
    end: int
    last: int
    kind: Kind
    official: bool = False
    vague: bool = False


def join(parts: Sequence[Words], *, apart: bool = True) -> Words:
    """Return the words of several texts as those of one; `apart`, something stands between the parts."""
    words: list[str] = []
    starts: list[int] = []
    breaks: set[int] = set()
    together = ""
    for part in parts:
        if apart and words:
            breaks.add(len(words))
        breaks.update(len(words) + at for at in part.breaks)
        starts.extend(len(together) + start for start in part.starts)
        words.extend(part.words)
        together += part.together
    return Words(tuple(words), tuple(starts), together, frozenset(breaks))


class Anchors:
    """The words around names, ready to find them."""

    def __init__(self, table: Table, file: str) -> None:
        """Take the tables `marker` and `name`.

        Raises:
            TableError: a list is missing or of the wrong shape.
        """
        marker, name = subtable(table, "marker", file), subtable(table, "name", file)
        kinds: tuple[Kind, ...] = ("spot", "tambon", "amphoe")
        self._kinds: Mapping[str, Kind] = {word: kind for kind in kinds for word in texts(marker, kind, file)}
        self._first = {kind: texts(marker, kind, file)[0] for kind in kinds}
        self._nature = frozenset(texts(marker, "nature", file))
        self._position = frozenset(texts(marker, "position", file))
        self._numbered: Mapping[str, str] = {**subtable(marker, "numbered", file)}
        self.generic = frozenset(texts(name, "generic", file))
        self._none = frozenset(texts(name, "none", file))
        self.stop = frozenset(texts(name, "stop", file))
        self._units = frozenset(texts(name, "units", file))
        self._numbers = {word: str(number) for number, word in enumerate(texts(name, "numbers", file), 1)}

    def words(self, tokens: Tokens) -> Words:
        """Return a folded text's words as they are compared."""
        words: list[str] = []
        starts: list[int] = []
        breaks: set[int] = set()
        at, behind = 0, 0
        for word, start, end in zip(tokens.words, tokens.starts, tokens.ends, strict=True):
            if not any(map(str.isalnum, word)):
                continue
            if start > behind:
                breaks.add(len(words))
            behind = end
            # A village may be called after a number; a lane or a part of the town is numbered.
            named = words and words[-1] in self.generic
            said = word if named else self._numbers.get(word, word)
            words.append(said)
            starts.append(at)
            at += len(said) - said.count(".")
        return Words(tuple(words), tuple(starts), "".join(words).replace(".", ""), frozenset(breaks))

    def in_place(self, kind: Kind, said: Words) -> Words:
        """Return words that are known to name a place, behind a marker of its kind."""
        marker = self._first[kind]
        return join([Words((marker,), (0,), marker.replace(".", ""), frozenset()), said], apart=False)

    def numbered(self, said: Words) -> dict[str, frozenset[str]]:
        """Return the numbers of lanes, gates and villages by what they number."""
        found: dict[str, frozenset[str]] = {}
        for word, number in zip(said.words, said.words[1:], strict=False):
            what = self._numbered.get(word)
            if what and number.isdigit():
                found[what] = found.get(what, frozenset()) | {number}
        return found

    def number_behind(self, said: Words, at: int) -> str:
        """Return the number that stands at a word and belongs to the name before it, '' for none."""
        words = said.words
        if at >= len(words) or not words[at].isdigit() or len(words[at]) > 2:
            return ""
        return "" if at + 1 < len(words) and words[at + 1] in self._units else words[at]

    def find(self, said: Words, local: Local) -> list[Anchor]:
        """Return the possible names of a text; `local` are the official ones of the provinces it may be from."""
        found = [anchor for at in range(len(said.words)) if (anchor := self._behind_marker(said, at))]
        return [*found, *self._official(said, local)]

    def _behind_marker(self, said: Words, at: int) -> Anchor | None:
        words, breaks = said.words, said.breaks
        kind = self._kinds.get(words[at])
        if kind is None:
            if words[at] in self._nature:
                return self._nature_name(said, at)
            return self._landmark(said, at) if words[at] in self._position else None
        first = at + 1
        while first < len(words) and words[first] in self._kinds and first not in breaks:
            kind = self._kinds[words[first]]
            first += 1
        loose = kind != "spot" or words[at].endswith(".")
        if first >= len(words) or (first in breaks and not loose):
            return None
        if words[first] in self.stop or words[first] in self._none or words[first].isdigit():
            return None
        return self._until(said, first, first, kind)

    def _nature_name(self, said: Words, at: int) -> Anchor | None:
        second = at + 1
        if second >= len(said.words) or second in said.breaks:
            return None
        word = said.words[second]
        if word in self.stop or word in self._none or word.isdigit():
            return None
        return self._until(said, at, second, "spot")

    def _landmark(self, said: Words, at: int) -> Anchor | None:
        first = at + 1
        if first >= len(said.words) or first in said.breaks or said.words[first] in self._kinds:
            return None
        word = said.words[first]
        if word in self.stop or word in self._none or word in self._nature or word.isdigit():
            return None
        return replace(self._until(said, first, first, "spot"), vague=True)

    def _until(self, said: Words, first: int, at: int, kind: Kind) -> Anchor:
        """Return the name that begins at `first`, and holds the word `at` at least, up to a word that ends it."""
        words, generic = said.words, self.generic
        end = at + 1
        limit = min(len(words), first + MOST_WORDS)
        while end < limit and end not in said.breaks and self._goes_on(words[end]):
            end += 1
        last = end
        # A first part of names alone is none, so that even a word that ends others may belong to it.
        if all(word in generic for word in words[first:end]):
            while last < limit and last not in said.breaks and not words[last].isdigit():
                last += 1
        return Anchor(first, end, last, kind)

    def _goes_on(self, word: str) -> bool:
        if word in self.stop or word.isdigit() or word in self._numbered:
            return False
        return word not in self._kinds or word in self.generic

    def _official(self, said: Words, local: Local) -> list[Anchor]:
        found: list[Anchor] = []
        words, free = said.words, 0
        for first in range(len(words)):
            if first < free or said.together[said.starts[first] :][:3] not in local.beginnings:
                continue
            name, best = "", None
            for end in range(first + 1, min(len(words), first + _MOST_OFFICIAL) + 1):
                if end - 1 > first and end - 1 in said.breaks:
                    break
                name += words[end - 1]
                if len(name) >= _LEAST_OFFICIAL and (name in local.tambons or name in local.amphoe):
                    kind: Kind = "tambon" if name in local.tambons else "amphoe"
                    best = Anchor(first, end, end, kind, official=True)
            if best:
                found.append(best)
                free = best.end
        return found
