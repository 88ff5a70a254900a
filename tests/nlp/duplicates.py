"""Groups of reports of one problem, each with near misses, and how well they are told apart."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from nlp.group import group
from nlp.likeness import Likeness
from nlp.marking import Report

OWN = Path(__file__).parent / "cases" / "duplicates.jsonl"
CODES = {"chiangrai": "57", "khonkaen": "40", "nakhonsawan": "60", "trat": "23", "phatthalung": "93"}


@dataclass(frozen=True, slots=True)
class Case:
    """A report: the group it was written in, and whether it is one of that group's near misses."""

    text: str
    group: int
    province: str
    near_miss: bool


@dataclass(frozen=True, slots=True)
class Score:
    """F1 over all pairs, and the share of near misses that are in no group with any report of their group."""

    f1: float
    kept_apart: float


def read_cases(path: Path, part: str | None = None) -> list[Case]:
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    return [
        Case(text, row["group"], CODES[row["province"]], key == "near_miss")
        for row in rows
        if part in {None, row.get("part")}
        for key in ("texts", "near_miss")
        for text in row[key]
    ]


def score(likeness: Likeness, cases: Sequence[Case], *, pooled: bool) -> Score:
    """Group the cases, province by province or all in one, and compare."""
    found: dict[int, tuple[str, int]] = {}
    for own in [""] if pooled else sorted({case.province for case in cases}):
        numbers = [number for number, case in enumerate(cases) if own in {"", case.province}]
        provinces = [own, *(code for code in CODES.values() if code != own)]
        groups = group(likeness, [Report(cases[number].text) for number in numbers], provinces)
        found |= {number: (own, answer) for number, answer in zip(numbers, groups, strict=True)}
    right = said = meant = 0
    for (one, first), (other, second) in combinations(enumerate(cases), 2):
        together = first.group == second.group and not (first.near_miss or second.near_miss)
        said += found[one] == found[other]
        meant += together
        right += together and found[one] == found[other]
    own_groups: dict[int, set[tuple[str, int]]] = {}
    for number, case in enumerate(cases):
        if not case.near_miss:
            own_groups.setdefault(case.group, set()).add(found[number])
    apart = [found[n] not in own_groups[case.group] for n, case in enumerate(cases) if case.near_miss]
    return Score(2 * right / (said + meant), sum(apart) / len(apart))
