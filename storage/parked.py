"""Parked messages: events that no try could handle. They are kept whole until somebody has them tried again.

A parked event is an inbox row of the state "failed". The audit trail holds what the row has no room for: each time it
was parked, and in which province its sender is.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session

from storage import audit, leases
from storage.inbox import Waiting
from storage.models import Audit, Identity, Inbox, Lease, Person
from storage.vault import vault_of

SUBJECT, PARKED, RETRIED = "inbox", "parked", "retried"  # words of the audit trail
AT_ONCE = 500  # events that are tried again together
QUIET = timedelta(days=1)  # between two notices to somebody who does not look
LOOKED = timedelta(hours=1)  # after a look, before the next notice


@dataclass(frozen=True, slots=True)
class Parked:
    """A parked event. `error` is the class name of an error, or words; `rounds` is how often it was parked."""

    id: int
    channel: str
    received_at: datetime
    error: str
    rounds: int


def park(session: Session, inbox_id: int, province: str, now: datetime) -> int:
    """Note that an event was parked; returns how often by now, 0 for one that was taken back: of it nothing is left.

    `province` is its sender's slug, '' for unknown.
    """
    if session.scalar(select(Inbox.id).where(Inbox.id == inbox_id, Inbox.payload_sealed.is_not(None))) is None:
        return 0
    audit.note(session, PARKED, SUBJECT, now, subject_id=inbox_id, province=province)
    session.flush()
    noted = select(func.count()).select_from(Audit)
    return session.scalar(noted.where(Audit.subject == SUBJECT, Audit.subject_id == inbox_id, Audit.act == PARKED)) or 0


def province_of(session: Session, channel: str, user: str) -> str:
    """The slug of the province that a person spoke of last; '' for somebody who never did, or was never met."""
    key = vault_of(session).blind("user", channel, user)
    whose = select(Person.province).join(Identity, Identity.person_id == Person.id)
    return session.scalar(whose.where(Identity.channel == channel, Identity.user_key == key)) or ""


def _of(provinces: Collection[str]) -> Select[Any]:
    """Ids of the parked events of some provinces, and of those of no known one, with how often each was parked.

    What was taken back is none: there is nothing left to try.
    """
    noted = (Audit.subject == SUBJECT) & (Audit.subject_id == Inbox.id) & (Audit.act == PARKED)
    here = Audit.data["province"].as_string().in_([*provinces, ""])
    parked = select(Inbox.id, func.count(Audit.id).label("rounds")).join(Audit, noted)
    return parked.where(Inbox.state == "failed", Inbox.payload_sealed.is_not(None), here).group_by(Inbox.id)


def count(session: Session, provinces: Collection[str]) -> int:
    """How many events of some provinces are parked."""
    return session.scalar(select(func.count()).select_from(_of(provinces).subquery())) or 0


def page(session: Session, provinces: Collection[str], offset: int, limit: int) -> list[Parked]:
    """Parked events of some provinces, oldest first."""
    mine = _of(provinces).order_by(Inbox.id).offset(offset).limit(limit).subquery()
    rows = session.execute(
        select(Inbox.id, Inbox.channel, Inbox.received_at, Inbox.error, mine.c.rounds)
        .join(mine, mine.c.id == Inbox.id)
        .order_by(Inbox.id)
    )
    return [Parked(*row) for row in rows]


def revive(
    session: Session, provinces: Collection[str], now: datetime, *, actor_id: int, inbox_id: int | None = None
) -> int:
    """Let parked events of some provinces be tried again, the oldest first, or one of them; returns how many.

    Each is the row that it was, so that who takes the message back still finds it. The driver learns of them by
    `revived`. Two who do this at the same time share the rows between them.
    """
    wanted = _of(provinces).order_by(Inbox.id).limit(AT_ONCE)
    if inbox_id is not None:
        wanted = wanted.where(Inbox.id == inbox_id)
    ids = list(session.scalars(wanted))
    still = (Inbox.state == "failed") & Inbox.payload_sealed.is_not(None)
    parked = select(Inbox.id, Inbox.channel, Inbox.chat_key).where(Inbox.id.in_(ids), still).order_by(Inbox.id)
    rows = session.execute(parked.with_for_update()).all()
    fresh = update(Inbox).where(Inbox.id.in_([row.id for row in rows]))
    session.execute(fresh.values(state="waiting", attempts=0, done_at=None))
    for row in rows:
        audit.note(session, RETRIED, SUBJECT, now, actor_id=actor_id, subject_id=row.id)
    found = [Waiting(row.id, row.channel, row.chat_key) for row in rows]
    session.info.setdefault("revived", []).extend(found)
    return len(found)


def revived(session: Session) -> tuple[Waiting, ...]:
    """The events that this session lets be tried again, in order."""
    return tuple(session.info.get("revived", ()))


def may_notify(session: Session, person_id: int, now: datetime) -> bool:
    """Whether a coordinator may be sent a notice now; who may is sent none for a day, or an hour after they looked.

    However many messages are parked at the same time, and by however many processes, one of them may.
    """
    return leases.take(session, _notice(person_id), uuid4().hex, now, now + QUIET)


def looked(session: Session, person_id: int, now: datetime) -> None:
    """Note that a coordinator looked at what is parked: of what comes later they are to hear sooner."""
    soon = now + LOOKED
    session.execute(update(Lease).where(Lease.name == _notice(person_id), Lease.until > soon).values(until=soon))


def _notice(person_id: int) -> str:
    return f"parked:{person_id}"
