"""What the program does on PostgreSQL, where there is a server to measure it on."""

from __future__ import annotations

from dataclasses import replace

from tests import postgres
from tests.benchmarks import door, running, workers
from tests.benchmarks.measure import Measure
from tests.postgres import Server

CALM = 300  # events
MAKES_DURABLE = ("fsync", "synchronous_commit", "full_page_writes")


def measure(runs: int = 3) -> list[Measure]:
    """The door, the workers, and one process at rest; one row that says why where there is no server."""
    if not postgres.address():
        return [Measure("on PostgreSQL", "", (), note=f"skipped: {postgres.VARIABLE} is not set")]
    with postgres.opened() as server:
        measures = [*door.measure_on(server.database, runs, calmly=CALM), *workers.measure(server, runs)]
        with server.database() as address:
            measures += running.measure_resting(address)
        return [*_warning(server), *(replace(one, name=f"PostgreSQL: {one.name}") for one in measures)]


def _warning(server: Server) -> list[Measure]:
    """A row that warns where the server does not keep what it says it has kept."""
    off = [name for name in MAKES_DURABLE if server.connection.execute(f"SHOW {name}").fetchone() == ("off",)]
    note = f"not durable: {', '.join(off)} off, so rates are too good"
    return [Measure("PostgreSQL", "", (), note=note)] if off else []
