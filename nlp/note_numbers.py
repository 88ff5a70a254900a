"""Numbers at the beginnings of a note's lines that run on, however they are written: "1 …", "2. …", "- …", "4) …"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from nlp.note_marks import BARE, COUNTING, NoteLine

_LIST = 2
_LONG_LIST = 3
"""Bare numbers that are marks though other lines stand between them."""
_DASHES = "-–—•●▪*+·‣"


def run_through(lines: Sequence[NoteLine], telling: Sequence[bool]) -> list[NoteLine]:
    """Return the lines with one sort of mark where their numbers run through marks of several sorts.

    A bare number ("5 old people") is a mark where it counts on from the one before. A bullet is an item of such a
    list where a number is left out for it, and, where its writer marks the items now so, now so, where it tells
    something (`telling`, for each line) and stands as far left as they.
    """
    found = list(lines)
    loosely = len({line.kind for line in lines if line.kind and line.kind in _DASHES}) > 1
    for run in _runs(lines):
        if not _is_list(lines, run, loosely=loosely):
            continue
        inside = _bullets(lines, run, telling, loosely=loosely)
        if not inside and len(kinds := {lines[at].kind for at in run}) == 1 and BARE not in kinds:
            continue
        first = lines[run[0]].number - sum(at < run[0] for at in inside)
        for number, at in enumerate(sorted([*run, *inside]), max(first, 1)):
            found[at] = replace(lines[at], kind="number", number=number)
    return found


def _runs(lines: Sequence[NoteLine]) -> list[list[int]]:
    """Return the lines whose numbers count on, run by run; what is bare between two that do is no mark."""
    at_numbers = [at for at, line in enumerate(lines) if line.kind in COUNTING]
    sure = [at for at in at_numbers if lines[at].kind != BARE]
    between = {
        at for one, two in pairwise(sure) if lines[two].number == lines[one].number + 1 for at in range(one + 1, two)
    }
    runs: list[list[int]] = []
    for at in (at for at in at_numbers if at not in between):
        if runs and _counts_on(lines, runs[-1][-1], at):
            runs[-1].append(at)
        else:
            runs.append([at])
    return runs


def _counts_on(lines: Sequence[NoteLine], one: int, two: int) -> bool:
    step = lines[two].number - lines[one].number
    return step == 1 or (step > 1 and step - 1 in (two - one - 1, len(_bulleted(lines, range(one + 1, two)))))


def _bulleted(lines: Sequence[NoteLine], among: Sequence[int]) -> list[int]:
    return [at for at in among if lines[at].kind and not lines[at].numbered]


def _is_list(lines: Sequence[NoteLine], run: list[int], *, loosely: bool) -> bool:
    if len(run) < _LIST and not (loosely and (lines[run[0]].kind != BARE or _above(lines, run[0]))):
        return False
    if any(lines[at].kind != BARE for at in run):
        return True
    starts = lines[run[0]].number == 1 or bool(_above(lines, run[0]))
    marked = all(line.kind for line in lines[run[0] : run[-1] + 1])
    return starts and (marked or len(run) >= _LONG_LIST)


def _above(lines: Sequence[NoteLine], first: int) -> list[int]:
    """Return the lines above the first number of a run that the numbers before it are left out for."""
    begins = first - lines[first].number + 1
    above = list(range(max(begins, 0), first))
    return above if begins >= 0 and not any(lines[at].numbered for at in above) else []


def _bullets(lines: Sequence[NoteLine], run: list[int], telling: Sequence[bool], *, loosely: bool) -> list[int]:
    """Return the lines without a number that are items of a run of numbers; `loosely`: bullets are of several looks."""
    left = max(lines[at].indent for at in run)
    above = _above(lines, run[0])
    inside = above if all(lines[at].kind or telling[at] for at in above) else []
    for one, two in pairwise(run):
        if lines[two].number > lines[one].number + 1:
            bulleted = _bulleted(lines, range(one + 1, two))
            fills = len(bulleted) == lines[two].number - lines[one].number - 1
            inside = [*inside, *(bulleted if fills else range(one + 1, two))]
    if not (inside or loosely) and len({_sign(lines[at]) for at in run}) == 1:
        return []
    below = run[-1] + 1
    while below < len(lines) and lines[below].kind and not lines[below].numbered:
        below += 1
    loose = _bulleted(lines, range(run[0], below))
    return sorted({*inside, *(at for at in loose if telling[at] and lines[at].indent <= left)})


def _sign(line: NoteLine) -> str:
    """Return how a number is marked: ".", ")", or "" where nothing stands behind it."""
    mark = line.whole[: len(line.whole) - len(line.text)]
    return "".join(letter for letter in mark if not letter.isalnum() and not letter.isspace())
