"""Looking up many phrases at once over the words of a text.

A phrase matches where it begins at a word of the tokenizer and ends at the end of one; a phrase of
`LOOSE` characters or more may end inside a word, because Thai compounds are cut differently in different
company. Each word is looked up by its first letters, so the time is linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from nlp.normalize import fold
from nlp.tokenize import Tokens

LOOSE = 5
_OPENING = 3
_LONG = 8
"""Characters from which on phrases are kept by their first ones; shorter ones are looked up whole."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase found: `phrase` as the lexicon has it, at `text[start:end]`."""

    phrase: str
    start: int
    end: int


class Lexicon:
    """A set of phrases of two characters or more, ready for look-up."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._openings: set[str] = set()
        self._short: dict[str, str] = {}
        long: dict[str, dict[str, str]] = {}
        for phrase in phrases:
            for spelling in _spellings(phrase):
                self._openings.add(spelling[:_OPENING])
                if len(spelling) < _LONG:
                    self._short.setdefault(spelling, phrase)
                else:
                    long.setdefault(spelling[:_LONG], {}).setdefault(spelling, phrase)
        self._long = {
            opening: tuple(sorted(spellings.items(), key=lambda item: -len(item[0])))
            for opening, spellings in long.items()
        }

    def hits(self, tokens: Tokens) -> list[Hit]:
        """Return the longest phrase at each word, in order of the text; phrases inside a longer one are left out."""
        text, openings, ends = tokens.text, self._openings, set(tokens.ends)
        found: list[Hit] = []
        last = 0
        for start in tokens.starts:
            # Most words are dismissed by their first letters.
            if text[start : start + _OPENING] in openings or text[start : start + _OPENING - 1] in openings:
                best = self._longest(text, start, ends)
                if best and best.end > last:
                    found.append(best)
                    last = best.end
        return found

    def _longest(self, text: str, start: int, ends: set[int]) -> Hit | None:
        for spelling, phrase in self._long.get(text[start : start + _LONG], ()):
            if text.startswith(spelling, start) and _bounded(text, start, start + len(spelling), ends):
                return Hit(phrase, start, start + len(spelling))
        for end in range(min(start + _LONG - 1, len(text)), start + 1, -1):
            short = self._short.get(text[start:end])
            if short and _bounded(text, start, end, ends):
                return Hit(short, start, end)
        return None


def _bounded(text: str, start: int, end: int, ends: set[int]) -> bool:
    return end in ends or (end - start >= LOOSE and not _continues(text, end))


def _continues(text: str, at: int) -> bool:
    """Whether the character at `at` belongs to the syllable before it: a following vowel, a mark or a repetition."""
    if at >= len(text):
        return False
    letter = text[at]
    return (
        letter in "\u0e30\u0e32\u0e33\u0e45"
        or "\u0e34" <= letter <= "\u0e3a"
        or "\u0e47" <= letter <= "\u0e4e"
        or letter == "\u0e31"
    )


@cache
def _plain() -> re.Pattern[str]:
    # Thai letters and marks without a run of three: nothing that folding would change.
    return re.compile(r"(?:([\u0e01-\u0e4e])(?!\1\1))+")


def _spellings(phrase: str) -> set[str]:
    if _plain().fullmatch(phrase):
        return {phrase}
    folded = fold(phrase)
    return {folded, folded.replace(".", ""), folded.replace(" ", "")} - {""}
