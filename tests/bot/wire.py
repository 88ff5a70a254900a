"""A platform of our own at the wire: it takes webhooks, remembers what was sent, and fails as it is told."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.channels.base import Envelope, Fetched, FetchFailed, Parcel, Refused
from bot.letters import dump_incoming, load_incoming, load_replies
from bot.pipeline import Handled, Pipeline
from handlers.desk import Desk
from handlers.messages import Incoming, Reply
from storage.inbox import Waiting
from storage.models import Outbox
from storage.vault import vault_of
from tests.rig import WEDNESDAY, Clock, Database

UNKNOWN = b"an event of tomorrow"


@dataclass(slots=True)
class Wire:
    """The channel. `sending` and `fetching` are scripts: what happens to the next tries, in order."""

    name: str = "wire"
    acknowledges: bool = True
    sent: list[Parcel] = field(default_factory=list)
    tried: list[Parcel] = field(default_factory=list)
    sending: list[Exception] = field(default_factory=list)
    fetching: list[Exception] = field(default_factory=list)
    on_send: Callable[[], Awaitable[object]] | None = None  # what happens elsewhere while a parcel is under way
    acknowledged: list[bytes] = field(default_factory=list)
    files: dict[str, Fetched] = field(default_factory=dict)

    async def open(self) -> None:
        """Nothing to open."""

    async def close(self) -> None:
        """Nothing to close."""

    def accept(self, headers: Mapping[str, str], body: bytes) -> list[Envelope]:
        if headers.get("x-wire") != "signed":
            raise Refused(401, "who are you")
        if body == UNKNOWN:
            return [Envelope(self.name, "unknown", "U1", UNKNOWN)]
        return [envelope(load_incoming(line)) for line in body.splitlines()]

    def read(self, payload: bytes) -> Incoming | None:
        if payload == UNKNOWN:
            return None
        if payload == b"unreadable":
            raise ValueError("unreadable")
        return load_incoming(payload)

    def pack(self, replies: Sequence[Reply]) -> list[tuple[Reply, ...]]:
        return [(reply,) for reply in replies]

    async def send(self, parcel: Parcel) -> None:
        self.tried.append(parcel)
        if self.on_send is not None:
            await self.on_send()
        if self.sending:
            raise self.sending.pop(0)
        self.sent.append(parcel)

    async def acknowledge(self, payload: bytes) -> None:
        self.acknowledged.append(payload)

    async def fetch(self, ref: str) -> Fetched:
        if self.fetching:
            raise self.fetching.pop(0)
        if ref not in self.files:
            raise FetchFailed("404", again=False)
        return self.files[ref]


def said(text: str, number: int = 1, user: str = "U1", at: datetime = WEDNESDAY, **more: Any) -> Incoming:
    """A message on the wire."""
    plain = Incoming("wire", f"event-{number}", user, user, "message", at, text=text, message_id=f"M{number}")
    return replace(plain, **more)


def envelope(incoming: Incoming) -> Envelope:
    """A message as it comes through the door."""
    return Envelope("wire", incoming.event_id, incoming.chat, dump_incoming(incoming), incoming.message_id)


@dataclass(slots=True)
class Line:
    """The pipeline over a database, driven by hand, one transaction a call."""

    pipeline: Pipeline
    database: Database
    clock: Clock
    wire: Wire

    def take(self, *incoming: Incoming) -> list[Handled]:
        """Keep events in one request and handle those that are new, each in its transaction."""
        with self.database.sessions.begin() as session:
            kept = self.pipeline.receive(session, [envelope(one) for one in incoming], self.clock())
        return [self.work(waiting) for waiting in kept]

    def work(self, waiting: Waiting) -> Handled:
        """Handle one event as a driver does: what our code raises is undone, noted and apologised for."""
        heard: Incoming | None = None
        try:
            heard = self.pipeline.open(waiting)
            prepared = self.pipeline.prepare(heard)
            with self.database.sessions() as session:
                handled = self.pipeline.handle(session, waiting, prepared, self.clock())
                session.commit()
                return handled
        except Exception as error:
            with self.database.sessions.begin() as session:
                return self.pipeline.fail(session, waiting, heard, type(error).__name__, self.clock())

    def told(self) -> list[str]:
        """The texts of everything in the outbox."""
        with self.database.readers() as session:
            return [text for row in session.query(Outbox).order_by(Outbox.id) for text in texts_of(session, row)]


def texts_of(session: Session, row: Outbox) -> list[str]:
    """What a parcel says."""
    assert row.body_sealed is not None
    return [reply.text for reply in load_replies(vault_of(session).open_bytes(row.body_sealed, "outbox"))]


def line(desk: Desk, database: Database, clock: Clock) -> Line:
    """A pipeline whose only platform is the wire."""
    wire = Wire()
    return Line(Pipeline({"wire": wire}, desk), database, clock, wire)
