"""Reports whose owner asked that their data rest a while: they are in no list, figure or table until they go on."""

from __future__ import annotations

from sqlalchemy import ColumnElement, exists, not_, or_
from sqlalchemy.orm import Session

from storage.models import Person, Report


def in_use() -> ColumnElement[bool]:
    """Whether a report may be looked at: whoever told it did not ask for a rest.

    An emergency may be: a life in danger comes before that (PDPA s.24(2)).
    """
    resting = exists().where(Person.id == Report.reporter_id, Person.paused_at.is_not(None))
    return or_(not_(resting), Report.urgency == "emergency")


def rests(session: Session, report: Report) -> bool:
    """Whether a report's owner asked for a rest; never so for an emergency."""
    if report.reporter_id is None or report.urgency == "emergency":
        return False
    owner = session.get(Person, report.reporter_id)
    return owner is not None and owner.paused_at is not None
