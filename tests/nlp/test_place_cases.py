"""Our own labelled messages with places: how many are found, and how many of those found are right."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from nlp.reader import Reader
from nlp.reading import FoundPlace

FILE = Path(__file__).parent / "cases" / "places.jsonl"

Locate = Callable[["Case"], FoundPlace | None]


@dataclass(frozen=True, slots=True)
class Case:
    """A message and its place: '' for what it does not say, `ask` for the tambons it leaves in doubt.

    `answer` marks what was said when the bot had asked where. `why` says what the case is about.
    """

    text: str
    province: str | None
    tambon_code: str
    amphoe: str
    village: str
    ask: frozenset[str]
    answer: bool
    why: str

    @property
    def is_nowhere(self) -> bool:
        return not (self.tambon_code or self.amphoe or self.village or self.ask)


@dataclass(frozen=True, slots=True)
class Measured:
    """Shares from 0 to 1: of the tambons said, of those given, of the questions due, of whole places; the failures."""

    accuracy: float
    precision: float
    asked: float
    whole: float
    failures: tuple[str, ...]


def read_cases() -> list[Case]:
    rows = [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]
    return [
        Case(
            row["text"],
            row["province"],
            row["place"]["tambon_code"] or "",
            row["place"]["amphoe"] or "",
            row["place"]["village"] or "",
            frozenset(row.get("ask", ())),
            row.get("answer", False),
            row["why"],
        )
        for row in rows
    ]


def measure(cases: list[Case], locate: Locate) -> Measured:
    said = given = right = due = asked = whole = 0
    failures: list[str] = []
    for case in cases:
        place = locate(case) or FoundPlace("")
        hit = place.tambon_code == case.tambon_code
        said += bool(case.tambon_code)
        given += bool(place.tambon_code)
        right += hit and bool(case.tambon_code)
        due += bool(case.ask)
        asked += bool(case.ask) and {*place.candidates} == case.ask
        # What a question leaves open is not compared.
        rest = bool(case.ask) or place.amphoe == case.amphoe
        stays = not case.is_nowhere or place.province_code in ("", case.province)
        fine = hit and rest and stays and place.village == case.village and {*place.candidates} == case.ask
        whole += fine
        if not fine:
            failures.append(f"{case.province} {case.text!r} ({case.why}): {place}")
    return Measured(right / said, right / max(given, 1), asked / due, whole / len(cases), tuple(failures))


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    return read_cases()


def locating(reader: Reader) -> Locate:
    return lambda case: (reader.locate_answer if case.answer else reader.locate)(case.text, case.province)


def test_there_are_cases_of_every_sort(cases: list[Case]) -> None:
    assert len(cases) >= 500
    assert len({case.text for case in cases}) == len(cases)
    assert sum(case.is_nowhere for case in cases) >= 60
    assert sum("misspelt" in case.why for case in cases) >= 25
    assert {case.province for case in cases} == {"23", "40", "57", "60", "93", None}


def test_places_are_found_and_right(reader: Reader, cases: list[Case]) -> None:
    measured = measure(cases, locating(reader))
    print(*measured.failures, sep="\n")  # noqa: T201 — shown where the test fails
    assert measured.accuracy >= 0.97
    assert measured.precision >= 0.985
    assert measured.asked >= 0.95
    assert measured.whole >= 0.97


def test_the_measure_notices_guesses_and_silence(reader: Reader, cases: list[Case]) -> None:
    locate = locating(reader)

    def guessing(case: Case) -> FoundPlace | None:
        place = locate(case)
        return replace(place, tambon_code=place.candidates[0]) if place and place.candidates else place

    assert measure(cases, guessing).precision < 0.985
    assert measure(cases, lambda _: None).accuracy == 0
    assert measure(cases, lambda case: reader.locate(case.text, None)).accuracy < 0.97


def test_the_reading_says_the_same_place(reader: Reader, cases: list[Case]) -> None:
    for case in cases[::25]:
        assert reader.read(case.text, case.province).place == reader.locate(case.text, case.province)
