"""What neighbours hear when the team answers the one who told a report."""

from __future__ import annotations

import pytest

from handlers.desk import Desk
from tests.handlers.village import Village, open_village, told
from tests.rig import Clock, Database


@pytest.fixture
def village(desk: Desk, database: Database, clock: Clock) -> Village:
    """The second report joined the first."""
    village = open_village(desk, database, clock)
    village.press("ลุงแก้ว", "same.yes", 2, 1)
    return village


def answer(village: Village, words: str) -> dict[str, str]:
    village.press("เมธา", "case.reply", 1)
    village.say("เมธา", words)
    return told(village.press("เมธา", "case.send", 1))


def test_neighbours_hear_that_the_team_answered_without_its_words(village: Village) -> None:
    village.press("เมธา", "case.accept", 1)
    heard = answer(village, "ขอเลขมิเตอร์ของป้าหน่อยค่ะ")
    assert "เลขมิเตอร์" in heard["ป้าบัว"]
    assert "เลขมิเตอร์" not in heard["ลุงแก้ว"]
    code = village.report(2).code
    assert heard["ลุงแก้ว"].startswith(f"เรื่อง {code} มีข่าวค่ะ")
    assert heard["ลุงแก้ว"].endswith("ตอนนี้: มีคนรับเรื่องแล้ว")
    assert village.report(1).code not in heard["ลุงแก้ว"]
    assert "ตาสี" not in heard


def test_they_hear_it_once_a_day(village: Village) -> None:
    assert set(answer(village, "รับทราบแล้วค่ะ")) == {"ป้าบัว", "ลุงแก้ว"}
    assert set(answer(village, "จะไปดูพรุ่งนี้ค่ะ")) == {"ป้าบัว"}
    village.talk.clock.move(hours=23)
    assert set(answer(village, "ไปดูมาแล้วค่ะ")) == {"ป้าบัว"}
    village.talk.clock.move(hours=1)
    assert set(answer(village, "สั่งของแล้วค่ะ")) == {"ป้าบัว", "ลุงแก้ว"}


@pytest.mark.parametrize("secret", [{"private": True}, {"sensitive": "health_private"}])
def test_of_what_they_may_not_read_they_hear_nothing(village: Village, secret: dict[str, object]) -> None:
    village.change(1, **secret)
    assert "ลุงแก้ว" not in answer(village, "รับทราบแล้วค่ะ")
