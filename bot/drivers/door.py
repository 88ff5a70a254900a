"""The door of a process among others: where arrivals are written, and what is known of the database's trouble."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar
from uuid import uuid4

from sqlalchemy.orm import Session, sessionmaker

from bot.drivers.hands import Hands
from storage import inbox
from storage.inbox import Arrival
from storage.trouble import in_words, is_passing

T = TypeVar("T")
LOOK = 2.0  # seconds between two looks whether the trouble is over
MUTE = "the server does not answer"


class Door:
    """Does what arrivals ask of the database, and remembers in words why that failed.

    While there is trouble nobody is sent here by a balancer that asks whether we are ready: so we look ourselves
    whether it is over.
    """

    def __init__(self, hands: Hands, sessions: sessionmaker[Session], clock: Callable[[], datetime]) -> None:
        self._hands, self._sessions, self._clock = hands, sessions, clock
        self.trouble = ""  # what stands in the way; '' when nothing does

    def do(self, work: Callable[[Session], T]) -> asyncio.Future[T]:
        """Do a piece of work in a transaction."""
        future = self._hands.do(work)
        future.add_done_callback(self._note)
        return future

    def _note(self, done: asyncio.Future[T]) -> None:
        error = None if done.cancelled() else done.exception()
        if error is None:
            self.trouble = ""
        elif is_passing(error):
            self.trouble = in_words(error)

    async def watch(self) -> None:
        """Look, for as long as there is trouble, whether it is over; until cancelled."""
        while True:
            await asyncio.sleep(LOOK)
            if self.trouble:
                try:
                    await asyncio.to_thread(self._try)
                except Exception as error:
                    self.trouble = in_words(error)
                else:
                    self.trouble = ""

    def _try(self) -> None:
        """Write an event and undo it: a disk may be full, or rights be gone, for some tables only."""
        with self._sessions() as session:
            inbox.keep(session, [Arrival("none", uuid4().hex, "", b"")], self._clock())
            session.rollback()
