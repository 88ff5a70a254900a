"""How long the program takes to be ready, what it weighs, and what it does while nobody speaks."""

from __future__ import annotations

import http.client
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks.load import requests
from tests.benchmarks.measure import Measure
from tests.benchmarks.program import bot, cpu_seconds, free_port, platforms, program, resident
from tests.peers import LinePeer, TelegramPeer

READY = 3.0  # seconds
HEAVY = 300.0  # MB
IDLE = 1.0  # per cent of one core
WATCHED = 20.0  # seconds
MESSAGES = 2000
PATIENCE = 120.0  # seconds until the answers to all messages must have arrived


def measure(runs: int = 3) -> list[Measure]:
    """Start, memory and idle processor time; an existing database each time."""
    with TemporaryDirectory() as folder, LinePeer() as line, TelegramPeer() as telegram:
        both = platforms(line.url, telegram.url)
        sample, platform = Path(folder) / "sample", Path(folder) / "platforms"
        _start(sample, {})
        _start(platform, both)
        started = tuple(_start(sample, {}) for _ in range(runs))
        started_both = tuple(_start(platform, both) for _ in range(runs))
        port = free_port()
        command, env = bot(port, platform)
        with program(command, port, env | both) as (pid, _):
            resting = _resting(pid)
            _speak(port, line)
            heavy = resident(pid)
    return [
        Measure("start to ready, sample data", "s", started, bound=READY),
        Measure("start to ready, LINE and Telegram", "s", started_both, bound=READY),
        *resting,
        Measure(f"memory after {MESSAGES} messages", "MB", (heavy,), bound=HEAVY),
    ]


def measure_resting(database: str) -> list[Measure]:
    """Memory and idle processor time of one process with both platforms on a database."""
    with TemporaryDirectory() as folder, LinePeer() as line, TelegramPeer() as telegram:
        port = free_port()
        command, env = bot(port, Path(folder), database=database)
        with program(command, port, env | platforms(line.url, telegram.url)) as (pid, _):
            return _resting(pid)


def _resting(pid: int) -> list[Measure]:
    light, idle = resident(pid), _idle(pid)
    return [
        Measure("memory when ready", "MB", (light,), bound=HEAVY),
        Measure(f"processor while idle for {WATCHED:.0f} s", "% of a core", (idle,), bound=IDLE),
    ]


def _start(folder: Path, more: dict[str, str]) -> float:
    port = free_port()
    command, env = bot(port, folder)
    with program(command, port, env | more) as (_, seconds):
        return seconds


def _idle(pid: int) -> float:
    time.sleep(2)  # what starting left to do
    before, began = cpu_seconds(pid), time.monotonic()
    time.sleep(WATCHED)
    return 100 * (cpu_seconds(pid) - before) / (time.monotonic() - began)


def _speak(port: int, line: LinePeer) -> None:
    """Send messages one by one and wait until every one of them was answered.

    :raises RuntimeError: some were not in time.
    """
    connection = http.client.HTTPConnection("127.0.0.1", port)
    for request in requests(MESSAGES):
        head, _, body = request.partition(b"\r\n\r\n")
        fields = [field.split(": ", 1) for field in head.decode().split("\r\n")[1:]]
        connection.request("POST", "/webhook/line", body, dict(fields))
        connection.getresponse().read()
    connection.close()
    deadline = time.monotonic() + PATIENCE
    while len(line.accepted) < MESSAGES:
        if time.monotonic() > deadline:
            raise RuntimeError(f"{len(line.accepted)} of {MESSAGES} messages were answered")
        time.sleep(0.05)
