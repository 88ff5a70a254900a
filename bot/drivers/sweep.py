"""What every process looks for from time to time: what is due, what dead workers left, and what nobody looks after.

All of it may be done by several at once: rows that one is at are passed over by the others, and whom two of them wake
is woken once.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial

import structlog
from sqlalchemy.orm import Session

from bot import delivery
from bot.drivers import jobs
from bot.drivers.right import SILENT
from bot.media import Store
from bot.pipeline import Pipeline
from storage import inbox, outbox, voices
from storage import media as media_rows

SENDING, LOST = 1, 5  # ticks between two looks for parcels whose time has come, and for rows that no job looks after
PATIENCE = timedelta(seconds=delivery.LONGEST_WAIT)
AGE = timedelta(seconds=10)  # of an event before it is believed that its job was lost

log = structlog.get_logger()
Look = Callable[[Session], dict[str, int] | None]


def pressing(session: Session, pipeline: Pipeline, now: datetime) -> list[str]:
    """Which looks are worth a write just now, of those that are asked for at every tick."""
    return [*(["fire"] * pipeline.is_due(session, now)), *(["rescue"] * jobs.any_stalled(session, SILENT))]


def looks(
    tick: int, found: Collection[str], pipeline: Pipeline, store: Store, clock: Callable[[], datetime]
) -> Iterator[tuple[str, Look]]:
    """What to do at a tick, by name: each is one transaction. One of them tells how many jobs wait, by queue.

    `found`: what `pressing` told.
    """
    known = sorted(pipeline.known)
    if "fire" in found:
        yield "fire", partial(fire, pipeline=pipeline, now=clock())
    if "rescue" in found:
        yield "rescue", rescue
    if tick % SENDING == 0:
        yield "send", partial(to_send, known=known, now=clock())
    if tick % LOST == 0:
        yield "lost", partial(lost, known=known, now=clock())
        if pipeline.ear is not None:
            yield "hear", partial(to_hear, now=clock())
        yield "forget files", partial(forget_files, store=store)
        yield "count", count


def fire(session: Session, pipeline: Pipeline, now: datetime) -> None:
    """Turn what fell due into events, and have them looked after."""
    jobs.wake(session, jobs.CHATS, [waiting.chat_key.hex() for waiting in pipeline.tick(session, now)])


def rescue(session: Session) -> None:
    """Give the work of dead workers to the living, and remember at which chat they died."""
    for stalled in jobs.rescue(session, SILENT):
        log.warning("taken over from a dead worker", queue=stalled.queue)
        if stalled.queue != jobs.CHATS:
            jobs.wake(session, stalled.queue, [stalled.key])
            continue
        deaths = inbox.suspect(session, bytes.fromhex(stalled.key))
        jobs.wake_later(session, stalled.queue, stalled.key, deaths)


def to_send(session: Session, known: Collection[str], now: datetime) -> None:
    """Have parcels and media looked after whose time has come."""
    chats = outbox.chats_to_send(session, known, now, now + PATIENCE)
    jobs.wake_idle(session, jobs.CHATS, [chat.hex() for chat in chats])
    jobs.wake_idle(session, jobs.MEDIA, [str(row) for row in media_rows.waiting(session, now, known=known)])


def to_hear(session: Session, now: datetime) -> None:
    """Have voice notes heard that no machine has heard yet."""
    jobs.wake_idle(session, jobs.VOICES, [jobs.voice(row) for row in voices.waiting(session, now)])


def lost(session: Session, known: Collection[str], now: datetime) -> None:
    """Have events looked after that wait for long and have no job: the rows are the truth, jobs may be lost."""
    chats = inbox.chats_waiting(session, known, now - AGE)
    jobs.wake_idle(session, jobs.CHATS, [chat.hex() for chat in chats])


def all_waiting(session: Session, known: Collection[str]) -> None:
    """Have everything looked after that waits: at a start nobody knows what became of its job."""
    left = inbox.waiting_elsewhere(session, known) + outbox.waiting_elsewhere(session, known)
    if left:
        log.warning("rows wait for a channel that is not configured", **left)
    chats = inbox.chats_waiting(session, known, datetime.max.replace(tzinfo=UTC))
    jobs.wake_idle(session, jobs.CHATS, [chat.hex() for chat in chats])


def forget_files(session: Session, store: Store) -> None:
    """Remove the files of what was taken back."""
    if media_rows.has_forgotten_files(session):
        media_rows.forget_files(session, store.remove)


def count(session: Session) -> dict[str, int]:
    """Count the jobs that wait."""
    return {jobs.CHATS: 0, jobs.MEDIA: 0, jobs.VOICES: 0} | jobs.counts(session)
