"""Where names of private persons stand in a text."""

from __future__ import annotations

from nlp.name_reading import (
    After,
    Name,
    Span,
    after,
    broken_off,
    family_name,
    initials_at,
    latin_name,
    listed_name,
    name_at,
    name_tokens,
    opening,
)
from nlp.name_words import LONGEST_TITLE, Kind, Strength, name_words
from nlp.office_names import OfficeNames
from nlp.tables import Table, subtable, texts
from nlp.tokenize import Tokens
from nlp.untitled_names import UntitledNames

_INITIALED = frozenset({Strength.STRONG, Strength.FORMAL})
_SHORT = 6
"""Longer words of the dictionary are hardly ever what a person is called."""
_ALONE = 8
_SYLLABLE = 4
_FULL = 4
"""A given name of so many letters is rarely meant as the word that it also is, behind a title."""


class NameFinder:
    """Lists of titles and names, ready to find names."""

    def __init__(self, table: Table, where: str, phone: str) -> None:
        """Take the table `name` of the personal patterns, and the character that stands for a masked phone number.

        Raises:
            TableError: a list is missing or of the wrong shape.
        """
        self._words = name_words()
        self._phone = phone
        self._persons = frozenset(texts(table, "persons", where))
        self._place_words = frozenset(texts(table, "place_words", where))
        self._house_words = frozenset(texts(table, "house_words", where))
        self._place_titles = frozenset(texts(table, "place_titles", where))
        self._other_words = texts(table, "other_words", where)
        self._known_places = texts(table, "known_places", where)
        self._offices = frozenset(texts(table, "offices", where))
        self._not_behind = frozenset(texts(table, "not_behind", where))
        self._public = frozenset(texts(table, "public", where))
        no_name = subtable(table, "no_name", where)
        self._no_name = {title: frozenset(texts(no_name, title, where)) for title in no_name}
        self._officials = OfficeNames(self._words, self._persons)
        self._untitled = UntitledNames(self._words, table, where, phone)

    def find(self, text: str) -> list[Span]:
        """Return where names stand, in order and apart, without their titles."""
        found = name_tokens(text)
        spans = self._officials.find(found)
        number = 0
        while number < len(found.words):
            name, formal = self._at(found, number)
            number += 1
            if name:
                number = name.following
                spans.append((name.start, name.end))
                if family := family_name(self._words, found, name, formal):
                    spans.append(family)
        return _merged(spans + self._untitled.repeated(found, spans)) if spans else []

    def _at(self, found: Tokens, number: int) -> tuple[Name | None, bool]:
        """Return the name that word `number` announces or begins, and whether a family name may well follow."""
        if found.words[number] not in self._words.title_heads:
            return self._untitled.name(found, number, 0), self._untitled.introduces(found, number)
        taken = self._title(found, number)
        if taken and (name := self._titled(found, number, taken)):
            title = found.text[found.starts[number] : found.ends[number + taken - 1]]
            return name, self._words.titles[title] is Strength.FORMAL
        return self._untitled.name(found, number, taken), False

    def _title(self, found: Tokens, first: int) -> int:
        """Return of how many words the longest title at a word consists, 0 where there is none."""
        best = 0
        start = found.starts[first]
        for number in range(first, min(first + LONGEST_TITLE, len(found.words))):
            if number > first and found.starts[number] > found.ends[number - 1]:
                break
            if found.text[start : found.ends[number]] in self._words.titles:
                best = number - first + 1
        return 0 if best and broken_off(found, first + best - 1) else best

    def _titled(self, found: Tokens, first: int, taken: int) -> Name | None:
        following = first + taken
        title = found.text[found.starts[first] : found.ends[following - 1]]
        office = following < len(found.words) and found.words[following] in self._offices
        following += office
        gap = opening(found, following)
        if gap is None or (office and not gap):
            return None
        strength = self._words.titles[title]
        before = found.words[first - 1] if first else ""
        if before in self._place_words:
            return None
        if (
            strength in _INITIALED
            and not gap
            and not title.endswith(".")
            and (initials := initials_at(found, following))
        ):
            return initials if found.text[initials.start : initials.end] not in self._place_words else None
        name = name_at(self._words, found, following) or latin_name(found, following, strength is Strength.FORMAL)
        if name is None:
            return None
        said = found.text[name.start : name.end]
        if office and said in self._words.places:
            return None
        if (not gap and title + said in self._public) or said in self._no_name.get(title, ()):
            return None
        name = self._joined(found, name, strength, gap > 0)
        behind = after(self._words, found, name, self._persons)
        if name.following < len(found.words) and found.words[name.following] in self._not_behind:
            return None
        if self._is_place(found, first, title, name, behind):
            return None
        if found.text[name.start - 1] == "(" and found.text[name.end : name.end + 1] == ")":
            return name if name.kind in {Kind.NAME, Kind.ALSO_WORD} else None
        if found.text[name.end : name.end + 2].strip().startswith(self._phone):
            return name
        return name if _likely(strength, gap > 0, name, behind) else None

    def _joined(self, found: Tokens, name: Name, strength: Strength, gap: bool) -> Name:
        """Return a name with what follows it without a space and is part of it.

        That is another name of the lists, or, where two short words stand before the sentence goes on, the second;
        or, behind a `gap`, whatever is as short as a name and stands between two spaces.
        """
        number = name.following
        if number >= len(found.words) or found.starts[number] > name.end:
            return name
        second = listed_name(self._words, found, number)
        if second and second.kind is Kind.NAME:
            return Name(name.start, second.end, second.following, Kind.NAME)
        word = found.words[number]
        run = found.text[name.start : name.start + _ALONE + 1].split(" ")[0]
        if gap and strength is Strength.STRONG and len(run) <= _ALONE and word not in self._words.function:
            while number < len(found.words) and found.ends[number] <= name.start + len(run):
                number += 1
            return Name(name.start, found.ends[number - 1], number, Kind.UNKNOWN)
        if (
            strength in {Strength.FORMAL, Strength.STRONG}
            and name.kind is not Kind.NAME
            and max(len(word), name.end - name.start) <= _SYLLABLE
            and self._words.kind(word) in {Kind.COMMON, Kind.THING, Kind.UNKNOWN, Kind.ALSO_WORD}
        ):
            both = Name(name.start, found.ends[number], number + 1, Kind.UNKNOWN)
            if after(self._words, found, both, self._persons) is not After.OTHER:
                return both
        return name

    def _is_known_place(self, found: Tokens, first: int, place: str) -> bool:
        """Return whether the words from number `first` on are a place, and an ordinary word or none goes on."""
        end = found.starts[first] + len(place)
        if not found.text.startswith(place, found.starts[first]) or end not in found.ends:
            return False
        following = found.ends.index(end) + 1
        if following >= len(found.words) or found.starts[following] > end:
            return True
        return self._words.kind(found.words[following]) not in {Kind.THING, Kind.UNKNOWN, Kind.NAME}

    def _is_place(self, found: Tokens, first: int, title: str, name: Name, behind: After) -> bool:
        """Return whether title and name are what a place is called."""
        if behind is After.PERSON and found.starts[name.following] == name.end:
            return False
        if found.text.startswith(self._other_words, found.starts[first]):
            return True
        if any(self._is_known_place(found, first, place) for place in self._known_places):
            return True
        for begin in range(max(0, first - 2), first + 1):
            if found.text[found.starts[begin] : name.end] in self._words.places:
                return True
        if not first or found.words[first - 1] not in self._house_words or title not in self._place_titles:
            return False
        marked = behind is After.GAP and found.words[name.following] in self._place_words
        full = name.kind is Kind.NAME or found.text[name.start : name.end] in self._words.given
        return marked or not full


