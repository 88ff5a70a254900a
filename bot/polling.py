"""How Telegram's updates come: by webhook where there is a public address, else by long polling."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import structlog

from bot.channels.base import Envelope, SendFailed
from bot.channels.telegram import TelegramChannel
from bot.drivers.base import Driver, NotKept

WAIT = 25.0  # seconds Telegram holds a request open
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0  # seconds after a failure
ASK = 2.0  # seconds between two questions whether we are the one that asks Telegram

log = structlog.get_logger()


async def listen(channel: TelegramChannel, driver: Driver, public_url: str) -> None:
    """Let updates come in until cancelled."""
    if public_url and await set_webhook(channel, f"{public_url}/webhook/telegram"):
        return
    await while_alone(driver, "telegram", lambda: poll(channel, driver))


async def while_alone(driver: Driver, name: str, do: Callable[[], Awaitable[None]]) -> None:
    """Do something for as long as this process is the one that does it, and again when it is its turn once more."""
    while True:
        if not await driver.alone(name):
            await asyncio.sleep(ASK)
            continue
        log.info("alone from now on", lease=name)
        doing = asyncio.ensure_future(do())
        try:
            while not doing.done() and await driver.alone(name):
                await asyncio.wait({doing}, timeout=ASK)
        finally:
            doing.cancel()
            await asyncio.gather(doing, return_exceptions=True)
        log.warning("another is at it now", lease=name)


async def set_webhook(channel: TelegramChannel, url: str) -> bool:
    """Tell Telegram our address, however long it takes to reach it; False when Telegram refuses the address."""
    pause = FIRST_PAUSE
    while True:
        try:
            await channel.set_webhook(url)
        except SendFailed as failure:
            log.warning("webhook not set", channel="telegram", failure=failure.failure, reason=failure.reason)
            if failure.failure == "never":
                return False
            await asyncio.sleep(failure.retry_after or pause)
            pause = min(pause * 2, LONGEST_PAUSE)
        else:
            log.info("webhook set", channel="telegram")
            return True


async def _keep(driver: Driver, envelopes: Sequence[Envelope]) -> None:
    try:
        await driver.receive(envelopes)
    except NotKept as error:  # asking for it again would bring it again, and nothing after it
        log.warning("never kept", channel="telegram", error=str(error))


async def poll(channel: TelegramChannel, driver: Driver) -> None:
    """Ask on and on. What was given is kept first, and only then is the next asked for."""
    offset: int | None = None
    pause, free = FIRST_PAUSE, False
    while True:
        try:
            if not free:
                await channel.delete_webhook()  # while one is set, Telegram refuses to be asked
                free = True
            envelopes, after = await channel.updates(offset, WAIT)
            await _keep(driver, envelopes)
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
