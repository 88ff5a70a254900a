"""The outbox: parcels written with the message that caused them, sent afterwards, settled once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import uuid4

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.orm import Session

from storage.models import Outbox
from storage.vault import vault_of

NOBODY = bytes(20)  # the chat of what belongs to no chat any more
# Written with every message: a statement that is built once costs half.
_POST = insert(Outbox.__table__).returning(Outbox.id)  # type: ignore[arg-type]
_UNSENT_TO = (
    select(Outbox)
    .where(Outbox.state == "waiting", Outbox.chat_key == bindparam("chat"))
    .order_by(Outbox.id)
    .limit(bindparam("most"))
)
_SETTLE = update(Outbox).where(Outbox.id == bindparam("row"), Outbox.state == "waiting")


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A parcel to send. `body` is the parcel's replies as the bot room wrote them; `attempts` counts earlier tries."""

    id: int
    channel: str
    chat: str
    chat_key: bytes
    body: bytes
    retry_key: str
    quota: str
    created_at: datetime
    token: str = ""
    token_until: datetime | None = None
    attempts: int = 0
    next_at: datetime | None = None


def post(
    session: Session,
    channel: str,
    chat: str,
    body: bytes,
    now: datetime,
    *,
    quota: str,
    inbox_id: int | None = None,
    token: str = "",
    token_until: datetime | None = None,
    state: str = "waiting",
    leased_until: datetime | None = None,
) -> Outgoing:
    """Write a parcel; its retry key is kept before the first try.

    `leased_until` leases it from the start to the process that writes it and will send it at once.
    """
    vault = vault_of(session)
    chat_key = vault.blind("chat", channel, chat)
    retry_key = str(uuid4())
    row_id = (
        session.connection()
        .execute(
            _POST,
            {
                "channel": channel,
                "chat_key": chat_key,
                "chat_sealed": vault.seal(chat, "chat"),
                "inbox_id": inbox_id,
                "body_sealed": vault.seal(body, "outbox"),
                "token_sealed": vault.seal(token, "token") if token else None,
                "token_until": token_until if token else None,
                "retry_key": retry_key,
                "quota": quota,
                "state": state,
                "attempts": 0,
                "leased_until": leased_until,
                "next_at": now,
                "error": "",
                "created_at": now,
                "sent_at": now if state == "sent" else None,
            },
        )
        .scalar_one()
    )
    return Outgoing(row_id, channel, chat, chat_key, body, retry_key, quota, now, token, token_until if token else None)


def _outgoing(session: Session, row: Outbox) -> Outgoing:
    vault = vault_of(session)
    return Outgoing(
        id=row.id,
        channel=row.channel,
        chat=vault.open(row.chat_sealed, "chat"),
        chat_key=row.chat_key,
        body=vault.open_bytes(row.body_sealed, "outbox") if row.body_sealed else b"[]",
        retry_key=row.retry_key,
        quota=row.quota,
        created_at=row.created_at,
        token=vault.open(row.token_sealed, "token") if row.token_sealed else "",
        token_until=row.token_until,
        attempts=row.attempts,
        next_at=row.next_at,
    )


def all_unsent(session: Session) -> Iterator[Outgoing]:
    """Every parcel still to send, oldest first."""
    after = 0
    while rows := list(
        session.scalars(
            select(Outbox).where(Outbox.state == "waiting", Outbox.id > after).order_by(Outbox.id).limit(500)
        )
    ):
        yield from (_outgoing(session, row) for row in rows)
        after = rows[-1].id


def unsent_to(session: Session, chat_key: bytes, limit: int = 100) -> list[Outgoing]:
    """A chat's parcels still to send, oldest first."""
    rows = session.scalars(_UNSENT_TO, {"chat": chat_key, "most": limit})
    return [_outgoing(session, row) for row in rows]


def chats_to_send(
    session: Session, channels: Collection[str], now: datetime, patience: datetime, limit: int = 5000
) -> list[bytes]:
    """Chats of some channels whose oldest parcel may go now and is in nobody's hands.

    A parcel that waits beyond `patience` holds up none behind it.
    """
    oldest = (
        select(Outbox.chat_key, Outbox.next_at, Outbox.leased_until)
        .where(Outbox.state == "waiting", Outbox.next_at <= patience, Outbox.channel.in_(channels))
        .distinct(Outbox.chat_key)
        .order_by(Outbox.chat_key, Outbox.id)
        .subquery()
    )
    free = oldest.c.leased_until.is_(None) | (oldest.c.leased_until <= now)
    return list(session.scalars(select(oldest.c.chat_key).where(oldest.c.next_at <= now, free).limit(limit)))


