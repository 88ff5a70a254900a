"""One event on its way: read while no transaction is open, then handled in one, and parked where that cannot be."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy.orm import Session, sessionmaker

from bot.drivers.writer import is_passing
from bot.pipeline import Handled, Pipeline, Prepared
from storage import inbox
from storage.inbox import Waiting

TRIES = 3  # times an event is tried: what fails because another was quicker goes well the second time
PAUSE = 0.05  # seconds between two tries
DEADLY = 5  # processes that died with an event in hand before it is believed to be its fault

# Does a piece of work in a transaction, after its share that needs none.
Do = Callable[[Callable[[Session], Handled], Callable[[], None]], "asyncio.Future[Handled]"]

log = structlog.get_logger()


class Turn:
    """The event, and what was understood of it so far."""

    def __init__(
        self,
        pipeline: Pipeline,
        readers: sessionmaker[Session],
        clock: Callable[[], datetime],
        waiting: Waiting,
    ) -> None:
        self._pipeline, self._readers, self._clock, self.waiting = pipeline, readers, clock, waiting
        self._prepared = Prepared(None, None)

    def open(self) -> None:
        """Read the event; its payload comes from its row where it is not in hand any more."""
        if self.waiting.payload is None:
            with self._readers() as session:
                self.waiting = replace(self.waiting, payload=inbox.opened(session, self.waiting))
        self._prepared = Prepared(self._pipeline.open(self.waiting), None)

    def prepare(self) -> None:
        """Read and understand the event."""
        self.open()
        self._prepared = self._pipeline.prepare(self._prepared.incoming)

    def handle(self, session: Session) -> Handled:
        """Handle the event."""
        return self._pipeline.handle(session, self.waiting, self._prepared, self._clock())

    def fail(self, session: Session, error: str) -> Handled:
        """Park the event, and apologise where it could be read."""
        return self._pipeline.fail(session, self.waiting, self._prepared.incoming, error, self._clock())

    def park(self, session: Session, error: str) -> Handled:
        """Park the event without a word: even the apology failed."""
        return self._pipeline.fail(session, self.waiting, None, error, self._clock())


async def take(turn: Turn, do: Do) -> Handled:
    """Handle an event; one that cannot be handled is parked after its tries, and its chat goes on.

    :raises Exception: the database's state stands in the way, and nothing is done.
    """
    about: dict[str, Any] = {"inbox": turn.waiting.id, "channel": turn.waiting.channel}
    if turn.waiting.attempts >= DEADLY:
        log.error("parked: every process died at it", **about)
        return await _park(turn, do, "every process died at it", about)
    for tried in range(1, TRIES + 1):
        try:
            return await do(turn.handle, turn.prepare)
        except Exception as error:
            if is_passing(error):
                raise
            name = type(error).__name__
            if tried == TRIES:
                log.exception("handling failed", **about)
            else:
                log.warning("handling failed, is tried again", error=name, **about)
                await asyncio.sleep(PAUSE * tried)
    return await _park(turn, do, name, about)


async def _park(turn: Turn, do: Do, name: str, about: dict[str, Any]) -> Handled:
    try:
        return await do(lambda session: turn.fail(session, name), turn.open)
    except Exception as error:
        if is_passing(error):
            raise
        log.exception("apologising failed", **about)
    return await do(lambda session: turn.park(session, name), _nothing)


def _nothing() -> None:
    """There is nothing to do before."""
