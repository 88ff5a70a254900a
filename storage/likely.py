"""Open reports of others that a fresh one may repeat: whom to compare, before anything is read."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import BindParameter, Boolean, Integer, Select, bindparam, or_, select
from sqlalchemy.orm import Session

from storage import spots
from storage.models import Backing, Person, Report
from storage.reports import CLOSED
from storage.spots import Spot

FRESH = timedelta(days=180)  # half a year: an older one that is still open is another season's


@dataclass(frozen=True, slots=True)
class Candidate:
    """What a report is compared by. `spot` may tell a home: it is said to nobody."""

    id: int
    masked_text: str
    tambon_code: str
    amphoe_code: str
    spot: Spot


def compared_by(session: Session, report: Report) -> Candidate:
    """What a report is compared by."""
    spot = spots.opened(session, report.place_sealed)
    return Candidate(report.id, report.masked_text, report.tambon_code, report.amphoe_code, spot)


def candidates(
    session: Session, report: Report, person_id: int, categories: Collection[str], now: datetime, limit: int
) -> list[Candidate]:
    """Open reports of the same kind and province that others told, newest first, a few.

    What must not be shown to a neighbour is left out: private ones, those about somebody's health, and those of people
    who paused the use of their data. So is what is somewhere else for certain: known tambons, or amphoe, that differ.

    :param categories: core categories, any of which it may have.
    """
    wanted = {
        "report": report.id,
        "province": report.province,
        "kind": report.kind,
        "categories": sorted(categories),
        "since": now - FRESH,
        "person": person_id,
        "tambons": ["", report.tambon_code],
        "anywhere": not report.tambon_code,
        "amphoe": ["", report.amphoe_code],
        "any_amphoe": not report.amphoe_code,
        "most": limit,
    }
    rows = session.connection().execute(_CANDIDATES, wanted)
    return [
        Candidate(row_id, text, tambon, amphoe, spots.opened(session, sealed))
        for row_id, text, tambon, amphoe, sealed in rows
    ]


def _candidates() -> Select[tuple[int, str, str, str, bytes | None]]:
    person: BindParameter[int] = bindparam("person")
    already = select(Backing.report_id).where(Backing.person_id == person, Backing.left_at.is_(None))
    return (
        select(Report.id, Report.masked_text, Report.tambon_code, Report.amphoe_code, Report.place_sealed)
        .outerjoin(Person, Person.id == Report.reporter_id)
        .where(
            Report.id != bindparam("report"),
            Report.province == bindparam("province"),
            Report.kind == bindparam("kind"),
            Report.category.in_(bindparam("categories", expanding=True)),
            Report.created_at >= bindparam("since"),
            Report.status.not_in((*CLOSED, "proposed")),  # staff say that it is solved: a new telling says otherwise
            Report.erased_at.is_(None),
            Report.private.is_(False),
            Report.sensitive.is_(None),
            Report.urgency != "emergency",
            or_(Report.reporter_id.is_(None), Report.reporter_id != person),
            or_(Report.relayed_by_id.is_(None), Report.relayed_by_id != person),
            Report.id.not_in(already),
            or_(Person.id.is_(None), (Person.paused_at.is_(None) & Person.banned_at.is_(None))),
            or_(bindparam("anywhere", type_=Boolean), Report.tambon_code.in_(bindparam("tambons", expanding=True))),
            or_(bindparam("any_amphoe", type_=Boolean), Report.amphoe_code.in_(bindparam("amphoe", expanding=True))),
        )
        .order_by(Report.id.desc())
        .limit(bindparam("most", type_=Integer))
    )


_CANDIDATES = _candidates()  # asked for with every report: a statement that is built once costs half
