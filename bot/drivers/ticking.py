"""The beat of a process that works beside others: every two seconds it looks for what is due and for who died."""

from __future__ import annotations

import asyncio
from functools import partial

import structlog
from prometheus_client import Gauge

from bot.clock import SharedClock
from bot.drivers import sweep
from bot.drivers.base import Driver
from bot.drivers.right import SILENT
from bot.media import Store
from bot.pipeline import Pipeline
from storage.trouble import name_of

TICK = 2.0  # seconds between two looks for what is due

log = structlog.get_logger()
WAITING = Gauge("sansiang_jobs_waiting", "Jobs that nobody works at yet", ["queue"])


async def keep_looking(driver: Driver, pipeline: Pipeline, store: Store, clock: SharedClock) -> None:
    """Look until cancelled; nobody is taken for dead while the server itself was slow to answer."""
    ticks, calm = 0, 0.0
    loop = asyncio.get_running_loop()
    while True:
        await asyncio.sleep(TICK)
        began = loop.time()
        try:
            # A look, not a write: writes wait for rows that one who stands still holds, while the server is well.
            found = await driver.read(partial(sweep.pressing, pipeline=pipeline, now=clock()))
        except Exception as error:
            log.warning("tick failed", error=name_of(error))
            calm = loop.time() + SILENT
            continue
        if loop.time() - began > TICK:
            calm = loop.time() + SILENT
        if loop.time() < calm:
            found = [name for name in found if name != "rescue"]  # the living had no way to give a sign of life
        for name, look in sweep.looks(ticks, found, pipeline, store, clock):
            try:
                counted = await driver.write(look)
            except Exception as error:  # the next tick tries again, and what else it does must not wait for this
                log.warning("tick failed", doing=name, error=name_of(error))
            else:
                for queue, count in (counted or {}).items():
                    WAITING.labels(queue).set(count)
        ticks += 1
