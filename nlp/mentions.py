"""Place names where they stand in a text: behind a marker of their level, or bare in a place's company."""

from __future__ import annotations

import re
from bisect import bisect
from dataclasses import dataclass
from typing import Literal

from nlp.geography import LONGEST, Codes
from nlp.tokenize import Tokens

Level = Literal["province", "amphoe", "tambon"]


@dataclass(frozen=True, slots=True)
class Mention:
    """A name at `start` to `end`, its marker included; `codes` are all areas of that name and level.

    `firm` ones stand behind a marker; bare ones count in company only. A `doubtful` one is asked about: it is spelt
    as a name of elsewhere, or goes on behind its end. `by` is whose name it is: an office may be gone to, and a health
    station says less than any other.
    """

    level: Level
    codes: tuple[str, ...]
    start: int
    end: int
    firm: bool = True
    doubtful: bool = False
    by: Literal["itself", "office", "station"] = "itself"


def name_at(folded: str, start: int, names: Codes, follows: re.Pattern[str] | None = None) -> tuple[int, int] | None:
    """Return where the longest of `names` stands at `start`, a space before it allowed.

    It must not end inside a syllable. A short name (under 4 characters), which begins many other words, must be
    followed by something else than Thai letters, or by what `follows` matches.
    """
    while start < len(folded) and folded[start] == " ":
        start += 1
    for end in range(min(len(folded), start + LONGEST), start + 1, -1):
        if folded[start:end] in names:
            short = touching(folded, end) and end - start < 4 and not (follows and follows.match(folded, end))
            return None if short or in_syllable(folded, end) else (start, end)
    return None


def inside(codes: tuple[str, ...], area: str) -> tuple[str, ...]:
    """Return those of `codes` that lie in `area`, itself a code; none where `area` is ''."""
    return tuple(code for code in codes if area and code.startswith(area))


def touching(folded: str, end: int) -> bool:
    """Whether Thai letters go on at `end`; the signs of repetition and of a shortened name are none."""
    after = folded[end : end + 1]
    return "\u0e01" <= after <= "\u0e4e" and after not in "\u0e2f\u0e46"


def ends_word(said: Tokens, end: int) -> bool:
    """Whether a word ends at `end`."""
    if not touching(said.text, end):
        return True
    at = bisect(said.ends, end)
    return at > 0 and said.ends[at - 1] == end


def in_syllable(folded: str, end: int) -> bool:
    """Whether what stands at `end` belongs to the letter before it."""
    after = folded[end : end + 1]
    return bool(after) and (
        after in "\u0e30\u0e32\u0e33\u0e45" or "\u0e31" <= after <= "\u0e3a" or "\u0e47" <= after <= "\u0e4e"
    )


def any_of(words: tuple[str, ...], *, end: bool = False) -> str:
    """Return a pattern of any of `words`, longest first; with `end`, one at a text's end, a space behind it allowed."""
    parts = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    return rf"(?:{parts})\s?$" if end else f"(?:{parts})"
