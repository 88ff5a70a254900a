"""The way of a message: receive · handle · send · tick, and fetch for what a message brings along.

Each is one short transaction over rows that are the truth: whatever runs a call twice, the row's state makes its
effect one. A driver decides when and where they run.
"""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog
from prometheus_client import Counter
from sqlalchemy.orm import Session

from bot.channels.base import Channel, Envelope
from bot.letters import dump_replies
from bot.transcriber import Transcriber
from handlers import later, parked, respond
from handlers.desk import Desk
from handlers.messages import Incoming, Recipient, Reply
from nlp.reading import Reading
from storage import due, inbox, outbox
from storage import media as media_rows
from storage import parked as parked_rows
from storage.inbox import Arrival, Waiting
from storage.outbox import Outgoing
from storage.trouble import is_passing

REPLY_TOKEN_LIFE = timedelta(seconds=50)  # LINE's lives about a minute; some of it is gone on the way
LEASE = timedelta(minutes=2)  # for whoever handled an event to send what it said; after that others may
MAX_READ = 6000  # letters of a message that are read; all of them are kept

log = structlog.get_logger()

EVENTS = Counter("sansiang_events", "Events handled", ["channel", "outcome"])
RECEIVED = Counter("sansiang_received", "Events kept for the first time", ["channel"])
REPEATED = Counter("sansiang_repeated", "Events that had been kept before", ["channel"])


