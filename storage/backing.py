"""Households that say "me too": they stand behind a report, hear its news and hold a key to its closing."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from storage.models import Backing
from storage.once import put


def join(session: Session, report_id: int, person_id: int, own_id: int | None, now: datetime) -> None:
    """Let a person stand behind a report; a second time changes nothing but whose words are theirs."""
    put(
        session,
        Backing,
        {"report_id": report_id, "person_id": person_id},
        {"own_id": own_id, "at": now, "left_at": None},
    )


def leave(session: Session, report_id: int, person_id: int, now: datetime) -> bool:
    """Let a person step back; whether they stood behind it."""
    gone = session.connection().execute(
        update(Backing)
        .where(Backing.report_id == report_id, Backing.person_id == person_id, Backing.left_at.is_(None))
        .values(left_at=now)
    )
    return bool(gone.rowcount)


def of_report(session: Session, report_id: int) -> list[Backing]:
    """Who stands behind a report now, in the order in which they came."""
    rows = select(Backing).where(Backing.report_id == report_id, Backing.left_at.is_(None)).order_by(Backing.id)
    return list(session.scalars(rows))


def stands(session: Session, report_id: int, person_id: int) -> bool:
    """Whether a person stands behind a report now."""
    row = select(Backing.id).where(
        Backing.report_id == report_id, Backing.person_id == person_id, Backing.left_at.is_(None)
    )
    return session.scalar(row.limit(1)) is not None


def households(session: Session, report_id: int) -> int:
    """How many households a report speaks for: its own and those that stand behind it."""
    rows = select(func.count()).select_from(Backing).where(Backing.report_id == report_id, Backing.left_at.is_(None))
    return 1 + (session.scalar(rows) or 0)
