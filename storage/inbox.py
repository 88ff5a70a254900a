"""The inbox: events kept before they are answered for, handled once, and forgotten when they are taken back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, Dialect, bindparam, func, select, update
from sqlalchemy.orm import Session

from storage.models import Inbox, Outbox, Tombstone
from storage.once import insert_new
from storage.vault import vault_of

TOGETHER = 50  # events of one chat that are read at a time

# Asked for with every message: a statement that is built once costs half.
_BURIED = select(Tombstone.at).where(Tombstone.message_key == bindparam("key"))
_COLUMNS = ("channel", "event_id", "chat_key", "message_key", "payload_sealed")
_KEEP = (
    f"INSERT INTO inbox ({', '.join(_COLUMNS)}, received_at, state, error) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608
    " ON CONFLICT (channel, event_id) DO NOTHING"
)
# One statement whatever the number of rows, which the server therefore plans once; ids rise in the order given.
_KEEP_MANY = (
    f"INSERT INTO inbox ({', '.join(_COLUMNS)}, received_at, state, error)"  # noqa: S608
    " SELECT channel, event_id, chat_key, message_key, payload_sealed, %s, 'waiting', ''"
    " FROM unnest(%s::varchar[], %s::varchar[], %s::bytea[], %s::bytea[], %s::bytea[]) WITH ORDINALITY"
    f" AS came ({', '.join(_COLUMNS)}, number) ORDER BY number"
    " ON CONFLICT (channel, event_id) DO NOTHING RETURNING channel, event_id, id"
)
_Row = tuple[str, str, bytes, bytes | None, bytes]
_PAYLOAD = select(Inbox.payload_sealed).where(Inbox.id == bindparam("row"))
_WAITING_OF = (
    select(Inbox.id, Inbox.channel, Inbox.attempts, Inbox.payload_sealed)
    .where(Inbox.state == "waiting", Inbox.chat_key == bindparam("chat"))
    .order_by(Inbox.id)
    .limit(bindparam("most"))
)
_FINISH = update(Inbox).where(Inbox.id == bindparam("row"), Inbox.state == "waiting")
_FINISH_HEARD = _FINISH.where(Inbox.payload_sealed.is_not(None))


@dataclass(frozen=True, slots=True)
class Arrival:
    """An event to be kept. `message` is the platform's message id or ''."""

    channel: str
    event_id: str
    chat: str
    payload: bytes
    message: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """An event that is kept and not yet handled. `payload` None: open `sealed`, or read it from the row, at its turn.

    `attempts` is the number of processes that died with it in hand.
    """

    id: int
    channel: str
    chat_key: bytes
    payload: bytes | None = None
    attempts: int = 0
    sealed: bytes | None = field(default=None, compare=False, repr=False)


def message_key(session: Session, channel: str, message: str) -> bytes | None:
    """Blind index of a platform message; None where the event has no message."""
    return vault_of(session).blind("message", channel, message) if message else None


def chat_key(session: Session, channel: str, chat: str) -> bytes:
    """Blind index of a chat."""
    return vault_of(session).blind("chat", channel, chat)


def row_of(session: Session, channel: str, event_id: str) -> int | None:
    """Row id of an event that is kept."""
    return session.scalar(select(Inbox.id).where(Inbox.channel == channel, Inbox.event_id == event_id[:200]))


def keep(session: Session, arrivals: Sequence[Arrival], now: datetime) -> list[Waiting]:
    """Write events that are not there yet, in one statement; returns only the new ones, in the order given."""
    vault = vault_of(session)
    rows = {(a.channel, a.event_id[:200]): a for a in reversed(arrivals)}
    values = [
        (
            channel,
            event_id,
            vault.blind("chat", channel, a.chat),
            vault.blind("message", channel, a.message) if a.message else None,
            vault.seal(a.payload, "inbox"),
        )
        for (channel, event_id), a in reversed(rows.items())
    ]
    if not values:
        return []
    connection = session.connection()
    write = _write_alone if connection.dialect.name == "sqlite" else _write_among_others
    ids = write(connection, values, now)
    return [
        Waiting(ids[channel, event_id], channel, chat_key, rows[channel, event_id].payload)
        for channel, event_id, chat_key, _, _ in values
        if (channel, event_id) in ids
    ]


def _write_alone(connection: Connection, values: Sequence[_Row], now: datetime) -> dict[tuple[str, str], int]:
    """SQLite's way: nobody else writes within our transaction, so what is new has the highest ids.

    No RETURNING, for which the driver must run the statement row by row: a fifth of the time.
    """
    last = connection.exec_driver_sql("SELECT coalesce(max(id), 0) FROM inbox").scalar_one()
    at = _time_as_written(connection.dialect, now)
    connection.exec_driver_sql(_KEEP, [(*row, at, "waiting", "") for row in values])
    new = connection.exec_driver_sql("SELECT channel, event_id, id FROM inbox WHERE id > ?", (last,))
    return {(channel, event_id): row_id for channel, event_id, row_id in new}


def _time_as_written(dialect: Dialect, at: datetime) -> object:
    written = Inbox.__table__.c.received_at.type.dialect_impl(dialect).bind_processor(dialect)
    return written(at) if written else at


def _write_among_others(connection: Connection, values: Sequence[_Row], now: datetime) -> dict[tuple[str, str], int]:
    """PostgreSQL's way: the statement itself tells what it wrote."""
    columns = [list(column) for column in zip(*values, strict=True)]
    kept = connection.exec_driver_sql(_KEEP_MANY, (_time_as_written(connection.dialect, now), *columns))
    return {(channel, event_id): row_id for channel, event_id, row_id in kept}


