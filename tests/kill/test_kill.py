"""Whatever kills the program and wherever: nothing is lost, nothing happens twice, everybody is answered in order."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.kill.suite import STEPS, Run, run, write_summary


def check(done: Run, name: str) -> None:
    write_summary(name, done)
    sys.stdout.write(f"{done.summary()}\n")
    assert done.verdict.faults == []
    assert sorted(done.steps) == sorted(STEPS)
    assert done.repeated > 0  # the platform met a closed door and came again


@pytest.mark.timeout(300)
def test_nothing_is_lost_or_doubled_over_kills_at_every_step(tmp_path: Path) -> None:
    check(run(tmp_path, count=400, random_kills=4, seed=9), "kill.json")


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_nothing_is_lost_or_doubled_over_many_random_kills(tmp_path: Path) -> None:
    check(run(tmp_path, count=2000, random_kills=40, seed=99), "kill-long.json")
