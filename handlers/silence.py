"""What happens when nobody says whether something was solved: one reminder, then an end that says so."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from handlers import keyholders, later
from handlers.desk import Desk
from handlers.keyholders import Holder
from handlers.messages import QuotaClass, Reply
from storage import closings, paused, reports
from storage.models import Report

SILENCE = timedelta(days=7)  # after which a proposal that nobody answered closes the case
BEFORE = timedelta(days=2)  # before its end everybody who holds a key is reminded, once


def begin(session: Session, report: Report, now: datetime) -> None:
    """Wait for an answer from now on."""
    later.remind(session, "nudge", report.id, now + SILENCE - BEFORE)
    later.remind(session, "close", report.id, now + SILENCE)


def end(session: Session, report: Report) -> None:
    """Wait no longer: somebody answered, or there is nothing to answer any more."""
    later.forget(session, "nudge", report.id)
    later.forget(session, "close", report.id)


def close(desk: Desk, session: Session, subject: str, now: datetime) -> list[Reply]:
    """Close a case that nobody answered for. It counts as unconfirmed, never as solved."""
    report = reports.by_id(session, int(subject))
    if report is None or _rests(session, report, now) or not closings.close_silent(session, report, now - SILENCE, now):
        return []
    later.forget(session, "nudge", report.id)
    reports.add_event(session, report.id, "closed_unconfirmed", now)
    return _asked(desk, session, report, now, "closing.silent")


def _rests(session: Session, report: Report, now: datetime) -> bool:
    """Whether nobody can be asked because its owner pauses: then it waits anew."""
    rests = report.status == "proposed" and paused.rests(session, report)
    if rests:
        begin(session, report, now)
    return rests


def spoken(session: Session, report: Report, now: datetime) -> bool:
    """Somebody who holds a key spoke: wait the whole time again; whether an answer is waited for."""
    waits = closings.said_more(session, report, now)
    if waits:
        begin(session, report, now)
    return waits


def nudge(desk: Desk, session: Session, subject: str, now: datetime) -> list[Reply]:
    """Ask once more, while there is still time to answer."""
    report = reports.by_id(session, int(subject))
    if report is None or report.status != "proposed" or report.proposed_at is None or report.erased_at is not None:
        return []
    if _rests(session, report, now):
        return []
    waited = now - report.proposed_at
    if not SILENCE - BEFORE <= waited < SILENCE:
        return []  # it was said anew later, or after an outage the end is due already
    return _asked(desk, session, report, now, "closing.nudge")


def _asked(desk: Desk, session: Session, report: Report, now: datetime, key: str) -> list[Reply]:
    quota: QuotaClass = "nudge" if key == "closing.nudge" else "status"

    def make(desk: Desk, lang: str, one: Holder) -> Reply:
        said = desk.texts.say(lang, key, code=one.code)
        return keyholders.news(desk, lang, report, one, said, now, quota)

    keyholders.listen(session, report, now, report.proposed_by_id, report.proposed_by_id or 0)
    return keyholders.tell(session, desk, report, make, report.proposed_by_id or 0)
