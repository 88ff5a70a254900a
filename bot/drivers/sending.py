"""One try to send a parcel, and the note of how it ended."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial

import structlog
from sqlalchemy.orm import Session

from bot import delivery
from bot.delivery import Outcome
from bot.drivers.patience import patiently
from bot.pipeline import Pipeline
from storage import outbox
from storage.outbox import Outgoing

log = structlog.get_logger()
Write = Callable[[Callable[[Session], Outgoing | None]], Awaitable[Outgoing | None]]


async def try_once(
    pipeline: Pipeline, outgoing: Outgoing, write: Write, clock: Callable[[], datetime]
) -> tuple[Outgoing, Outcome]:
    """Send a parcel once and settle it; returns the parcel as it stands then, and how the try ended."""
    pipeline.step("send.before")
    outcome = await delivery.send(pipeline.channels[outgoing.channel], outgoing, clock())
    pipeline.step("send.sent")
    outgoing = await _settled(outgoing, outcome, write, clock)
    pipeline.step("send.settled")
    return outgoing, outcome


async def _settled(outgoing: Outgoing, outcome: Outcome, write: Write, clock: Callable[[], datetime]) -> Outgoing:
    settle = partial(delivery.settle, outgoing=outgoing, outcome=outcome, now=clock())
    try:
        return await patiently(lambda: write(settle)) or outgoing
    except Exception:
        # What surely went out would go out again at the next start, and what did not would be tried for ever.
        log.exception("settling failed", outbox=outgoing.id, state=outcome.state)
        state = "failed" if outcome.state == "again" else outcome.state
        plainly = partial(outbox.settle, outgoing=outgoing, state=state, now=clock(), error="settling failed")
        await patiently(lambda: write(plainly))
        return outgoing