def bury(session: Session, channel: str, message: str, now: datetime) -> None:
    """Note that a message was taken back, and forget what the inbox holds of it, and what was answered.

    A process that has the message in hand meanwhile finds it so at `finish_heard`, and undoes what it did.
    """
    key = message_key(session, channel, message)
    if key is None:
        return
    insert_new(session, Tombstone, message_key=key, at=now)
    ids = list(session.scalars(select(Inbox.id).where(Inbox.message_key == key)))
    session.execute(update(Inbox).where(Inbox.id.in_(ids)).values(payload_sealed=None))
    # What was answered repeats what was said.
    session.execute(update(Outbox).where(Outbox.inbox_id.in_(ids)).values(body_sealed=None))


def is_buried(session: Session, key: bytes | None) -> bool:
    """Whether a message was taken back."""
    return key is not None and session.connection().execute(_BURIED, {"key": key}).first() is not None


def waiting(session: Session, after: int = 0, limit: int = 1000) -> list[Waiting]:
    """Events not yet handled, oldest first, without their payloads."""
    rows = session.execute(
        select(Inbox.id, Inbox.channel, Inbox.chat_key)
        .where(Inbox.state == "waiting", Inbox.id > after)
        .order_by(Inbox.id)
        .limit(limit)
    )
    return [Waiting(*row) for row in rows]


def all_waiting(session: Session) -> Iterator[Waiting]:
    """Every event not yet handled, oldest first, read in pages."""
    after = 0
    while page := waiting(session, after):
        yield from page
        after = page[-1].id


def waiting_of(session: Session, chat_key: bytes, limit: int = TOGETHER) -> list[Waiting]:
    """A chat's events not yet handled, oldest first, their payloads still sealed.

    One that cannot be opened must spoil only itself.
    """
    rows = session.connection().execute(_WAITING_OF, {"chat": chat_key, "most": limit})
    return [Waiting(row_id, channel, chat_key, None, attempts, sealed) for row_id, channel, attempts, sealed in rows]


def opened(session: Session, waiting: Waiting) -> bytes | None:
    """The payload of a waiting event, without a look at the row where it is in hand."""
    if waiting.payload is None and waiting.sealed is not None:
        return vault_of(session).open_bytes(waiting.sealed, "inbox")
    return waiting.payload if waiting.payload is not None else payload_of(session, waiting.id)


def chats_waiting(session: Session, channels: Collection[str], before: datetime, limit: int = 5000) -> list[bytes]:
    """Chats of some channels with an event that was kept before a time and is not yet handled."""
    old = (Inbox.state == "waiting") & (Inbox.received_at < before)
    wanted = select(Inbox.chat_key).where(old, Inbox.channel.in_(channels))
    return list(session.scalars(wanted.distinct().limit(limit)))


def waiting_elsewhere(session: Session, channels: Collection[str]) -> Counter[str]:
    """How many events wait of other channels than these, by channel."""
    others = select(Inbox.channel, func.count()).where(Inbox.state == "waiting", Inbox.channel.not_in(channels))
    return Counter({row[0]: row[1] for row in session.execute(others.group_by(Inbox.channel))})


def suspect(session: Session, chat_key: bytes) -> int:
    """Note that a process died at work on a chat: at its oldest event, most likely; returns how often by now.

    One that brings down every process it meets would else be tried for ever.
    """
    oldest = select(func.min(Inbox.id)).where(Inbox.chat_key == chat_key, Inbox.state == "waiting")
    noted = update(Inbox).where(Inbox.id == oldest.scalar_subquery()).values(attempts=Inbox.attempts + 1)
    return session.scalar(noted.returning(Inbox.attempts)) or 0


def payload_of(session: Session, inbox_id: int) -> bytes | None:
    """The payload of an event; None when it was taken back."""
    sealed = session.connection().execute(_PAYLOAD, {"row": inbox_id}).scalar()
    return None if sealed is None else vault_of(session).open_bytes(sealed, "inbox")


def finish(session: Session, inbox_id: int, state: str, now: datetime, error: str = "") -> bool:
    """Turn a waiting event into a handled one; False when it was not waiting any more: then undo everything."""
    values = {"row": inbox_id, "state": state, "done_at": now, "error": error[:500]}
    return bool(session.connection().execute(_FINISH, values).rowcount)


def finish_heard(session: Session, inbox_id: int, now: datetime) -> bool:
    """The same for an event whose words were heard: False also when they were taken back meanwhile."""
    values = {"row": inbox_id, "state": "done", "done_at": now, "error": ""}
    return bool(session.connection().execute(_FINISH_HEARD, values).rowcount)


def forget(session: Session, inbox_id: int, now: datetime) -> None:
    """Finish an event that was taken back, and forget what it says."""
    values = {"state": "done", "done_at": now, "error": "taken back", "payload_sealed": None}
    session.connection().execute(update(Inbox).where(Inbox.id == inbox_id).values(values))


def state_of(session: Session, channel: str, event_id: str) -> tuple[int, str] | None:
    """Row id and state of an event; None when it is not kept."""
    row = session.execute(
        select(Inbox.id, Inbox.state).where(Inbox.channel == channel, Inbox.event_id == event_id)
    ).first()
    return None if row is None else (row.id, row.state)


def counts(session: Session) -> dict[str, int]:
    """How many events stand in each state."""
    rows = session.execute(select(Inbox.state, func.count()).group_by(Inbox.state))
    return {row[0]: row[1] for row in rows}
