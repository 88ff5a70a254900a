"""Words of a folded text, by PyThaiNLP with the nlpo3 engine."""

from __future__ import annotations

import re
from dataclasses import dataclass

WHOLE = 400
"""Texts up to this many characters go to the tokenizer in one piece."""
PIECE = 200
"""Longer ones go in pieces of at most this size, cut at a space where there is one."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """A text and its words: `words[n]` is `text[starts[n]:ends[n]]`. Spaces are no words."""

    text: str
    words: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]


def tokens(text: str) -> Tokens:
    """Return the words of `text` with their positions."""
    words: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    at = 0
    for piece in _pieces(text):
        position = at
        for word in _segment(piece):
            # The engine gives back every character, in order; a text for which it did not would lose the rest.
            if not word.isspace():
                words.append(word)
                starts.append(position)
                ends.append(position + len(word))
            position += len(word)
        at += len(piece)
    return Tokens(text, tuple(words), tuple(starts), tuple(ends))


def warm_up() -> None:
    """Load the tokenizer's dictionary, which takes a tenth of a second, before the first message needs it."""
    _segment("\u0e01")


def _segment(text: str) -> list[str]:
    from pythainlp.tokenize import word_tokenize  # noqa: PLC0415 — imports dictionaries

    words: list[str] = word_tokenize(text, engine="nlpo3", keep_whitespace=True, join_broken_num=False)
    return words


def _pieces(text: str) -> list[str]:
    if len(text) <= WHOLE:
        return [text] if text else []
    pieces: list[str] = []
    at = 0
    while at < len(text):
        end = min(at + PIECE, len(text))
        if end < len(text):
            spaces = [found.end() for found in re.finditer(r"\s", text[at:end])]
            end = at + spaces[-1] if spaces else end
        pieces.append(text[at:end])
        at = end
    return pieces
