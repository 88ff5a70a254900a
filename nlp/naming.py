"""Names of spots as the texts of one comparison settle them: what one calls a village, another only mentions."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import partial

from nlp.anchors import MOST_WORDS, Anchor, Anchors, Words
from nlp.geography import Local
from nlp.mentions import in_syllable

_LEAST = 4
"""A name of fewer characters counts only behind a marker."""
LEAST_PART = 5
"""A name of fewer characters is not taken for the beginning or end of another."""

Run = tuple[str, ...]
Telling = Callable[[int, int, int], int]
"""How much words `first` up to `end` of a text, the first argument, look like a name: `NO_NAME` or another."""
NO_NAME, NAME_HERE, NAME = range(3)
"""Ordinary words; a name only behind a marker, because elsewhere it is an ordinary word; a name wherever it stands."""


@dataclass(frozen=True, slots=True)
class Named:
    """What is known of a name in a text: whether it is ever a spot's, official codes, numbers behind it."""

    spot: bool
    codes: tuple[str, ...]
    numbers: frozenset[str]


@dataclass(frozen=True, slots=True)
class Place:
    """The names of a text, and where they stand in it written together."""

    names: Mapping[str, Named]
    spans: tuple[tuple[int, int], ...]


def settle(
    texts: Sequence[Words], found: Sequence[Sequence[Anchor]], anchors: Anchors, telling: Telling, local: Local
) -> list[Place]:
    """Return the names of each text.

    A name ends where other texts say so: at its longest beginning that another holds. Once it is known, it counts
    wherever it stands, marker or not.
    """
    common = _common(texts, found)
    spots: dict[str, bool] = {}
    anywhere: set[str] = set()
    settled: list[dict[str, set[str]]] = []
    for number, (said, possible) in enumerate(zip(texts, found, strict=True)):
        own: dict[str, set[str]] = {}
        for anchor in possible:
            end = anchor.end if anchor.official else _end(said, anchor, common, anchors, partial(telling, number))
            told = NAME if anchor.official else telling(number, anchor.first, end)
            if told == NO_NAME or (anchor.vague and told == NAME_HERE):
                continue
            if anchor.vague and said.words[anchor.first : end] not in common:
                continue
            spot = anchor.kind == "spot"
            name = _written(said.words[anchor.first : end])
            own.setdefault(name, set()).update({anchors.number_behind(said, end)} - {""})
            spots[name] = spots.get(name, False) or spot
            if told == NAME:
                anywhere.add(name)
            # Whoever leaves out that it is a canal or a hill still says the rest of its name.
            first, *others = said.words[anchor.first : end]
            if spot and first in anchors.generic and len(others) > 1 and len(_written(others)) >= LEAST_PART:
                spots.setdefault(_written(others), spot)
                anywhere.add(_written(others))
        settled.append(own)
    known = _Known(spots, anywhere)
    return [known.place(said, own, anchors, local) for said, own in zip(texts, settled, strict=True)]


def _written(words: Iterable[str]) -> str:
    return "".join(words).replace(".", "")


def _common(texts: Sequence[Words], found: Sequence[Sequence[Anchor]]) -> set[Run]:
    """Return the beginnings of possible names that more than one text holds."""
    wanted = {
        said.words[anchor.first : end]
        for said, possible in zip(texts, found, strict=True)
        for anchor in possible
        if not anchor.official
        for end in range(anchor.first + 1, anchor.last + 1)
    }
    firsts = {run[0] for run in wanted}
    once: dict[Run, int] = {}
    common: set[Run] = set()
    for number, said in enumerate(texts):
        words = said.words
        for first, word in enumerate(words):
            if word not in firsts:
                continue
            for end in range(first + 1, min(len(words), first + MOST_WORDS) + 1):
                run = words[first:end]
                if run in wanted and once.setdefault(run, number) != number:
                    common.add(run)
    return common


def _end(said: Words, anchor: Anchor, common: set[Run], anchors: Anchors, telling: Callable[[int, int], int]) -> int:
    """Return where a name ends: at its longest beginning that another text holds, else as far as it looks like one."""
    first, words = anchor.first, said.words
    for end in range(anchor.last, anchor.end, -1):
        if words[end - 1] not in anchors.stop and words[first:end] in common:
            return end
    if words[first : anchor.end] in common:
        return anchor.end
    for end in range(anchor.end - 1, first, -1):
        long = end - first > 1 or len(words[first]) >= _LEAST
        if long and words[first:end] in common and telling(first, end) == NAME:
            return end
    return anchor.end


class _Known:
    """All names of a comparison, ready to be looked up."""

    def __init__(self, spots: Mapping[str, bool], anywhere: Set[str]) -> None:
        self._spots = spots
        self._anywhere = anywhere
        self._longest: dict[str, int] = {}
        for name in anywhere:
            if len(name) >= _LEAST:
                self._longest[name[:_LEAST]] = max(self._longest.get(name[:_LEAST], 0), len(name))

    def place(self, said: Words, own: Mapping[str, set[str]], anchors: Anchors, local: Local) -> Place:
        numbers: dict[str, set[str]] = {name: set(behind) for name, behind in own.items()}
        spans: list[tuple[int, int]] = []
        free = 0
        for start in said.starts:
            end = self._end(said.together, start) if start >= free else 0
            if end:
                behind = bisect_left(said.starts, end)
                exact = behind < len(said.starts) and said.starts[behind] == end
                number = anchors.number_behind(said, behind) if exact else ""
                numbers.setdefault(said.together[start:end], set()).update({number} - {""})
                spans.append((start, end))
                free = end
        names = {
            name: Named(self._spots[name], _codes(name, local), frozenset(behind)) for name, behind in numbers.items()
        }
        return Place(names, tuple(spans))

    def _end(self, together: str, start: int) -> int:
        """Return where the longest known name at `start` ends, 0 where there is none."""
        for end in range(start + self._longest.get(together[start : start + _LEAST], 0), start + _LEAST - 1, -1):
            if together[start:end] in self._anywhere and end <= len(together) and not in_syllable(together, end):
                return end
        return 0


def _codes(name: str, local: Local) -> tuple[str, ...]:
    return (*local.tambons.get(name, ()), *local.amphoe.get(name, ()))
