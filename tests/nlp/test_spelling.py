from __future__ import annotations

import pytest

from nlp.spelling import Sounds, Spelling, letters, one_edit

NAMES = ["แม่ยาว", "โคกสี", "โคกสูง", "ดอนศิลา", "พนมวังก์", "สำโรงชัย", "จันจว้า", "จันจว้าใต้", "ปอ"]


@pytest.fixture(scope="module")
def spelling() -> Spelling:
    return Spelling(NAMES, Sounds({ord("ส"): ord("ศ")}, {"ไชย": "ชัย"}))


@pytest.mark.parametrize(
    ("said", "near"),
    [
        ("แม่ยาว", {"แม่ยาว"}),
        ("แมยาว", {"แม่ยาว"}),
        ("แม่ยยาว", {"แม่ยาว"}),
        ("แม่ยาง", {"แม่ยาว"}),
        ("แม่ายว", {"แม่ยาว"}),
        ("แม่กาง", set()),
        ("โคกสีง", {"โคกสี", "โคกสูง"}),
        ("ดอนสิลา", {"ดอนศิลา"}),
        ("พนมวัง", {"พนมวังก์"}),
        ("สำโรงไชย", {"สำโรงชัย"}),
        ("ปออ", set()),
        ("", set()),
    ],
)
def test_names_one_edit_away_or_of_the_same_sound_are_near(spelling: Spelling, said: str, near: set[str]) -> None:
    assert spelling.near(said) == near


def test_half_a_name_has_longer_ones(spelling: Spelling) -> None:
    assert spelling.longer("จันจว้า") == {"จันจว้าใต้"}


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [("", "", True), ("", "ก", True), ("กข", "ขก", True), ("กขค", "คขก", False), ("กก", "กกกก", False)],
)
def test_one_edit_is_symmetric(one: str, other: str, near: bool) -> None:
    assert one_edit(one, other) is near
    assert one_edit(other, one) is near


def test_marks_above_and_below_are_no_letters() -> None:
    assert letters("งิ้ว") == 2