def no_step(_name: str) -> None:
    """Nothing happens between two steps."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """An event read before its transaction opens. `incoming` None: an event type that we have no use for."""

    incoming: Incoming | None
    reading: Reading | None


@dataclass(frozen=True, slots=True)
class Handled:
    """What handling an event leaves to do: parcels to send, media to fetch and events to handle once more, in order."""

    outgoing: tuple[Outgoing, ...] = ()
    media: tuple[int, ...] = ()
    revived: tuple[Waiting, ...] = ()


@dataclass(frozen=True, slots=True)
class Pipeline:
    """The four calls. `step` is told the name of every place where a crash would be interesting.

    `ear` hears voice notes; None where nobody but people does.
    """

    channels: Mapping[str, Channel]
    desk: Desk
    step: Callable[[str], None] = no_step
    ear: Transcriber | None = None

    @property
    def known(self) -> frozenset[str]:
        """Names of the channels whose events can be handled: those that are configured, and our own timers."""
        return frozenset({*self.channels, later.CHANNEL})

    def receive(self, session: Session, envelopes: Sequence[Envelope], now: datetime) -> list[Waiting]:
        """Keep events; returns those that were not kept before. The caller commits, then answers the platform."""
        self.step("receive.before")
        arrivals = [Arrival(e.channel, e.event_id, e.chat, e.payload, e.message_id) for e in envelopes]
        kept = inbox.keep(session, arrivals, now)
        came = Tally(arrival.channel for arrival in arrivals)
        new = Tally(waiting.channel for waiting in kept)
        for channel, count in came.items():
            RECEIVED.labels(channel).inc(new[channel])
            REPEATED.labels(channel).inc(count - new[channel])
        self.step("receive.kept")
        return kept

    def open(self, waiting: Waiting) -> Incoming | None:
        """Read an event's payload; None for one that we have no use for, or that was taken back."""
        if waiting.payload is None:
            return None
        if waiting.channel == later.CHANNEL:
            return later.read(waiting.payload)
        return self.channels[waiting.channel].read(waiting.payload)

    def prepare(self, incoming: Incoming | None) -> Prepared:
        """Understand an event's text; no transaction is open."""
        if incoming is None:
            return Prepared(None, None)
        home = self.desk.province(self.desk.home(incoming.channel))
        reading = self.desk.reader.read(incoming.text[:MAX_READ], home.code if home else None)
        self.step("prepare.read")
        return Prepared(incoming, reading)

    def handle(self, session: Session, waiting: Waiting, prepared: Prepared, now: datetime) -> Handled:
        """Handle an event once: everything it changes and says is written with the turn of its row, or nothing is.

        What a handler raises passes through: the caller undoes this session's work and calls `fail`.
        """
        incoming, reading = prepared.incoming, prepared.reading
        if incoming is None or reading is None:
            inbox.finish(session, waiting.id, "ignored", now)
            EVENTS.labels(waiting.channel, "ignored").inc()
            return Handled()
        if incoming.kind != "unsend" and self._taken_back(session, incoming):
            inbox.forget(session, waiting.id, now)
            return Handled()
        if incoming.kind == "timer":
            incoming = replace(incoming, at=now)  # it may go off late, after an outage
        replies = respond(incoming, reading, self.desk, session)
        self.step("handle.responded")
        if not inbox.finish_heard(session, waiting.id, now):
            # Another run of this row was quicker, or its words were taken back: its effect stands, ours must not.
            session.rollback()
            if inbox.finish(session, waiting.id, "ignored", now):  # taken back: else it waits until it is found lost
                EVENTS.labels(waiting.channel, "ignored").inc()
            return Handled()
        outgoing = self._post(session, waiting, incoming, replies, now)
        EVENTS.labels(incoming.channel, "done").inc()
        self.step("handle.written")
        return Handled(outgoing, media_rows.promised(session), parked_rows.revived(session))

    def _taken_back(self, session: Session, incoming: Incoming) -> bool:
        """Whether a message, or the one that an edit changes, was taken back."""
        messages = {incoming.message_id, incoming.target}
        return any(inbox.is_buried(session, inbox.message_key(session, incoming.channel, one)) for one in messages)

    def fail(self, session: Session, waiting: Waiting, incoming: Incoming | None, error: str, now: datetime) -> Handled:
        """Our code failed on an event: note it on the row, which keeps what was said, and apologise. Never silence.

        Who is apologised to hears so once, however often the event is tried again. Coordinators are told of it.
        """
        EVENTS.labels(waiting.channel, "failed").inc()
        if not inbox.finish(session, waiting.id, "failed", now, error):
            return Handled()
        user = incoming.user or incoming.chat if incoming else ""
        province = parked.province_for(self.desk, session, waiting.channel, user)
        rounds = parked_rows.park(session, waiting.id, province, now)
        if not rounds:
            return Handled()
        outgoing: tuple[Outgoing, ...] = ()
        if incoming is not None and rounds == 1:
            outgoing = self._post(session, waiting, incoming, [Reply(self.desk.texts.say("th", "oops.error"))], now)
        return Handled((*outgoing, *self._tell(session, waiting, province, now)))

    def _tell(self, session: Session, waiting: Waiting, province: str, now: datetime) -> tuple[Outgoing, ...]:
        """Tell coordinators of a parked event. Where that fails too, the event is parked all the same."""
        try:
            with session.begin_nested():
                return self._post(session, waiting, None, parked.news(self.desk, session, province, now), now)
        except Exception as error:
            if is_passing(error):
                raise
            log.exception("telling of a parked event failed", inbox=waiting.id)
            return ()

    def announce(self, session: Session, replies: Sequence[Reply], now: datetime) -> None:
        """Write news that no event caused; whoever works on the database sends them."""
        for to, said in _by_recipient(None, replies):
            channel = self.channels.get(to.channel)
            for parcel in channel.pack(said) if channel else ():
                outbox.post(session, to.channel, to.chat, dump_replies(parcel), now, quota=parcel[0].quota)

    def _post(
        self, session: Session, waiting: Waiting, incoming: Incoming | None, replies: Sequence[Reply], now: datetime
    ) -> tuple[Outgoing, ...]:
        """Write what is said. `incoming` None: nobody is spoken to but those whom the replies name."""
        posted = []
        here = Recipient(incoming.channel, incoming.chat) if incoming else None
        fresh = incoming is not None and now - incoming.at < REPLY_TOKEN_LIFE
        token, until = (incoming.reply_token, incoming.at + REPLY_TOKEN_LIFE) if incoming and fresh else ("", None)
        for to, said in _by_recipient(here, replies):
            channel = self.channels.get(to.channel)
            if channel is None:
                continue  # the person's channel is no longer configured; the report's timeline still tells
            for parcel in channel.pack(said):
                row = outbox.post(
                    session,
                    to.channel,
                    to.chat,
                    dump_replies(parcel),
                    now,
                    quota=parcel[0].quota,
                    inbox_id=waiting.id,
                    token=token if to == here else "",
                    token_until=until,
                    leased_until=now + LEASE,
                )
                posted.append(row)
                token = "" if to == here else token
        return tuple(posted)

    def is_due(self, session: Session, now: datetime) -> bool:
        """Whether anything fell due: a look that costs no write."""
        return due.any_due(session, now)

    def tick(self, session: Session, now: datetime) -> list[Waiting]:
        """Turn what fell due into events."""
        fired = list(due.fire(session, now))
        if fired:
            self.step("tick.fired")
        return fired


def _by_recipient(here: Recipient | None, replies: Sequence[Reply]) -> list[tuple[Recipient, list[Reply]]]:
    """Replies by who gets them, in the order in which each is first spoken to."""
    heaps: dict[Recipient, list[Reply]] = {}
    for reply in replies:
        if to := reply.to or here:
            heaps.setdefault(to, []).append(replace(reply, to=None))
    return list(heaps.items())
