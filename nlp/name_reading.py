"""Reading a name where one may stand: how far it reaches, what it is, what stands behind it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from functools import cache

from nlp.name_words import Kind, NameWords
from nlp.tokenize import Tokens, tokens

Span = tuple[int, int]

_MOST_WORDS = 5
_LONGEST = 16
_REST = 5
_ODD = 3
"""A word of a sentence may be the first syllable of a name that the tokenizer does not know if it is no longer."""
_LONGEST_FAMILY = 18
_SHORTEST_FAMILY = 3
_ALONE = 11
_WIDEST = 3
_LEADING = "\u0e2b"
"""The letter that leads another and is no syllable of its own."""
_REPEAT = "\u0e46"
_OPENINGS = frozenset({"", ":", "=", "(", '"', "\u201c", "\u2018", "-", ".", "\u2013", "\u2014"})
"""Punctuation that may stand between a name and what announces it."""


class After(Enum):
    """What stands behind a word that may be a name."""

    END = 1
    GAP = 2
    PERSON = 3
    SENTENCE = 4
    OTHER = 5


@dataclass(frozen=True, slots=True)
class Name:
    """A name in a text: `text[start:end]`; `following` is the number of the first word behind it."""

    start: int
    end: int
    following: int
    kind: Kind


def name_tokens(text: str) -> Tokens:
    """Return the words of `text`; the tokenizer joins punctuation to words it does not know, so it sees none."""
    found = tokens(_punctuation().sub(" ", text))
    return Tokens(text, found.words, found.starts, found.ends)


def opening(found: Tokens, number: int) -> int | None:
    """Return how many characters part a word from what announces a name; None where more than a space or colon does."""
    if number >= len(found.words):
        return None
    start, end = found.ends[number - 1] if number else 0, found.starts[number]
    between = found.text[start:end]
    if between in {"", "."}:
        return 0
    return end - start if len(between) <= _WIDEST and between.strip() in _OPENINGS and "\n" not in between else None


def listed_name(words: NameWords, found: Tokens, first: int) -> Name | None:
    """Return the longest name of the lists that begins with word number `first`."""
    start = found.starts[first]
    best: Name | None = None
    for number in range(first, min(first + _MOST_WORDS, len(found.words))):
        if number > first and found.starts[number] > found.ends[number - 1]:
            break
        candidate = found.text[start : found.ends[number]]
        if candidate in words.given or candidate in words.nicknames:
            best = Name(start, found.ends[number], number + 1, words.kind(candidate))
    return best


def name_at(words: NameWords, found: Tokens, first: int) -> Name | None:
    """Return what may be a name behind a title and begins with word number `first`; None at an ordinary word."""
    word = found.words[first]
    if not _thai_word().fullmatch(word):
        return None
    if word in words.titles:
        return _odd_name(words, found, first) if broken_off(found, first) else None
    listed = listed_name(words, found, first)
    last, kind = (listed.following - 1, listed.kind) if listed else (first, words.kind(word))
    if kind is Kind.NONE and (len(word) > _ODD or word in words.openers):
        return None
    if last == first and word in words.beginnings and _goes_with(words, found, first):
        last, kind = first + 1, Kind.NAME
    reach = _over_fragments(words, found, last, kind in {Kind.UNKNOWN, Kind.NONE})
    if _fragment().match(word) and (word != _LEADING or reach == first):
        return None
    if reach > last:
        joined = words.kind(found.text[found.starts[first] : found.ends[reach]])
        last, kind = reach, kind if kind is Kind.NAME else joined
    return _name(found, first, last, kind)


def broken_off(found: Tokens, number: int) -> bool:
    """Return whether a word is the beginning of another that the tokenizer broke to pieces."""
    following = number + 1
    if following >= len(found.words) or found.starts[following] > found.ends[number]:
        return False
    word, end = found.words[following], found.ends[following]
    return word != _LEADING and bool(_fragment().match(word)) and found.text[end : end + 1] != "."


def _odd_name(words: NameWords, found: Tokens, first: int) -> Name | None:
    reach = _over_fragments(words, found, first, False)
    return _name(found, first, reach, words.kind(found.text[found.starts[first] : found.ends[reach]]))


def _name(found: Tokens, first: int, last: int, kind: Kind) -> Name | None:
    start, end = found.starts[first], found.ends[last]
    if found.text.startswith(".", end) and _abbreviation().fullmatch(found.text, start, end):
        return None
    if kind is Kind.NONE or not 2 <= end - start <= _LONGEST or _REPEAT in found.text[start : end + 1]:
        return None
    return Name(start, end, last + 1, kind)


def initials_at(found: Tokens, first: int) -> Name | None:
    """Return the initials, each with a full stop, that begin with word number `first`; no abbreviation of a number."""
    run = _initials().match(found.text, found.starts[first]) if first < len(found.words) else None
    if not run:
        return None
    following = first + 1
    while following < len(found.words) and found.starts[following] < run.end():
        following += 1
    return Name(run.start(), run.end(), following, Kind.NAME)


def latin_name(found: Tokens, first: int, formal: bool) -> Name | None:
    """Return a name in Latin letters that begins with word number `first`; a small letter may begin it if `formal`."""
    run = _latin(formal).match(found.text, found.starts[first])
    if not run:
        return None
    following = first
    while following < len(found.words) and found.starts[following] < run.end():
        following += 1
    return Name(run.start(), run.end(), following, Kind.NAME)


def after(words: NameWords, found: Tokens, name: Name, persons: frozenset[str]) -> After:
    """Return what stands behind a name; `persons` are the words by which a sentence takes a person up again."""
    number = name.following
    if number >= len(found.words):
        return After.END
    word = found.words[number]
    if word in persons:
        return After.PERSON
    if found.starts[number] > name.end or not _thai_word().match(word):
        return After.GAP
    goes_on = words.goes_on(word) or found.text.startswith(words.manners, name.end)
    return After.SENTENCE if goes_on else After.OTHER


def family_name(words: NameWords, found: Tokens, name: Name, formal: bool) -> Span | None:
    """Return where a family name stands behind a given name and one space.

    That is one of the lists, or words between two spaces; behind a `formal` title these may be ordinary ones, or the
    sentence may go on behind them without a space.
    """
    start, number = name.end + 1, name.following
    if number >= len(found.words) or found.starts[number] != start or found.text[name.end] != " ":
        return None
    first = found.words[number]
    run = _thai_word().match(found.text, start)
    if not run or first in words.titles or found.text.startswith(words.no_family, start):
        return None
    if run[0] in words.family:
        return start, run.end()
    if first in words.function and first not in words.beginnings:
        return None
    end = start
    ordinary = False
    while number < len(found.words) and found.starts[number] < run.end():
        word = found.words[number]
        if word in words.function and end > start:
            break
        part = word in words.beginnings or (word in words.endings and first in words.beginnings and end > start)
        ordinary |= words.kind(word) in {Kind.NONE, Kind.COMMON} and not part
        end = found.ends[number]
        number += 1
    if not _SHORTEST_FAMILY <= end - start <= _LONGEST_FAMILY or end > run.end():
        return None
    if found.text[start:end] in words.family:
        return start, end
    if end == run.end() and not first.startswith(words.act_heads):
        return (start, end) if formal and end - start <= _ALONE else None if ordinary else (start, end)
    return (start, end) if formal and words.kind(first) is not Kind.NONE else None


def _goes_with(words: NameWords, found: Tokens, first: int) -> bool:
    following = first + 1
    if following >= len(found.words) or found.starts[following] > found.ends[first]:
        return False
    word = found.words[following]
    short = found.words[first] in words.syllables
    if word in words.endings and (short or word not in words.acts):
        return True
    isolated = found.text[found.ends[following] : found.ends[following] + 1] in {"", " "}
    if word in words.titles and found.words[first] in words.syllables:
        return isolated
    if word in words.titles or word in words.function or word in words.acts or not _thai_word().fullmatch(word):
        return False
    if short:
        return len(word) <= _REST
    return word not in words.common and (word not in words.dictionary or len(word) <= _ODD)


def _over_fragments(words: NameWords, found: Tokens, last: int, strange: bool) -> int:
    """Return the last word of a name that the tokenizer broke to pieces."""
    while last + 1 < len(found.words) and found.starts[last + 1] == found.ends[last]:
        word = found.words[last + 1]
        piece = _fragment().match(word) or found.words[last] == _LEADING
        unknown = strange and word not in words.function and word not in words.dictionary
        if word == _REPEAT or not (piece or (unknown and _thai_word().fullmatch(word))):
            break
        last += 1
    return last


@cache
def _thai_word() -> re.Pattern[str]:
    return re.compile("[\u0e01-\u0e3a\u0e40-\u0e4e]+")


@cache
def _abbreviation() -> re.Pattern[str]:
    return re.compile("[\u0e01-\u0e2e]+")


@cache
def _fragment() -> re.Pattern[str]:
    # What the tokenizer leaves over of a word it does not know: a single letter, or marks.
    return re.compile("[\u0e01-\u0e2e]\u0e4c?$|[\u0e30-\u0e3a\u0e45-\u0e4e]+$")


@cache
def _initials() -> re.Pattern[str]:
    return re.compile("(?:[\u0e01-\u0e2e][.]){1,2}(?! ?[0-9\u0e50-\u0e59])")


@cache
def _latin(small: bool) -> re.Pattern[str]:
    first = "[A-Za-z]" if small else "[A-Z]"
    return re.compile(f"{first}[a-z]{{1,20}}(?: [A-Z][a-z]{{1,20}}){{0,2}}(?![A-Za-z0-9_.])")


@cache
def _punctuation() -> re.Pattern[str]:
    # A full stop behind an abbreviation of two letters or more, too.
    stop = "(?<=[\u0e01-\u0e2e]{2})[.](?=[\u0e01-\u0e2e\u0e40-\u0e44])"
    return re.compile(f"[][(){{}}<>\"'\u2018-\u201d:;,*=/\u2013\u2014!?|]|{stop}")
