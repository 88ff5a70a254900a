"""One event on its way through the writer: read while no transaction is open, then handled in one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session, sessionmaker

from bot.pipeline import Handled, Pipeline, Prepared
from handlers.messages import Incoming
from storage import inbox
from storage.inbox import Waiting


class Turn:
    """The event, and what was understood of it so far."""

    def __init__(
        self,
        pipeline: Pipeline,
        readers: sessionmaker[Session],
        clock: Callable[[], datetime],
        waiting: Waiting,
    ) -> None:
        self._pipeline, self._readers, self._clock, self._waiting = pipeline, readers, clock, waiting
        self._prepared = Prepared(None, None)

    @property
    def incoming(self) -> Incoming | None:
        """What was said, as far as it could be read: where an apology goes."""
        return self._prepared.incoming

    def prepare(self) -> None:
        """Read and understand the event; its payload comes from its row where it is not in hand any more."""
        if self._waiting.payload is None:
            with self._readers() as session:
                self._waiting = replace(self._waiting, payload=inbox.payload_of(session, self._waiting.id))
        incoming = self._pipeline.open(self._waiting)
        self._prepared = Prepared(incoming, None)
        self._prepared = self._pipeline.prepare(incoming)

    def handle(self, session: Session) -> Handled:
        """Handle the event."""
        return self._pipeline.handle(session, self._waiting, self._prepared, self._clock())
