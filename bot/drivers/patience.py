"""Patience: a row in hand is not let go because the database is in trouble."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog

from bot.drivers.writer import is_passing
from storage.trouble import name_of

T = TypeVar("T")
RETRY = 2.0  # seconds before something is tried again after the database's trouble

log = structlog.get_logger()


async def patiently(do: Callable[[], Awaitable[T]]) -> T:
    """Do something with the database, however long its state stands in the way.

    Whoever comes behind in the same chat waits too, so that nothing overtakes.
    """
    while True:
        try:
            return await do()
        except Exception as error:
            if not is_passing(error):
                raise
            log.warning("waiting for the database", error=name_of(error))
            await asyncio.sleep(RETRY)
