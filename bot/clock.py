"""The time: this machine's, or the one that all machines on one database share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from storage.shared_time import server_time

ASKED = 3  # times that the server is asked at each look


def now() -> datetime:
    """The time by this machine's clock."""
    return datetime.now(UTC)


class SharedClock:
    """The database server's time, as far as it was measured: machines differ, and what is due is so for all of them."""

    def __init__(self, own: Callable[[], datetime] = now) -> None:
        self._own = own
        self._ahead = timedelta(0)
        self.known = False  # whether it was measured

    def __call__(self) -> datetime:
        """The time."""
        return self._own() + self._ahead

    def measure(self, session: Session) -> timedelta:
        """Ask the server, from any thread; returns by how much its clock is ahead of ours.

        The quickest of some answers tells best: it may be wrong by half of the time that it took.
        """
        self._ahead = min(self._ask(session) for _ in range(ASKED))[1]
        self.known = True
        return self._ahead

    def _ask(self, session: Session) -> tuple[timedelta, timedelta]:
        """How long the server took to answer, and by how much its clock is ahead."""
        before = self._own()
        there = server_time(session)
        took = self._own() - before
        return took, there - (before + took / 2)