def _likely(strength: Strength, gap: bool, name: Name, behind: After) -> bool:
    """Return whether what stands behind a title, or behind it and a space, is a name."""
    match strength:
        case Strength.FORMAL:
            return _behind_formal(gap, name, behind)
        case Strength.STRONG:
            return _behind_strong(gap, name, behind)
        case Strength.WEAK:
            return _behind_weak(gap, name, behind)
        case Strength.SCORN if name.kind is Kind.ALSO_WORD:
            return not gap and behind in {After.END, After.GAP, After.PERSON}
    return name.kind is Kind.NAME and behind is not After.OTHER


def _behind_formal(gap: bool, name: Name, behind: After) -> bool:
    match name.kind:
        case Kind.THING | Kind.COMMON | Kind.ALSO_ACT:
            return behind is not After.OTHER and (not gap or behind is not After.SENTENCE)
    return True


def _behind_strong(gap: bool, name: Name, behind: After) -> bool:
    apart = behind in {After.END, After.GAP, After.PERSON}
    short = name.end - name.start <= _SHORT
    match name.kind:
        case Kind.NAME:
            return behind is not After.OTHER or not gap
        case Kind.ALSO_WORD if gap and name.end - name.start >= _FULL:
            return behind is not After.OTHER
        case Kind.UNKNOWN | Kind.ALSO_WORD:
            return apart or not gap
        case Kind.THING | Kind.COMMON if gap:
            return apart
        case Kind.THING:
            return short or behind in {After.PERSON, After.SENTENCE}
        case Kind.COMMON:
            return short and behind is not After.OTHER
    return behind is After.PERSON


def _behind_weak(gap: bool, name: Name, behind: After) -> bool:
    apart = behind in {After.END, After.GAP, After.PERSON}
    match name.kind:
        case Kind.NAME:
            return apart or not gap
        case Kind.ALSO_WORD if gap and name.end - name.start >= _FULL:
            return behind is not After.OTHER
        case Kind.UNKNOWN | Kind.ALSO_WORD:
            return behind is After.PERSON or (behind is not After.OTHER and not gap)
        case Kind.ALSO_ACT:
            return behind is After.PERSON
    return False


def _merged(spans: list[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
