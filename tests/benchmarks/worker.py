"""One process of many that work messages off on PostgreSQL, with a platform that only counts.

`python -m tests.benchmarks.worker URL` prints a line when it is ready, works when it is sent a line, and prints what
it sent when its input ends.
"""

from __future__ import annotations

import asyncio
import sys

import uvloop

from bot.app import driver_for, make_house
from bot.clock import SharedClock, now
from bot.pipeline import Pipeline
from bot.settings import Settings
from tests.benchmarks.messages import CHANNEL, CountingChannel
from tests.benchmarks.program import KEY


async def work(url: str) -> int:
    """Work from one line of the input until its end; returns how many parcels were sent."""
    settings = Settings.model_validate({"database_url": url, "secret_key": KEY, "provinces": "chiang-rai"})
    house, channel = make_house(settings), CountingChannel()
    driver = driver_for(house, Pipeline({CHANNEL: channel}, house.desk), SharedClock(now))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.readline)
    await driver.start()
    await asyncio.to_thread(sys.stdin.readline)
    await driver.stop()
    house.engine.dispose()
    return channel.sent


def main() -> None:
    """Work, and print what was sent."""
    sys.stdout.write(f"{uvloop.run(work(sys.argv[1]))}\n")


if __name__ == "__main__":
    main()
