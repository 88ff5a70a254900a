"""What waits for staff, in the order in which it should be looked at."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, func, not_, select
from sqlalchemy.orm import Session

from storage.models import Report
from storage.paused import in_use
from storage.reports import CLOSED, NOT_A_VOICE, for_roster


@dataclass(frozen=True, slots=True)
class Page:
    """A page of reports and how many there are in all."""

    reports: tuple[Report, ...]
    total: int


def page(
    session: Session,
    province: str,
    view: str,
    *,
    sensitive: bool,
    amphoe_code: str = "",
    agency: str = "",
    offset: int = 0,
    limit: int = 5,
) -> Page:
    """The reports that staff look at, oldest first within urgency; what waits for a second key comes last.

    :param view: new (nobody accepted it), mine (held by `agency`), unsure, review (summary waits), sensitive, all.
    :param sensitive: whether the reader is on the roster that sees private reports; without it none is counted.
    """
    wanted: list[ColumnElement[bool]] = [
        Report.province == province,
        Report.erased_at.is_(None),
        Report.kind.not_in(NOT_A_VOICE),
        Report.status.not_in(CLOSED),
        in_use(),
    ]
    if not sensitive:
        wanted.append(not_(for_roster()))
    if amphoe_code:
        wanted.append(Report.amphoe_code == amphoe_code)
    extra: dict[str, ColumnElement[bool]] = {
        "new": Report.status == "received",
        "mine": Report.agency == agency,
        "unsure": Report.sure.is_(False) & (Report.decided_by == "model"),
        "review": Report.review != "reviewed",
        "sensitive": for_roster(),
    }
    if view in extra:
        wanted.append(extra[view])
    if view not in ("mine", "all"):
        wanted.append(Report.status != "proposed")  # nothing to do there: the second key is somebody else's
    total = session.scalar(select(func.count()).select_from(Report).where(*wanted)) or 0
    urgent_first = (Report.urgency == "emergency").desc(), (Report.urgency == "high").desc(), Report.id
    ordered = ((Report.status == "proposed").asc(), *urgent_first)
    rows: Select[tuple[Report]] = select(Report).where(*wanted).order_by(*ordered).offset(offset).limit(limit)
    return Page(tuple(session.scalars(rows)), total)
