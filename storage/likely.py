"""Open reports of others that a fresh one may repeat: whom to compare, before anything is read."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from storage.models import Backing, Person, Report
from storage.reports import CLOSED

FRESH = timedelta(days=180)  # half a year: an older one that is still open is another season's


def candidates(
    session: Session, report: Report, person_id: int, categories: Collection[str], now: datetime, limit: int
) -> list[Report]:
    """Open reports of the same kind and province that others told, newest first, a few.

    What must not be shown to a neighbour is left out: private ones, those about somebody's health, and those of people
    who paused the use of their data. So is what is somewhere else for certain: known tambons, or amphoe, that differ.

    :param categories: core categories, any of which it may have.
    """
    already = select(Backing.report_id).where(Backing.person_id == person_id, Backing.left_at.is_(None))
    wanted: list[ColumnElement[bool]] = [
        Report.id != report.id,
        Report.province == report.province,
        Report.kind == report.kind,
        Report.category.in_(categories),
        Report.created_at >= now - FRESH,
        Report.status.not_in((*CLOSED, "proposed")),  # staff say that it is solved: a new telling says otherwise
        Report.erased_at.is_(None),
        Report.private.is_(False),
        Report.sensitive.is_(None),
        Report.urgency != "emergency",
        or_(Report.reporter_id.is_(None), Report.reporter_id != person_id),
        or_(Report.relayed_by_id.is_(None), Report.relayed_by_id != person_id),
        Report.id.not_in(already),
        or_(Person.id.is_(None), (Person.paused_at.is_(None) & Person.banned_at.is_(None))),
    ]
    if report.tambon_code:
        wanted.append(Report.tambon_code.in_(("", report.tambon_code)))
    if report.amphoe_code:
        wanted.append(Report.amphoe_code.in_(("", report.amphoe_code)))
    rows = select(Report).outerjoin(Person, Person.id == Report.reporter_id).where(*wanted)
    return list(session.scalars(rows.order_by(Report.id.desc()).limit(limit)))
