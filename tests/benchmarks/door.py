"""How many events a second are durable and answered, and how long an answer takes when few come."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.benchmarks.load import percentiles
from tests.benchmarks.measure import Measure
from tests.benchmarks.program import bot, free_port, platforms, program
from tests.benchmarks.timed_peer import TimedLinePeer
from tests.peers import TelegramPeer

COUNT, BUSY = 6_000, 1_500
CALM, CALM_RATE = 500, 50
SHARE = 0.6
PATIENCE = 20.0  # seconds until what was said calmly must have been answered on the platform

Fresh = Callable[[], AbstractContextManager[str]]  # the address of a new database, gone after the block


def measure(runs: int = 3) -> list[Measure]:
    """Accepted events a second without workers and with them, and the latencies at 50 a second, on SQLite."""
    busy = [_ours(files, BUSY)["rate"] for _ in range(runs)]
    accepted, *calm = measure_on(files, runs, share=SHARE)
    return [accepted, Measure("the same while they are handled", "events/s", tuple(busy), accepted.limit), *calm]


def measure_on(fresh: Fresh, runs: int, *, calmly: int = CALM, share: float | None = None) -> list[Measure]:
    """Accepted events a second without workers, and with them the latencies at 50 a second, for `calmly` events."""
    ours, limit, calm, calm_limit = [], [], [], []
    for _ in range(runs):
        port = free_port()
        with fresh() as address, program(["-m", "tests.benchmarks.bare_door", str(port), address], port):
            limit.append(_load(port, COUNT)["rate"])
            calm_limit.append(_load(port, calmly, CALM_RATE))
        ours.append(_ours(fresh, COUNT, work=False)["rate"])
        calm.append(_ours(fresh, calmly, CALM_RATE))
    door = [
        Measure(f"{part} of the door's answer at {CALM_RATE}/s", "ms", _part(calm, part), _part(calm_limit, part))
        for part in ("p50", "p99")
    ]
    felt = [
        Measure(f"{part} until LINE has the answer at {CALM_RATE}/s", "ms", _part([run["felt"] for run in calm], part))
        for part in ("p50", "p99")
    ]
    return [
        Measure("events accepted, 32 connections", "events/s", tuple(ours), tuple(limit), share=share),
        *door,
        *felt,
    ]


@contextmanager
def files() -> Iterator[str]:
    """The address of a new SQLite database."""
    with TemporaryDirectory() as folder:
        yield f"sqlite:///{folder}/sansiang.db"


def _part(runs: Sequence[dict[str, Any]], part: str) -> tuple[float, ...]:
    return tuple(run[part] for run in runs)


def _ours(fresh: Fresh, count: int, rate: int = 0, *, work: bool = True) -> dict[str, Any]:
    port = free_port()
    with (
        TemporaryDirectory() as folder,
        fresh() as address,
        TimedLinePeer() as line,
        TelegramPeer() as telegram,
    ):
        command, env = bot(port, Path(folder), work=work, database=address)
        with program(command, port, env | platforms(line.url, telegram.url)):
            said = _load(port, count, rate)
            return said | ({"felt": _felt(line, said["began"], count, rate)} if work and rate else {})


def _felt(line: TimedLinePeer, began: float, count: int, rate: int) -> dict[str, float]:
    """Percentiles of the time from when an event was due until its answer was at the platform.

    :raises RuntimeError: some were not answered in time.
    """
    deadline = time.monotonic() + PATIENCE
    while len(line.answered) < count:
        if time.monotonic() > deadline:
            raise RuntimeError(f"{len(line.answered)} of {count} events were answered")
        time.sleep(0.05)
    return percentiles([at - began - number / rate for number, at in line.answered.items()])


def _load(port: int, count: int, rate: int = 0) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.benchmarks.load", str(port), str(count), "--rate", str(rate)]
    said: dict[str, Any] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return said
