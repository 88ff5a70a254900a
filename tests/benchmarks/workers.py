"""How many messages a second go the whole way on PostgreSQL, by how many processes."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import psycopg

from bot.channels.base import Envelope
from storage import inbox
from storage.database import make_engine, make_sessions
from storage.inbox import Arrival
from storage.vault import Vault
from tests import postgres
from tests.benchmarks.measure import Measure
from tests.benchmarks.messages import BEGAN, PERSONS, said
from tests.benchmarks.program import KEY

PROCESSES = (1, 2, 3)
SHARE = 0.6  # of Procrastinate's own rate for jobs that do nothing
PATIENCE = 60.0  # seconds until all must be handled
LOOK = 0.02  # seconds between two looks whether all is done

_LEFT = """
SELECT EXISTS (SELECT FROM inbox WHERE state = 'waiting') OR EXISTS (SELECT FROM outbox WHERE state = 'waiting')
"""
_ENDED = "SELECT (SELECT count(*) FROM inbox WHERE state = 'done'), (SELECT count(*) FROM outbox WHERE state = 'sent')"


def measure(server: postgres.Server, runs: int) -> list[Measure]:
    """Messages a second by one process and by more, and of jobs that do nothing by one."""
    envelopes = said()
    limit = list[float]()
    ours: dict[int, list[float]] = {count: [] for count in PROCESSES}
    for _ in range(runs):
        with server.database() as url:
            limit.append(_nothing(url, len(envelopes)))
        for count in PROCESSES:
            with server.database() as url:
                ours[count].append(_work_off(url, envelopes, count))
    return [
        Measure(
            f"messages end to end, {count} process{'es' if count > 1 else ''}",
            "messages/s",
            tuple(rates),
            tuple(limit),
            share=SHARE if count == 1 else None,
        )
        for count, rates in ours.items()
    ]


def _nothing(url: str, count: int) -> float:
    command = [sys.executable, "-m", "tests.benchmarks.bare_jobs", url, str(count), str(PERSONS)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def _work_off(url: str, envelopes: Sequence[Envelope], count: int) -> float:
    """Messages a second by so many processes, from their start to the last settled row.

    :raises RuntimeError: not every message was handled and answered once.
    """
    _keep(url, envelopes)
    with _processes(url, count) as processes, psycopg.connect(url, autocommit=True) as watch:
        began = time.perf_counter()
        for process in processes:
            _say(process)
        while watch.execute(_LEFT).fetchone() != (False,):
            if time.perf_counter() - began > PATIENCE or any(process.poll() is not None for process in processes):
                raise RuntimeError(f"not all of {len(envelopes)} messages were handled")
            time.sleep(LOOK)
        rate = len(envelopes) / (time.perf_counter() - began)
        sent = sum(int(process.communicate(timeout=PATIENCE)[0]) for process in processes)
        ended = watch.execute(_ENDED).fetchone()
    if ended != (len(envelopes), sent) or sent != len(envelopes):
        raise RuntimeError(f"of {len(envelopes)} messages handled and answered: {ended}; parcels sent: {sent}")
    return rate


def _keep(url: str, envelopes: Sequence[Envelope]) -> None:
    engine = make_engine(postgres.driven(url))
    with make_sessions(engine, Vault(KEY)).begin() as session:
        arrivals = [Arrival(e.channel, e.event_id, e.chat, e.payload, e.message_id) for e in envelopes]
        inbox.keep(session, arrivals, BEGAN)
    engine.dispose()


@contextmanager
def _processes(url: str, count: int) -> Iterator[list[subprocess.Popen[str]]]:
    """Processes that are ready to work; none is left behind.

    :raises RuntimeError: one did not get ready.
    """
    command = [sys.executable, "-m", "tests.benchmarks.worker", url]
    processes = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(count)
    ]
    try:
        for process in processes:
            if process.stdout is None or process.stdout.readline() != "ready\n":
                raise RuntimeError("a worker did not get ready")
        yield processes
    finally:
        for process in processes:
            process.kill()
            process.communicate()


def _say(process: subprocess.Popen[str]) -> None:
    if process.stdin is not None:
        process.stdin.write("go\n")
        process.stdin.flush()
