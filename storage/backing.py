"""Households that say "me too": they stand behind a report, hear its news and hold a key to its closing."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from storage.models import Backing, Report
from storage.once import put
from storage.paused import rests

MOST_STEPS = 8  # of a report that joined one that joined one: people make two, rarely three


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


def readable(session: Session, report: Report) -> bool:
    """Whether somebody else's report may join one: neighbours see its summary and how it goes on."""
    secret = report.private or report.sensitive is not None
    return not secret and report.erased_at is None and not rests(session, report)


def lock(session: Session, *reports: Report) -> None:
    """Read rows again and hold them until the commit, in one order whoever asks: two who join each other wait."""
    session.flush()
    for report in sorted(reports, key=lambda each: each.id):
        session.refresh(report, with_for_update=True)


def head(session: Session, report: Report) -> Report | None:
    """The report that speaks for this one: itself, unless it joined another; None where that goes round in a ring."""
    for _ in range(MOST_STEPS):
        after = session.get(Report, report.duplicate_of_id) if report.status == "duplicate" else None
        if after is None:
            return report
        report = after
    return None


def chain(session: Session, report: Report) -> list[Report]:
    """A report and those it joined, one after the other, up to the head."""
    found = [report]
    while len(found) < MOST_STEPS and found[-1].status == "duplicate":
        after = session.get(Report, found[-1].duplicate_of_id)
        if after is None:
            break
        found.append(after)
    return found


def tellings(session: Session, report_id: int) -> list[Report]:
    """The reports in which others tell the same, oldest first."""
    rows = select(Report).where(
        Report.duplicate_of_id == report_id, Report.status == "duplicate", Report.erased_at.is_(None)
    )
    return list(session.scalars(rows.order_by(Report.id)))


def settle(session: Session, report: Report, people: Collection[int | None], now: datetime) -> None:
    """Let people stand behind a report exactly where they told the same: in a report that joined it, or behind that.

    Whoever told the report itself is counted with it already.
    """
    session.flush()
    behind = _behind(session, report.id, MOST_STEPS)
    for person_id in {person for person in people if person is not None}:
        if person_id in behind and person_id not in (report.reporter_id, report.relayed_by_id):
            if not stands(session, report.id, person_id):
                join(session, report.id, person_id, behind[person_id], now)
        else:
            leave(session, report.id, person_id, now)


def _behind(session: Session, report_id: int, steps: int) -> dict[int, int]:
    """Who told the same as a report, and in which report: the first of theirs, nearest to it."""
    found: dict[int, int] = {}
    for telling in tellings(session, report_id):
        if telling.teller_id is not None:
            found.setdefault(telling.teller_id, telling.id)
    for telling in tellings(session, report_id) if steps else ():
        found = _behind(session, telling.id, steps - 1) | found
    return found
