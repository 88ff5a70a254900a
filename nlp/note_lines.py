"""The lines of a note: their words, and the mark that each begins with."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from nlp.normalize import clean
from nlp.note_columns import without_columns
from nlp.note_marks import BARE, SURE_KINDS, UNSURE_KINDS, NoteLine
from nlp.note_numbers import run_through
from nlp.patterns import PatternTable, pattern_table

__all__ = ["FILE", "LONGEST_NOTE", "NoteLine", "letters", "note_lines"]

FILE = "notes.toml"
LONGEST_NOTE = 60_000
"""Characters of a note that are read."""
_BREAK = "\r\n|[\r\n\u2028\u2029]"
_LETTERS = "[0-9A-Za-z\u0e01-\u0e4e]"


def note_lines(note: str) -> list[NoteLine]:
    """Return the lines of a note that are not empty, at most `LONGEST_NOTE` characters of it."""
    table = pattern_table(FILE)
    found: list[NoteLine] = []
    gap = False
    for raw in without_columns(re.split(_BREAK, note[:LONGEST_NOTE])):
        whole = _visible(raw)
        if whole:
            indent = len(raw) - len(raw.lstrip())
            found.append(replace(_marked(whole, table), indent=indent, after_gap=gap))
        gap = not whole
    telling = [bool(table["telling"].search(line.text)) for line in found]
    return _without_accidents(run_through(found, telling))


def letters(text: str) -> int:
    """Return how many letters and digits a text has, Thai marks among them."""
    return len(re.findall(_LETTERS, text))


def _visible(raw: str) -> str:
    """Return a line without what cannot be seen, and otherwise as it was typed: it is quoted, not corrected."""
    cleaned = clean(raw)
    shown = set(cleaned)
    typed = "".join(letter for letter in raw.strip() if letter in shown)
    return typed if len(typed) == len(cleaned) and sorted(typed) == sorted(cleaned) else cleaned


def _marked(whole: str, table: PatternTable) -> NoteLine:
    bullet = table["bullet"].match(whole)
    begins = bullet.end() if bullet and bullet.end() < len(whole) else 0
    inner = whole[begins:]
    for kind in SURE_KINDS if begins else (*SURE_KINDS, *UNSURE_KINDS):
        found = table[kind].match(inner)
        if found and found.end() < len(inner):
            groups = found.groupdict()
            digits = next((groups[name] for name in ("n", "n2", "n3", "n4") if groups.get(name)), "")
            number = int(digits) if digits else _sign_number(groups.get("sign") or "")
            return NoteLine(whole, inner[found.end() :], kind, number)
    return NoteLine(whole, inner, bullet["sign"]) if bullet and begins else NoteLine(whole, whole)


def _sign_number(sign: str) -> int:
    if not sign:
        return 0
    if sign[0].isdigit():
        return int(sign[0])
    for first in (0x2460, 0x2776, 0x24F5):
        if 0 <= ord(sign[0]) - first < 20:
            return ord(sign[0]) - first + 1
    return 0


def _without_accidents(lines: Sequence[NoteLine]) -> list[NoteLine]:
    """Return the lines without marks that are none: "3.5 kilometres", "2 years", unless they count on."""
    sure = {kind: _counts_on(lines, kind) for kind in UNSURE_KINDS}
    return [line if sure.get(line.kind, True) else replace(line, text=line.whole, kind="", number=0) for line in lines]


def _counts_on(lines: Sequence[NoteLine], kind: str) -> bool:
    numbers = [line.number for line in lines if line.kind == kind]
    if kind == "letter":
        return len(numbers) >= 2
    if kind == BARE:
        return False  # those that count on have become numbers
    return len(numbers) >= 2 and all(later == earlier + 1 or later == 1 for earlier, later in pairwise(numbers))