def waiting_elsewhere(session: Session, channels: Collection[str]) -> Counter[str]:
    """How many parcels wait of other channels than these, by channel."""
    others = select(Outbox.channel, func.count()).where(Outbox.state == "waiting", Outbox.channel.not_in(channels))
    return Counter({row[0]: row[1] for row in session.execute(others.group_by(Outbox.channel))})


def settle(
    session: Session, outgoing: Outgoing, state: str, now: datetime, error: str = "", *, keep_body: bool = False
) -> None:
    """Note how a try ended: sent, failed or blocked; a settled parcel's token is forgotten, and what it said.

    `keep_body`: what it said is read again where it lies.

    What is settled stays so: a process that stood still meanwhile knows less than the one that took over from it.
    """
    values: dict[str, object] = {
        "row": outgoing.id,
        "state": state,
        "attempts": outgoing.attempts + 1,
        "error": error[:500],
        "sent_at": now if state == "sent" else None,
        "token_sealed": None,
        "leased_until": None,
    }
    session.connection().execute(_SETTLE, values if keep_body else {**values, "body_sealed": None})


def forget_chat(session: Session, outgoing: Outgoing) -> None:
    """Forget whose a settled parcel was."""
    nothing = vault_of(session).seal("", "chat")
    row = update(Outbox).where(Outbox.id == outgoing.id, Outbox.state != "waiting")
    session.connection().execute(row.values(chat_key=NOBODY, chat_sealed=nothing))


def postpone(session: Session, outgoing: Outgoing, next_at: datetime, error: str, *, keep_token: bool) -> Outgoing:
    """Note a try that is to be repeated at a time; returns the parcel as it stands now."""
    values: dict[str, object] = {"attempts": outgoing.attempts + 1, "next_at": next_at, "error": error[:500]}
    values["leased_until"] = None
    if not keep_token:
        values |= {"token_sealed": None, "token_until": None}
    mine = update(Outbox).where(Outbox.id == outgoing.id, Outbox.state == "waiting")
    session.connection().execute(mine.values(values))
    return replace(
        outgoing,
        attempts=outgoing.attempts + 1,
        next_at=next_at,
        token=outgoing.token if keep_token else "",
    )


@dataclass(frozen=True, slots=True)
class Said:
    """A parcel that was said: its row id, its body, and when it was written."""

    id: int
    body: bytes
    at: datetime


def said_to(session: Session, channel: str, chat: str, after: int = 0, limit: int = 500) -> list[Said]:
    """Everything sent to a chat after a row id, oldest first."""
    vault = vault_of(session)
    rows = session.execute(
        select(Outbox.id, Outbox.body_sealed, Outbox.created_at)
        .where(
            Outbox.channel == channel,
            Outbox.chat_key == vault.blind("chat", channel, chat),
            Outbox.state == "sent",
            Outbox.id > after,
        )
        .order_by(Outbox.id)
        .limit(limit)
    )
    return [
        Said(row.id, vault.open_bytes(row.body_sealed, "outbox"), row.created_at) for row in rows if row.body_sealed
    ]


def answers_to(session: Session, inbox_id: int, channel: str, chat: str) -> list[Said] | None:
    """What an event caused to be said to a chat; None while some of it is still to be sent."""
    vault = vault_of(session)
    rows = session.execute(
        select(Outbox.id, Outbox.state, Outbox.body_sealed, Outbox.created_at)
        .where(
            Outbox.inbox_id == inbox_id,
            Outbox.channel == channel,
            Outbox.chat_key == vault.blind("chat", channel, chat),
        )
        .order_by(Outbox.id)
    ).all()
    if any(row.state == "waiting" for row in rows):
        return None
    return [
        Said(row.id, vault.open_bytes(row.body_sealed, "outbox"), row.created_at) for row in rows if row.body_sealed
    ]


def counts(session: Session) -> dict[tuple[str, str], int]:
    """How many parcels stand in each state, by channel and state."""
    rows = session.execute(select(Outbox.channel, Outbox.state, func.count()).group_by(Outbox.channel, Outbox.state))
    return {(channel, state): count for channel, state, count in rows}
