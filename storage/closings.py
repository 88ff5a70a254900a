"""How reports end and come back: every step is one conditional change, so that of several hands at once one wins."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import exists, func, or_, select, update
from sqlalchemy.orm import Session

from storage.models import Backing, Report, ReportEvent

OPEN = ("received", "accepted", "in_progress")  # before anybody said that it has ended


def move(session: Session, report: Report, status: str, was: Collection[str], now: datetime, **values: Any) -> bool:
    """Give a report another status if it has one of some; whether it did. `values` are columns set along with it.

    On PostgreSQL whoever comes second waits for the first, and then finds another status.
    """
    session.flush()
    changed = session.connection().execute(
        update(Report)
        .where(Report.id == report.id, Report.status.in_(was), Report.erased_at.is_(None))
        .values(status=status, updated_at=now, **values)
    )
    session.refresh(report)
    return bool(changed.rowcount)


def reopen(session: Session, report: Report, closed_since: datetime, now: datetime) -> bool:
    """Let work go on with a report that was said to be solved; whether it does.

    :param closed_since: a closing that somebody confirmed stands for good when it is older than this.
    """
    session.flush()
    late = Report.status.in_(("proposed", "closed_unconfirmed"))
    confirmed = (Report.status == "closed_confirmed") & (Report.closed_at >= closed_since)
    changed = session.connection().execute(
        update(Report)
        .where(Report.id == report.id, or_(late, confirmed), Report.erased_at.is_(None))
        .values(status="in_progress", updated_at=now, proposed_at=None, closed_at=None, rating=None)
    )
    session.refresh(report)
    return bool(changed.rowcount)


def close_silent(session: Session, report: Report, proposed_until: datetime, now: datetime) -> bool:
    """Close a report that was proposed at or before a time and that nobody answered for; whether it was closed."""
    session.flush()
    changed = session.connection().execute(
        update(Report)
        .where(Report.id == report.id, Report.status == "proposed", Report.proposed_at <= proposed_until)
        .values(status="closed_unconfirmed", updated_at=now, closed_at=now)
    )
    session.refresh(report)
    return bool(changed.rowcount)


def rate(session: Session, report: Report, person_id: int, value: int) -> bool:
    """Keep how content a person is with a confirmed closing; whether it counts.

    Whoever comes first counts, and may change their mind.
    """
    session.flush()
    mine = exists().where(
        ReportEvent.report_id == report.id,
        ReportEvent.kind == "rated",
        ReportEvent.actor_id == person_id,
        ReportEvent.at >= Report.closed_at,
    )
    changed = session.connection().execute(
        update(Report)
        .where(Report.id == report.id, Report.status == "closed_confirmed", or_(Report.rating.is_(None), mine))
        .values(rating=value)
    )
    session.refresh(report)
    return bool(changed.rowcount)


def said_more(session: Session, report: Report, now: datetime) -> bool:
    """Wait for an answer from a time on, because somebody spoke; whether one is waited for."""
    session.flush()
    changed = session.connection().execute(
        update(Report).where(Report.id == report.id, Report.status == "proposed").values(proposed_at=now)
    )
    session.refresh(report)
    return bool(changed.rowcount)


def has_proposed(session: Session, report_id: int, person_id: int) -> bool:
    """Whether a person ever said of a report that it is solved."""
    mine = select(ReportEvent.id).where(
        ReportEvent.report_id == report_id, ReportEvent.kind == "proposed", ReportEvent.actor_id == person_id
    )
    return session.scalar(mine.limit(1)) is not None


def actors(session: Session, report_id: int, kinds: Collection[str]) -> list[int]:
    """Who did something of some kinds to a report, the last one first, each once."""
    last = func.max(ReportEvent.id)
    rows = (
        select(ReportEvent.actor_id)
        .where(ReportEvent.report_id == report_id, ReportEvent.kind.in_(kinds), ReportEvent.actor_id.is_not(None))
        .group_by(ReportEvent.actor_id)
        .order_by(last.desc())
    )
    return [int(actor) for actor in session.scalars(rows) if actor is not None]


def rated(session: Session, report: Report, person_id: int) -> int | None:
    """What a person said last about this closing, 1 to 5; None when they said nothing."""
    mine = (
        select(ReportEvent.data)
        .where(
            ReportEvent.report_id == report.id,
            ReportEvent.kind.in_(("rated", "rated_too")),
            ReportEvent.actor_id == person_id,
            ReportEvent.at >= (report.closed_at or report.updated_at),
        )
        .order_by(ReportEvent.id.desc())
    )
    data = session.scalar(mine.limit(1))
    return int(data["value"]) if data else None


def standing_behind(session: Session, report_id: int) -> list[tuple[int, Report | None]]:
    """The neighbours behind a report and the report with each one's own words, in the order in which they came."""
    rows = session.execute(
        select(Backing.person_id, Report)
        .outerjoin(Report, Report.id == Backing.own_id)
        .where(Backing.report_id == report_id, Backing.left_at.is_(None))
        .order_by(Backing.id)
    )
    return [(row[0], row[1]) for row in rows]


def taken_over_by(session: Session, report_id: int, kind: str) -> int:
    """The id of the report that took a report's place, by the newest line of its timeline that says so; 0 for none."""
    lines = select(ReportEvent.data).where(ReportEvent.report_id == report_id, ReportEvent.kind == kind)
    data = session.scalar(lines.order_by(ReportEvent.id.desc()).limit(1))
    return int(data["report"]) if data else 0


def stood_behind(session: Session, report_id: int, person_id: int) -> Backing | None:
    """How a person stands or stood behind a report; None when they never did."""
    return session.scalar(select(Backing).where(Backing.report_id == report_id, Backing.person_id == person_id))
