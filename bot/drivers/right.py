"""A job's right to speak: a process that stood still for long may have been taken for dead, and replaced."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

SILENT = 7.0  # seconds without a sign of life after which a worker's jobs are given to others
MARGIN = 2.0  # seconds within which what was allowed is done
PAUSE = 0.5  # seconds before it is asked again


class Superseded(Exception):
    """The job belongs to another worker by now: whatever is left of it is theirs."""


class Right:
    """Says whether a job is still ours: from memory for as long as nobody can have taken it, else by asking.

    Rows have only one effect, whoever handles them; what is sent cannot be undone, hence this.
    """

    def __init__(self, silence: Callable[[], Awaitable[float | None]]) -> None:
        """`silence` asks for the seconds since our worker was last heard of; None when the job is not ours."""
        self._silence = silence
        self._until = 0.0

    async def check(self) -> None:
        """See that the job is ours, just now and for a moment.

        :raises Superseded: it is not.
        """
        while (asked := _now()) >= self._until:
            silent = await self._silence()
            if silent is None:
                raise Superseded
            self._until = asked + SILENT - MARGIN - silent
            if _now() >= self._until:
                await asyncio.sleep(PAUSE)  # our worker is about to be taken for dead: it speaks again, or it was


def _now() -> float:
    """Seconds on a clock that goes on while the machine or the process is paused."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)
