"""The limit of many workers: how many jobs a second Procrastinate's own worker does that do nothing.

`python -m tests.benchmarks.bare_jobs URL COUNT LOCKS` works off COUNT jobs, each of them behind one of LOCKS locks, in
a database that has Procrastinate's tables, and prints the rate. Where the server plans badly for a queue that it has
not counted yet, the limit would be no limit: hence our own settings and index for the connections that fetch.
"""

from __future__ import annotations

import asyncio
import sys
import time

import psycopg
import uvloop
from procrastinate import App, PsycopgConnector

from bot.drivers.jobs import PLANNING
from bot.drivers.worker import AT_ONCE

_FILL = """
INSERT INTO procrastinate_jobs (queue_name, task_name, lock, args)
SELECT 'bench', 'nothing', 'lock-' || number %% %s, '{}' FROM generate_series(0, %s - 1) AS number ORDER BY number
"""
_LEFT = "SELECT EXISTS (SELECT FROM procrastinate_jobs)"


async def work_off(url: str, count: int, locks: int) -> float:
    """Jobs a second, from the start of the worker until none is left."""
    app = App(connector=PsycopgConnector(conninfo=url, kwargs={"options": PLANNING}, min_size=1, max_size=6))

    @app.task(name="nothing", queue="bench")
    async def nothing() -> None:
        await asyncio.sleep(0)

    async with app.open_async(), await psycopg.AsyncConnection.connect(url, autocommit=True) as watch:
        await watch.execute(_FILL, (locks, count))
        began = time.perf_counter()
        while await _any_left(watch):
            await app.run_worker_async(
                wait=False, concurrency=AT_ONCE, delete_jobs="always", install_signal_handlers=False
            )
        return count / (time.perf_counter() - began)


async def _any_left(watch: psycopg.AsyncConnection[tuple[bool]]) -> bool:
    row = await (await watch.execute(_LEFT)).fetchone()
    return row is not None and row[0]


def main() -> None:
    """Work off, and print the rate."""
    url, count, locks = sys.argv[1:]
    sys.stdout.write(f"{uvloop.run(work_off(url, int(count), int(locks)))}\n")


if __name__ == "__main__":
    main()
