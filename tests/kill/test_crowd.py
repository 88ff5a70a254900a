"""Three processes on one database: whoever of them dies or stands still, the others go on, soon and without a slip."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.kill.crowd import CrowdRun, run
from tests.kill.lives import STEPS
from tests.kill.place import Place
from tests.kill.suite import write_summary

# Seconds within which a dead worker's chats go on: about nine, and twice that where who takes over is interrupted too.
SOON = 20.0
EVENTS = ("poller", "step", "pause", "step")
POLLER = 10.0  # seconds within which another asks Telegram


def check(done: CrowdRun, name: str) -> None:
    write_summary(name, done.summary())
    sys.stdout.write(f"{done.summary()}\n")
    assert done.verdict.faults == []
    assert sum(wait.chats for wait in done.waits) > len(done.waits)  # they were interrupted in the middle of something
    assert max(wait.longest for wait in done.waits) <= SOON
    assert 0 < max(wait.poller or 0 for wait in done.waits) <= POLLER


@pytest.mark.postgresql
@pytest.mark.timeout(300)
def test_others_go_on_where_one_dies_or_stands_still(blank_address: str, tmp_path: Path) -> None:
    steps = ("send.sent", "handle.written")
    done = run(Place(blank_address, tmp_path), count=400, events=EVENTS, steps=steps, seed=5)
    check(done, "kill-crowd.json")


@pytest.mark.long
@pytest.mark.postgresql
@pytest.mark.timeout(1800)
def test_others_go_on_over_many_deaths_and_pauses(blank_address: str, tmp_path: Path) -> None:
    events = [*EVENTS, "calm", *EVENTS, "kill", "calm"] * 3
    done = run(Place(blank_address, tmp_path), count=2000, events=events, steps=[*STEPS, "send.sent"], seed=55)
    check(done, "kill-crowd-long.json")
    assert set(done.steps) == set(STEPS)
