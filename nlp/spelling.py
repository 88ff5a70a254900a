"""Names that a misspelt one may stand for: those one edit away, and those that sound the same."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

LEAST = 4
"""A name with fewer letters, marks above and below not counted, stands for itself only."""


@dataclass(frozen=True, slots=True)
class Sounds:
    """What is written differently and sounds the same: letters (code points), and parts of words."""

    letters: Mapping[int, int]
    parts: Mapping[str, str]


class Spelling:
    """Names, ready to be found by what is nearly one of them.

    One edit is a character too many, missing or other than it should be, or two that changed places. The index holds
    every name with each of its characters left out: two words one edit apart share such a rest.
    """

    def __init__(self, names: Iterable[str], sounds: Sounds) -> None:
        """Take names, and what sounds the same."""
        self._sounds_as = sounds
        self._names = tuple(name for name in names if letters(name) >= LEAST)
        self._rests: dict[str, tuple[str, ...]] = {}
        self._sounds: dict[str, tuple[str, ...]] = {}
        for name in self._names:
            for rest in _rests(name):
                self._rests[rest] = (*self._rests.get(rest, ()), name)
            sound = self._sound(name)
            self._sounds[sound] = (*self._sounds.get(sound, ()), name)

    def near(self, said: str) -> frozenset[str]:
        """Return the names that `said` may stand for, itself too where it is one."""
        near = {name for rest in _rests(said) for name in self._rests.get(rest, ()) if one_edit(said, name)}
        return frozenset(near.union(self._sounds.get(self._sound(said), ())))

    def longer(self, said: str) -> frozenset[str]:
        """Return the names that begin with `said` and are longer."""
        return frozenset(name for name in self._names if name.startswith(said) and name != said)

    def _sound(self, name: str) -> str:
        for part, same in self._sounds_as.parts.items():
            name = name.replace(part, same)
        return _silent().sub("", name).translate(self._sounds_as.letters)


def letters(name: str) -> int:
    """Return the number of characters that stand on the line."""
    return sum(not (mark == "\u0e31" or "\u0e34" <= mark <= "\u0e3a" or "\u0e47" <= mark <= "\u0e4e") for mark in name)


def one_edit(one: str, other: str) -> bool:
    """Whether two words are equal or one edit apart."""
    if abs(len(one) - len(other)) > 1:
        return False
    same = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    rest, other_rest = one[same:], other[same:]
    if len(rest) != len(other_rest):
        short, long = sorted((rest, other_rest), key=len)
        return short == long[1:]
    return rest[1:] == other_rest[1:] or (rest[:2] == other_rest[1::-1] and rest[2:] == other_rest[2:])


def _rests(word: str) -> set[str]:
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}


@cache
def _silent() -> re.Pattern[str]:
    return re.compile("[\u0e01-\u0e2e][\u0e34\u0e38]?\u0e4c")
