"""Phone, citizen and account numbers in any grouping, with Thai digits, spelled digits and letters for digits."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_SEPARATOR = r"[ .\-\u2013()]{0,3}"
_FEWEST = 9
_MOST = 60
_ALIKE = {"o": "0", "O": "0", "l": "1", "I": "1", "x": "x", "X": "x", "*": "x"}
_MOBILE = "689"
_LONGEST_PHONE = 11
_ABROAD = "0066"
_CENTURIES = frozenset({"19", "20", "24", "25", "26"})
_ROUND = "000"
"""Long numbers that end so are amounts."""
_CITIZEN = 13
_CITIZEN_GROUPS = (1, 4, 5, 2, 1)
_ACCOUNT_GROUPS = (3, 1, 5, 1)
_FEWEST_KNOWN = 6
"""Digits of a phone number that stay when the others were crossed out."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a text: `text[start:end]`; `what` is "phone", "citizen_id", "bank_account" or "number"."""

    what: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Group:
    digits: str
    start: int
    end: int
    spelled: bool


class DigitRuns:
    """Patterns of digits, ready to find numbers that belong to a person."""

    def __init__(self, spelled: Mapping[str, str]) -> None:
        """Take the digits' names, as `{name: digit}`."""
        self._digits = {**spelled, **_ALIKE} | {chr(0x0E50 + digit): str(digit) for digit in range(10)}
        names = "|".join(re.escape(name) for name in sorted(spelled, key=len, reverse=True))
        atom = f"(?:[0-9\u0e50-\u0e59]|[oOlIxX*](?![A-HJ-NP-WYZa-km-np-wyz])|{names})"
        self._atom = re.compile(atom)
        self._group = re.compile(f"{atom}+")
        self._run = re.compile(
            f"(?:(?<![A-Za-z0-9\u0e50-\u0e59,/])|(?<=[0-9]{{4}}/))\\+?"
            f"(?:{atom}{_SEPARATOR}){{{_FEWEST - 1},{_MOST}}}{atom}"
        )

    def find(self, text: str) -> list[Number]:
        """Return the numbers of a text, in order and apart."""
        found: list[Number] = []
        for run in self._run.finditer(text):
            groups = [self._read(group) for group in self._group.finditer(text, run.start(), run.end())]
            found += _numbers(text, groups, run[0].startswith("+"))
        return found

    def _read(self, group: re.Match[str]) -> _Group:
        parts: list[str] = self._atom.findall(group[0])
        digits = "".join(self._digits.get(part, part) for part in parts)
        return _Group(digits, group.start(), group.end(), any(len(part) > 1 for part in parts))


def _numbers(text: str, groups: list[_Group], plus: bool) -> list[Number]:
    found: list[Number] = []
    at = 0
    while at < len(groups):
        rest = groups[at:]
        if _is_date(rest) or _is_clock(text, rest):
            at += 3 if _is_date(rest) else 2
            continue
        abroad = plus and at == 0
        what, count = _number(rest, abroad)
        if count:
            start, end = groups[at].start - abroad, groups[at + count - 1].end
            found.append(Number(what, start - _is_bracketed(text, start, end), end))
        at += max(count, 1)
    return found


def _is_bracketed(text: str, start: int, end: int) -> bool:
    """Return whether a bracket that opens just before a number closes in it, as around an area code."""
    return text[max(0, start - 1) : start] == "(" and ")" in text[start:end] and "(" not in text[start:end]


def _number(groups: list[_Group], abroad: bool) -> tuple[str, int]:
    """Return what the first groups are together, and how many of them; `("", 0)` for nothing personal."""
    lengths = tuple(len(group.digits) for group in groups)
    if lengths[: len(_CITIZEN_GROUPS)] == _CITIZEN_GROUPS:
        return "citizen_id", len(_CITIZEN_GROUPS)
    if lengths[: len(_ACCOUNT_GROUPS)] == _ACCOUNT_GROUPS:
        return "bank_account", len(_ACCOUNT_GROUPS)
    digits = ""
    ends: dict[int, int] = {}
    for count, group in enumerate(groups, 1):
        digits += group.digits
        ends[len(digits)] = count
        if len(digits) >= _CITIZEN:
            break
    for size in _phone_sizes(digits, abroad):
        if size in ends and sum(map(str.isdigit, digits[:size])) >= _FEWEST_KNOWN:
            return "phone", ends[size]
    if _CITIZEN in ends and digits[:1] in "12345678" and digits[:_CITIZEN].isdigit():
        return "citizen_id", ends[_CITIZEN]
    if lengths[0] >= _FEWEST and groups[0].digits.isdigit() and not groups[0].digits.endswith(_ROUND):
        return ("phone" if digits.startswith("0") and lengths[0] <= _LONGEST_PHONE else "number"), 1
    if _FEWEST in ends and any(group.spelled for group in groups):
        return "phone", ends[_FEWEST]
    return "", 0


def _phone_sizes(digits: str, abroad: bool) -> tuple[int, ...]:
    """Return how many digits a phone number that begins so may have, the likeliest first."""
    if abroad or digits.startswith(_ABROAD):
        prefix = 2 if abroad else len(_ABROAD)
        return prefix + 9, prefix + 8, prefix + 10
    if not digits.startswith("0"):
        return ()
    return (10, 9) if digits[1:2] in _MOBILE else (9, 10)


def _is_date(groups: list[_Group]) -> bool:
    lengths = [len(group.digits) for group in groups[:3]]
    if len(lengths) < 3 or lengths[0] > 2 or lengths[1] > 2 or lengths[2] != 4:
        return False
    return groups[2].digits[:2] in _CENTURIES


def _is_clock(text: str, groups: list[_Group]) -> bool:
    """Return whether the first two groups are hours and minutes, or a decimal number."""
    if len(groups) < 2 or text[groups[0].end : groups[1].start] != ".":
        return False
    return len(groups[0].digits) <= 2 and len(groups[1].digits) <= 2
