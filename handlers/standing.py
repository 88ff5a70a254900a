"""Households that stood behind a report which is no more: the first of them takes its place, and hears so."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from handlers.desk import Desk
from handlers.messages import Button, Reply
from handlers.news import to_person
from storage import backing, reports
from storage.models import Report


def release(
    desk: Desk, session: Session, report: Report, now: datetime, but: int = 0, first: Report | None = None
) -> list[Reply]:
    """Let those who joined a report go on without it: call it before or after its end is written.

    Their own words wait for the team again under the first of them, to whom the others now belong. If the report had
    joined another one itself, they stand behind that, and its own household steps back. Nothing of the report is said
    to them: it may have been erased. `but` is a person who knows. Doing it twice changes and says nothing.
    `first`: what is to take its place, where somebody asks for it: it joined the report itself, or one that did.
    """
    backing.lock(session, report)  # whoever joins it at this moment has joined before, or finds it gone
    above = _joined(session, report)
    everybody = [report.teller_id, *(row.person_id for row in backing.of_report(session, report.id))]
    others = backing.tellings(session, report.id)
    others += [first] if first is not None and all(each.id != first.id for each in others) else []
    backing.lock(session, *others)
    first = above or first or next(iter(others), None)
    for each in others:
        each.duplicate_of_id = None if each is first else first.id if first else None
    report.duplicate_of_id = None
    if first is not None and above is None:
        first.status, first.agency, first.closed_at, first.updated_at = "received", "", None, now
        reports.add_event(session, first.id, "alone", now)
    told = _bare(desk, session, report, now, but)
    for standing in {each.id: each for each in (report, first, *others) if each}.values():
        backing.settle(session, standing, everybody, now)
    if first is None or above is not None or first.teller_id in (None, but):
        return told
    return [*to_person(session, desk, first.teller_id or 0, lambda desk, lang: _news(desk, lang, first)), *told]


def rest(desk: Desk, session: Session, person_id: int, now: datetime) -> list[Reply]:
    """Let those who joined reports of a person who pauses go on: nobody looks at what rests, nor at what hangs on it.

    What had joined another report itself goes on with that, and an emergency does not rest.
    """
    own = (row for row in reports.open_of(session, person_id) if row.urgency != "emergency")
    return [reply for row in own for reply in release(desk, session, row, now, but=person_id)]


def _joined(session: Session, report: Report) -> Report | None:
    """The report that this one had joined and that is still there."""
    above = session.get(Report, report.duplicate_of_id) if report.duplicate_of_id else None
    top = backing.head(session, above) if above else None
    return top if top and top.id != report.id and top.erased_at is None and top.status != "cancelled" else None


def _bare(desk: Desk, session: Session, report: Report, now: datetime, but: int) -> list[Reply]:
    """Those who stood behind it without words of their own."""
    told = []
    for row in backing.of_report(session, report.id):
        if row.own_id is None and backing.leave(session, report.id, row.person_id, now) and row.person_id != but:
            told += to_person(session, desk, row.person_id, _gone)
    return told


def _gone(desk: Desk, lang: str) -> Reply:
    new = desk.texts.say(lang, "words.new").split("|")[0]
    return Reply(desk.texts.say(lang, "erase.released_bare"), buttons=(Button(new, text=new),))


def _news(desk: Desk, lang: str, own: Report) -> Reply:
    look = Button(desk.texts.say(lang, "button.look"), postback=desk.postback("rep.show", own.id))
    return Reply(desk.texts.say(lang, "erase.released", code=own.code), buttons=(look,))
