"""Households that stood behind a report which is no more: each stands by itself again, and hears so."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from handlers.desk import Desk
from handlers.messages import Button, Reply
from handlers.news import to_person
from storage import backing, reports
from storage.models import Backing, Report


def release(desk: Desk, session: Session, report: Report, now: datetime) -> list[Reply]:
    """Let whoever stands behind a report go: their own words wait for the team again; the news to them.

    Nothing of the report itself is said to them: it may have been erased. Doing it twice changes and says nothing.
    """
    told = []
    for row in backing.of_report(session, report.id):
        if not backing.leave(session, report.id, row.person_id, now):
            continue
        own = _freed(session, row, report, now)
        told += to_person(session, desk, row.person_id, lambda desk, lang, own=own: _news(desk, lang, own))  # type: ignore[misc]
    return told


def _freed(session: Session, row: Backing, report: Report, now: datetime) -> Report | None:
    """A household's own report, alive again; None where it has none, or it is closed for a reason of its own."""
    own = reports.by_id(session, row.own_id) if row.own_id else None
    if own is None or own.erased_at is not None:
        return None
    if own.duplicate_of_id == report.id:
        own.duplicate_of_id = None
        if own.status in ("duplicate", *reports.CLOSED):
            own.status, own.closed_at = "received", None
    if own.status in reports.CLOSED:
        return None
    own.status, own.updated_at = "received", now
    reports.add_event(session, own.id, "alone", now)
    return own


def _news(desk: Desk, lang: str, own: Report | None) -> Reply:
    if own is None:
        return Reply(desk.texts.say(lang, "erase.released_bare"))
    look = Button(desk.texts.say(lang, "button.look"), postback=desk.postback("rep.show", own.id))
    return Reply(desk.texts.say(lang, "erase.released", code=own.code), buttons=(look,))
