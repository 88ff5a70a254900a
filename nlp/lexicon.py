"""Looking up many phrases at once over the words of a text.

A phrase matches where it begins at a word of the tokenizer and ends at the end of one; a phrase of
`LOOSE` characters or more may end inside a word, because Thai compounds are cut differently in different
company. The look-up walks one tree of characters per word, so it is linear in the text.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from nlp.normalize import fold
from nlp.tokenize import Tokens

LOOSE = 5
_END = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase found: `phrase` as the lexicon has it, at `text[start:end]`."""

    phrase: str
    start: int
    end: int


class Lexicon:
    """A set of phrases, ready for look-up."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._root: dict[str, Any] = {}
        for phrase in phrases:
            for spelling in _spellings(phrase):
                node = self._root
                for letter in spelling:
                    node = node.setdefault(letter, {})
                node.setdefault(_END, phrase)

    def hits(self, tokens: Tokens) -> list[Hit]:
        """Return the longest phrase at each word, in order of the text; phrases inside a longer one are left out."""
        text = tokens.text
        ends = set(tokens.ends)
        found: list[Hit] = []
        for start in tokens.starts:
            best = self._longest(text, start, ends)
            if best and not (found and best.end <= found[-1].end):
                found.append(best)
        return found

    def _longest(self, text: str, start: int, ends: set[int]) -> Hit | None:
        node = self._root
        best: Hit | None = None
        for position in range(start, len(text)):
            if text[position] not in node:
                break
            node = node[text[position]]
            phrase = node.get(_END)
            end = position + 1
            if phrase and (end in ends or (end - start >= LOOSE and not _continues(text, end))):
                best = Hit(phrase, start, end)
        return best


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


def _spellings(phrase: str) -> set[str]:
    folded = fold(phrase)
    return {folded, folded.replace(".", ""), folded.replace(" ", "")} - {""}
