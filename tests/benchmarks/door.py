"""How many events a second are durable and answered, and how long an answer takes when few come."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.benchmarks.measure import Measure
from tests.benchmarks.program import bot, free_port, platforms, program
from tests.peers import LinePeer, TelegramPeer

COUNT, BUSY = 6_000, 1_500
CALM, CALM_RATE = 500, 50
SHARE = 0.6


def measure(runs: int = 3) -> list[Measure]:
    """Accepted events a second without workers and with them, and the latencies at 50 a second."""
    ours, limit, busy = [], [], []
    calm, calm_limit = [], []
    for _ in range(runs):
        with TemporaryDirectory() as folder:
            port = free_port()
            with program(["-m", "tests.benchmarks.bare_door", str(port), f"{folder}/bare.db"], port):
                limit.append(_load(port, COUNT)["rate"])
                calm_limit.append(_load(port, CALM, CALM_RATE))
            ours.append(_ours(Path(folder) / "idle", COUNT, work=False)["rate"])
            busy.append(_ours(Path(folder) / "busy", BUSY, work=True)["rate"])
            calm.append(_ours(Path(folder) / "calm", CALM, CALM_RATE, work=True))
    return [
        Measure("events accepted, 32 connections", "events/s", tuple(ours), tuple(limit), share=SHARE),
        Measure("the same while they are handled", "events/s", tuple(busy), tuple(limit)),
        *(
            Measure(f"{part} of an answer at {CALM_RATE}/s", "ms", _part(calm, part), _part(calm_limit, part))
            for part in ("p50", "p99")
        ),
    ]


def _part(runs: list[dict[str, Any]], part: str) -> tuple[float, ...]:
    return tuple(run[part] for run in runs)


def _ours(folder: Path, count: int, rate: int = 0, *, work: bool) -> dict[str, Any]:
    port = free_port()
    command, env = bot(port, folder, work=work)
    with (
        LinePeer() as line,
        TelegramPeer() as telegram,
        program(command, port, env | platforms(line.url, telegram.url)),
    ):
        return _load(port, count, rate)


def _load(port: int, count: int, rate: int = 0) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.benchmarks.load", str(port), str(count), "--rate", str(rate)]
    said: dict[str, Any] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return said
