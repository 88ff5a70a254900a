"""Whatever kills the program and wherever: nothing is lost, nothing happens twice, everybody is answered in order."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.kill.lives import STEPS
from tests.kill.place import Place
from tests.kill.suite import Run, run, write_summary

# On PostgreSQL a dead worker's chats wait for seven seconds: of many chats there is always one that need not wait.
CHATS = {"sqlite": 20, "postgresql": 50}
NAMES = {"sqlite": "kill", "postgresql": "kill-postgresql"}  # of the artifacts


def check(done: Run, name: str) -> None:
    write_summary(f"{name}.json", done.summary())
    sys.stdout.write(f"{done.summary()}\n")
    assert done.verdict.faults == []
    assert sorted(done.steps) == sorted(STEPS)
    assert done.repeated > 0  # the platform met a closed door and came again


@pytest.mark.timeout(300)
def test_nothing_is_lost_or_doubled_over_kills_at_every_step(blank_address: str, system: str, tmp_path: Path) -> None:
    done = run(Place(blank_address, tmp_path), count=400, chats=CHATS[system], random_kills=4, seed=9)
    check(done, NAMES[system])


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_nothing_is_lost_or_doubled_over_many_random_kills(blank_address: str, system: str, tmp_path: Path) -> None:
    done = run(Place(blank_address, tmp_path), count=2000, chats=CHATS[system], random_kills=40, seed=99)
    check(done, f"{NAMES[system]}-long")
