"""Having a voice note heard: no transaction is open meanwhile, and nobody else waits for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

import structlog
from sqlalchemy.orm import Session

from bot.drivers.base import Driver
from bot.drivers.patience import patiently
from bot.media import Store
from bot.transcriber import Transcriber, Unheard
from handlers import later
from storage import voices

AT_ONCE = 2  # voices at a time: a service on a small machine hears one after another anyhow
HOLD = timedelta(minutes=4)  # for hearing one: three tries of a minute; then others may
AGAIN = timedelta(hours=1)  # after which a service that was in trouble is asked again

log = structlog.get_logger()


async def listen(driver: Driver, ear: Transcriber, store: Store, clock: Callable[[], datetime], medium_id: int) -> None:
    """Have one voice note heard and keep what was heard; its reporter is asked whether that is right."""
    voice = await patiently(lambda: driver.read(partial(voices.to_hear, medium_id=medium_id)))
    if voice is None:
        return
    try:
        data = await asyncio.to_thread(store.load, voice.sha256)
    except OSError as error:
        log.warning("voice not heard", medium=medium_id, reason=type(error).__name__)
        return
    try:
        text = await ear.hear(data, voice.media_type)
    except Unheard as failure:
        log.warning("voice not heard", medium=medium_id, reason=failure.reason, again=failure.again)
        if failure.again:
            until = clock() + AGAIN
            await patiently(lambda: driver.write(partial(voices.put_off, medium_id=medium_id, until=until)))
            return
        text = ""
    await patiently(lambda: driver.write(partial(_keep, medium_id=medium_id, text=text, now=clock())))


async def hold(driver: Driver, clock: Callable[[], datetime], medium_id: int) -> None:
    """Keep other processes from a voice note while it is heard here."""
    await patiently(lambda: driver.write(partial(voices.put_off, medium_id=medium_id, until=clock() + HOLD)))


def _keep(session: Session, medium_id: int, text: str, now: datetime) -> None:
    if voices.settle(session, medium_id, text) and text:
        later.remind(session, "heard", medium_id, now)
