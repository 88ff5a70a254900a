"""Voice notes that a machine may hear: which wait for it, what it heard, and whether that was right."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from storage.models import Medium, Report
from storage.paused import in_use
from storage.reports import OVER
from storage.vault import vault_of

FRESH = timedelta(days=1)  # a voice of a report that nobody touched for longer is a person's to hear
NOTHING = "none"  # what a machine heard in it


@dataclass(frozen=True, slots=True)
class ToHear:
    """A kept voice note that no machine has heard yet."""

    id: int
    sha256: str
    media_type: str


def waiting(session: Session, now: datetime, limit: int = 100) -> list[int]:
    """Ids of the kept voice notes that are to be heard now, oldest first."""
    wanted = (
        select(Medium.id)
        .join(Report, Report.id == Medium.report_id)
        .where(Medium.state == "kept", Medium.kind == "voice", Medium.heard == "", Medium.next_at <= now)
        .where(Report.updated_at >= now - FRESH, *_wanted())
    )
    return list(session.scalars(wanted.order_by(Medium.id).limit(limit)))


def _wanted() -> tuple[ColumnElement[bool], ...]:
    """Of which reports a voice may be heard: not of one that is over or erased, nor of somebody whose data rest."""
    return Report.erased_at.is_(None), Report.status.not_in(OVER), in_use()


def to_hear(session: Session, medium_id: int) -> ToHear | None:
    """What is needed to hear a voice note; None when it is none, was heard or taken back, or may not be heard now."""
    medium = session.get(Medium, medium_id)
    if medium is None or (medium.kind, medium.state, medium.heard) != ("voice", "kept", ""):
        return None
    if session.scalar(select(Report.id).where(Report.id == medium.report_id, *_wanted())) is None:
        return None
    return ToHear(medium.id, medium.sha256, medium.media_type)


def put_off(session: Session, medium_id: int, until: datetime) -> None:
    """Let a voice note not be heard before a time."""
    mine = update(Medium).where(Medium.id == medium_id, Medium.state == "kept", Medium.heard == "")
    session.connection().execute(mine.values(next_at=until))


def settle(session: Session, medium_id: int, text: str) -> bool:
    """Keep what a machine heard, '' for nothing; False when the voice was taken back or heard meanwhile."""
    sealed = vault_of(session).seal(text, "heard") if text else None
    mine = update(Medium).where(Medium.id == medium_id, Medium.state == "kept", Medium.heard == "")
    turned = session.connection().execute(mine.values(heard="machine" if text else NOTHING, heard_sealed=sealed))
    return bool(turned.rowcount)


def text_of(session: Session, medium: Medium) -> str:
    """What a machine heard; '' when there is nothing, or it was wrong or taken back."""
    return vault_of(session).open(medium.heard_sealed, "heard") if medium.heard_sealed else ""


def confirm(session: Session, medium: Medium) -> bool:
    """Note that it was heard rightly; False when that was decided before."""
    return _decide(session, medium, "confirmed", medium.heard_sealed)


def refuse(session: Session, medium: Medium) -> bool:
    """Note that it was heard wrongly, and forget it; False when that was decided before."""
    return _decide(session, medium, "refused", None)


def _decide(session: Session, medium: Medium, heard: str, sealed: bytes | None) -> bool:
    mine = update(Medium).where(Medium.id == medium.id, Medium.state == "kept", Medium.heard == "machine")
    turned = session.connection().execute(mine.values(heard=heard, heard_sealed=sealed))
    session.refresh(medium)
    return bool(turned.rowcount)
