"""Due rows: what is to happen later. When their time comes they become inbox rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from storage.inbox import Arrival, Waiting, keep
from storage.models import Due
from storage.once import put
from storage.vault import vault_of


def schedule(session: Session, key: str, at: datetime, *, channel: str, chat: str, payload: bytes) -> None:
    """Let an event of a chat happen at a time; the same key again moves it."""
    vault = vault_of(session)
    values = {
        "at": at,
        "channel": channel,
        "chat_sealed": vault.seal(chat, "chat"),
        "payload_sealed": vault.seal(payload, "due"),
    }
    put(session, Due, {"key": key}, values)


def cancel(session: Session, key: str) -> None:
    """Let it not happen."""
    session.execute(delete(Due).where(Due.key == key))


def any_due(session: Session, now: datetime) -> bool:
    """Whether a row fell due."""
    return session.scalar(select(Due.id).where(Due.at <= now).limit(1)) is not None


def fire(session: Session, now: datetime, limit: int = 100) -> Sequence[Waiting]:
    """Turn every row that fell due into an inbox row; both happen or neither.

    Rows that another process is turning just now are left to it.
    """
    fallen = select(Due).where(Due.at <= now).order_by(Due.at).limit(limit)
    rows = list(session.scalars(fallen.with_for_update(skip_locked=True)))
    vault = vault_of(session)
    arrivals = [
        Arrival(
            row.channel,
            f"due:{row.key}:{row.at.isoformat()}",
            vault.open(row.chat_sealed, "chat"),
            vault.open_bytes(row.payload_sealed, "due"),
        )
        for row in rows
    ]
    fired = keep(session, arrivals, now)
    for row in rows:
        session.delete(row)
    session.flush()
    return fired
