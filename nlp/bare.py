"""Names without a marker, which are places in the company of other parts of an address or of certain words."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass

from nlp.geography import BEGINNING, Geography, Local, beginnings
from nlp.mentions import Mention, any_of, ends_word, inside, name_at, touching
from nlp.tables import Table, TableError, subtable, text, texts
from nlp.tokenize import Tokens

# A bare name shorter than this is too often part of an ordinary word.
_LEAST = 5
# One of this length is seldom a village's too.
_DISTINCT = 8
_BEFORE = 16
# So many bare names of a text are looked at.
_MOST = 40

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Bare:
    """A name of one province; `amphoe` and `tambons` are its codes of either level."""

    name: str
    start: int
    end: int
    amphoe: tuple[str, ...]
    tambons: tuple[str, ...]


_Item = Mention | _Bare | Span


@dataclass(frozen=True, slots=True)
class _Around:
    """What stands right before and behind a bare name, nearest first: village words and at most one name beyond."""

    before: list[_Item]
    behind: list[_Item]


class BareNames:
    """The words that make a bare name a place or none, ready to find such names."""

    def __init__(self, table: Table, geography: Geography, file: str) -> None:
        """Take the tables `marker`, `town`, `ordinary`, `elsewhere` and `address`.

        Raises:
            TableError: an entry is missing or of the wrong shape.
        """
        marker, town, ordinary = (subtable(table, key, file) for key in ("marker", "town", "ordinary"))
        elsewhere = subtable(table, "elsewhere", file)
        self._geography = geography
        self._ordinary = frozenset(texts(ordinary, "names", file))
        self._after_context = frozenset(texts(ordinary, "after_context", file))
        self._towns = tuple(geography.town.values())
        self._town = text(town, "prefix", file)
        self._provinces = beginnings(geography.provinces)
        try:
            self._context = re.compile(any_of(texts(marker, "context", file), end=True))
            self._tambon_context = re.compile(any_of(texts(marker, "tambon_context", file), end=True))
            self._tambon_hint = re.compile(any_of(texts(marker, "tambon_hint", file), end=True))
            self._landmark = re.compile(any_of(texts(marker, "landmark", file), end=True))
            self._title = re.compile(text(marker, "title", file))
            self._house = re.compile(text(marker, "house", file))
            self._village = text(subtable(table, "village", file), "word", file)
            self._qualifier = re.compile(text(subtable(table, "behind", file), "qualifier", file))
            self._mother = text(ordinary, "mother", file)
            self._generic = re.compile(text(ordinary, "generic", file))
            self._in_town = re.compile(any_of(texts(town, "words", file)))
            self._not_town = re.compile(text(town, "not_town", file))
            self._to_town = re.compile(text(elsewhere, "town", file))
            self._before = re.compile(any_of(texts(elsewhere, "before", file), end=True))
            self._near = re.compile(text(subtable(table, "address", file), "near", file))
        except re.error as error:
            raise TableError(file, "marker", str(error)) from error

    def is_ordinary(self, name: str) -> bool:
        """Whether a name is first of all an ordinary word, and no amphoe's in a place's company."""
        return name in self._ordinary and name not in self._after_context

    def provinces(self, said: Tokens, taken: Sequence[Mention], known: str) -> list[Mention]:
        """Return the names of provinces that stand outside of what is `taken`, and begin no name of a `known` one."""
        folded, found = said.text, []
        local = self._geography.local.get(known)
        names = self._geography.provinces
        for start in said.starts:
            if folded[start : start + BEGINNING] not in self._provinces or _within(start, taken):
                continue
            span = name_at(folded, start, names)
            if not span or not ends_word(said, span[1]):
                continue
            longer = local and any(end > span[1] for end in _ends(folded, start, local))
            numbered = folded[span[1] : span[1] + 2].strip()[:1].isdigit()
            if not longer and not numbered and not self._landmark.search(folded, max(0, start - _BEFORE), start):
                found.append(Mention("province", names[folded[span[0] : span[1]]], *span, firm=False))
            if len(found) == _MOST:
                break
        return found

    def is_apart(self, folded: str, province: Mention) -> bool:
        """Whether a bare province by itself is an ordinary word, or the words before it say that somebody is there."""
        if folded[province.start : province.end] in self._ordinary:
            return True
        return bool(self._before.search(folded, max(0, province.start - _BEFORE), province.start))

    def towns(self, folded: str, taken: Sequence[Mention]) -> list[Mention]:
        """Return the words for the province's town, where nobody goes there."""
        return [
            Mention("amphoe", self._towns, found.start(), found.end(), firm=False)
            for found in self._in_town.finditer(folded)
            if not _within(found.start(), taken)
            and not self._not_town.match(folded, found.end())
            and not self._to_town.search(folded, max(0, found.start() - _BEFORE), found.start())
        ]

    def find(
        self, said: Tokens, taken: Sequence[Mention], numbers: Sequence[Span], houses: Sequence[Span], province: str
    ) -> list[Mention]:
        """Return the amphoe and tambons of a province that stand without a marker.

        Args:
            said: the folded text.
            taken: what was found before.
            numbers: where village numbers stand.
            houses: where village names stand.
            province: the province's code.
        """
        local = self._geography.local.get(province)
        names = self._names(said, taken, local) if local else []
        if not names:
            return []
        items: list[_Item] = sorted([*taken, *names, *numbers, *houses], key=_start)
        found: list[Mention] = []
        for name in names:
            around = _Around(self._beside(said.text, items, name, -1), self._beside(said.text, items, name, 1))
            mention = self._placed(said, name, around, {*numbers}, province)
            if mention:
                found.append(mention)
        return found

    def _names(self, said: Tokens, taken: Sequence[Mention], local: Local) -> list[_Bare]:
        folded = said.text
        found: list[_Bare] = []
        for start in said.starts:
            if folded[start : start + BEGINNING] not in local.beginnings or _within(start, taken):
                continue
            end = max(_ends(folded, start, local), default=0)
            name = folded[start:end]
            if not end and folded.startswith(self._town, start) and not touching(folded, start + len(self._town)):
                end = start + len(self._town)
                found.append(_Bare(self._town, start, end, self._towns, ()))
            elif end and ends_word(said, end) and not self._house.search(folded, max(0, start - _BEFORE), start):
                found.append(_Bare(name, start, end, local.amphoe.get(name, ()), local.tambons.get(name, ())))
            if len(found) == _MOST:
                break
        return found

    def _beside(self, folded: str, items: list[_Item], name: _Bare, step: int) -> list[_Item]:
        """Return what stands right before (`step` -1) or behind a name: village words, and what is beyond them."""
        beside: list[_Item] = []
        start, end = name.start, name.end
        at = items.index(name) + step
        while 0 <= at < len(items):
            item = items[at]
            if _end(item) <= start or end <= _start(item):
                gap = (_end(item), start) if step < 0 else (end, _start(item))
                if not self._near.fullmatch(folded, *gap):
                    break
                beside.append(item)
                start, end = min(start, _start(item)), max(end, _end(item))
                if not isinstance(item, tuple):
                    break
            at += step
        return beside

    def _placed(self, said: Tokens, name: _Bare, around: _Around, numbers: set[Span], province: str) -> Mention | None:
        folded = said.text
        both = [*around.before, *around.behind]
        closed = not touching(folded, name.end)
        beside = any(isinstance(item, Mention) for item in around.before)
        before = folded[max(0, name.start - _BEFORE) : name.start]
        if not beside and (self._landmark.search(before) or self._title.search(before)):
            return None
        if name.tambons and closed:
            within = [item for item in both if _holds(item, name.tambons)]
            numbered = any(item in numbers for item in around.before[:1])
            sure = numbered or name.name not in self._ordinary
            if any(isinstance(item, Mention) for item in within) or (within and (sure or around.before)):
                return Mention("tambon", name.tambons, name.start, name.end, firm=False, doubtful=not sure)
            if not within and any(isinstance(item, Mention) and item.level == "amphoe" for item in both):
                return None
        if name.amphoe:
            if closed and any(_holds_tambon(name.amphoe, item) for item in both):
                return Mention("amphoe", name.amphoe, name.start, name.end, firm=False)
            own = inside(name.amphoe, province)
            if len(own) == 1 and self._amphoe_alone(folded, name, before, said.starts):
                return Mention("amphoe", own, name.start, name.end, firm=False)
            return None
        return self._tambon_alone(said, name, around, numbers, before)

    def _amphoe_alone(self, folded: str, name: _Bare, before: str, starts: tuple[int, ...]) -> bool:
        if len(name.name) < _LEAST or self._qualifier.match(folded, name.end):
            return False
        if (context := self._context.search(before)) and name.start - len(before) + context.start() in starts:
            return not self.is_ordinary(name.name)
        alone = (not before or before[-1].isspace()) and not touching(folded, name.end)
        return alone and name.name not in self._ordinary

    def _tambon_alone(
        self, said: Tokens, name: _Bare, around: _Around, numbers: set[Span], before: str
    ) -> Mention | None:
        folded = said.text
        if name.name in self._ordinary or self._qualifier.match(folded, name.end):
            return None
        sure = Mention("tambon", name.tambons, name.start, name.end, firm=False)
        doubtful = Mention("tambon", name.tambons, name.start, name.end, firm=False, doubtful=True)
        closed = not touching(folded, name.end)
        before_it, behind_it = around.before[:1], around.behind[:1]
        numbered = any(item in numbers for item in before_it)
        if name.name.startswith(self._village) and (numbered or any(item in numbers for item in behind_it)):
            return doubtful if closed else None
        generic = bool(self._generic.match(name.name))
        # A short name is some village's as well.
        distinct = not generic and len(name.name) >= _DISTINCT
        if closed and numbered:
            return doubtful if generic else sure
        if closed and any(isinstance(item, tuple) for item in (*before_it, *behind_it)):
            return sure if distinct and not before_it else doubtful
        if closed and before.endswith("(") and folded[name.end : name.end + 1] == ")":
            return sure
        whole_word = bisect(said.ends, name.end) - bisect(said.starts, name.start) == 0
        if len(name.name) < _LEAST or whole_word:
            return None
        context = self._tambon_context.search(before)
        if context and name.start - len(before) + context.start() in said.starts:
            return sure if distinct else doubtful
        if closed and (not before or before[-1].isspace()):
            return doubtful
        ends = closed or distinct or not (generic or name.name.startswith(self._mother))
        if ends and self._tambon_hint.search(before):
            return sure if distinct else doubtful
        return None


def _ends(folded: str, start: int, local: Local) -> list[int]:
    """Return where the names of a province that begin at `start` end: at most one of either level."""
    return [span[1] for names in local.levels if (span := name_at(folded, start, names))]


def _start(item: _Item) -> int:
    return item[0] if isinstance(item, tuple) else item.start


def _end(item: _Item) -> int:
    return item[1] if isinstance(item, tuple) else item.end


def _within(start: int, taken: Sequence[Mention]) -> bool:
    return any(mention.start <= start < mention.end for mention in taken)


def _holds(item: _Item, tambons: tuple[str, ...]) -> bool:
    """Whether an item is an amphoe that one of `tambons` lies in."""
    if isinstance(item, tuple):
        return False
    amphoe = item.amphoe if isinstance(item, _Bare) else item.codes if item.level == "amphoe" else ()
    return any(code[:4] in amphoe for code in tambons)


def _holds_tambon(amphoe: tuple[str, ...], item: _Item) -> bool:
    """Whether an item is a tambon that lies in one of `amphoe`."""
    if isinstance(item, tuple):
        return False
    tambons = item.tambons if isinstance(item, _Bare) else item.codes if item.level == "tambon" else ()
    return any(code[:4] in amphoe for code in tambons)
