"""What a text is made of for the linear model: its words and each two neighbours."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from itertools import pairwise

_WORD = "\x1f"
"""Stands before a word and between two neighbours, so that no cue's name is taken for one."""


@cache
def _number() -> re.Pattern[str]:
    return re.compile(r"\d+")


def word_feature(word: str) -> str:
    """Return the feature of a word; each row of digits in it is one figure."""
    return _WORD + (_number().sub("0", word) if word.isascii() else word)


def word_features(words: Iterable[str]) -> list[str]:
    """Return the features of all words in order, then those of each two neighbours."""
    single = [word_feature(word) for word in words]
    return [*single, *(first + second for first, second in pairwise(single))]
