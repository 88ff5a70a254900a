"""Telegram's long polling: what was asked for is kept first, and only then the next is asked for."""

from __future__ import annotations

import asyncio

import structlog

from bot.channels.base import SendFailed
from bot.channels.telegram import TelegramChannel
from bot.drivers.base import Driver

WAIT = 25.0  # seconds Telegram holds a request open
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0  # seconds after a failure

log = structlog.get_logger()


async def poll(channel: TelegramChannel, driver: Driver) -> None:
    """Ask on and on. A confirmed offset means that the updates before it are durable."""
    offset: int | None = None
    pause = FIRST_PAUSE
    while True:
        try:
            envelopes, after = await channel.updates(offset, WAIT)
            await driver.receive(envelopes)
        except asyncio.CancelledError:
            raise
        except SendFailed as failure:
            log.warning("polling", channel="telegram", failure=failure.failure, reason=failure.reason)
            await asyncio.sleep(failure.retry_after or pause)
            pause = min(pause * 2, LONGEST_PAUSE)
        except Exception as error:
            log.warning("polling", channel="telegram", error=type(error).__name__)
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
        else:
            offset, pause = after, FIRST_PAUSE
            for envelope in envelopes:
                await channel.acknowledge(envelope.payload)
