"""Households that stood behind a report which is no more: the first of them takes its place, and all hear so."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from handlers import keyholders, officers, silence
from handlers.desk import Desk
from handlers.keyholders import Holder
from handlers.messages import Button, Reply
from handlers.news import to_person
from storage import backing, closings, people, reports
from storage.models import Report

TOOK_OVER = "took_over"  # the line of a timeline that says which report took this one's place


def release(
    desk: Desk,
    session: Session,
    report: Report,
    now: datetime,
    but: int = 0,
    first: Report | None = None,
    was: str = "",
) -> list[Reply]:
    """Let those who joined a report go on without it: call it before or after its end is written.

    Their own words wait for the team again under the first of them, to whom the others now belong. If the report had
    joined another one itself, they stand behind that, and its own household steps back. Nothing of the report is said
    to them: it may have been erased. `but` is a person who knows. Doing it twice changes and says nothing.
    `first`: what is to take its place, where somebody asks for it: it joined the report itself, or one that did.
    `was`: the status of the report that goes, if the team's work on it is to go on with what takes its place.
    """
    backing.lock(session, report)  # whoever joins it at this moment has joined before, or finds it gone
    above = _joined(session, report)
    everybody = [report.teller_id, *(row.person_id for row in backing.of_report(session, report.id))]
    others = backing.tellings(session, report.id)
    others += [first] if first is not None and all(each.id != first.id for each in others) else []
    backing.lock(session, *others)
    first, officer = above or first or next(iter(others), None), None
    for each in others:
        each.duplicate_of_id = None if each is first else first.id if first else None
    report.duplicate_of_id = None
    if first is not None and above is None:
        first.status, first.agency, first.closed_at, first.updated_at = "received", "", None, now
        reports.add_event(session, first.id, "alone", now)
        reports.add_event(session, report.id, TOOK_OVER, now, public=False, report=first.id)
        officer = _carry(session, report, first, now, was)
    told = _bare(desk, session, report, now, but)
    for standing in {each.id: each for each in (report, first, *others) if each}.values():
        backing.settle(session, standing, everybody, now)
    if first is None or above is not None:
        return told
    known = {but, report.teller_id or 0}
    behind = [one for one in keyholders.holders(session, first) if one.report_id and one.person_id not in known]
    news = [reply for one in behind for reply in _told(desk, session, first, one, now)]
    goes_on = _officer_told(desk, session, first, officer) if officer not in (None, *known) else []
    return [*news, *told, *goes_on]


def heir(session: Session, report: Report) -> Report | None:
    """What took a report's place, or the place of that, as it is spoken for now; None where nothing did."""
    for _ in range(backing.MOST_STEPS):
        after = _took_over(session, report)
        if after is None:
            return None
        head = backing.head(session, after)
        if head is not None and head.erased_at is None and head.status != "cancelled":
            return head
        report = head or after
    return None


def _took_over(session: Session, report: Report) -> Report | None:
    after = closings.taken_over_by(session, report.id, TOOK_OVER)
    return reports.by_id(session, after) if after else None


def _carry(session: Session, report: Report, first: Report, now: datetime, was: str) -> int | None:
    """Let the team's work go on with what takes a report's place; the officer who did it last.

    Not what was done in secret, nor by who may not see the case any more: that would tell of the other, or be lost.
    """
    secret = report.private or report.sensitive is not None or first.private or first.sensitive is not None
    if was not in officers.AT_WORK or secret or first.province != report.province:
        return None
    worked = closings.actors(session, report.id, officers.AT_WORK)[:1]
    seen = [one for one in worked if officers.role_for(people.roles_of(session, one), first)]
    if not seen:
        return None
    first.status, first.agency = was, report.agency
    if was == "proposed":
        first.proposed_at, first.proposed_by_id = now, report.proposed_by_id
        silence.begin(session, first, now)
    reports.add_event(session, first.id, was, now, actor_id=seen[0], agency=report.agency)
    return seen[0]


def _officer_told(desk: Desk, session: Session, first: Report, officer: int | None) -> list[Reply]:
    def make(desk: Desk, lang: str) -> Reply:
        opens = Button(desk.texts.say(lang, "button.open_case"), postback=desk.postback("case", first.id))
        return Reply(desk.texts.say(lang, "erase.staff_goes_on", code=first.code), buttons=(opens,))

    return to_person(session, desk, officer or 0, make)


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


def _told(desk: Desk, session: Session, first: Report, key: Holder, now: datetime) -> list[Reply]:
    """One of those who joined the report that went: their own words are still there, and how the matter stands."""

    def make(desk: Desk, lang: str) -> Reply:
        look = Button(desk.texts.say(lang, "button.look"), postback=desk.postback("rep.show", key.report_id))
        said = "erase.released_asked" if first.status == "proposed" else "erase.released"
        keys = keyholders.buttons(desk, lang, first, key, now)
        return Reply(desk.texts.say(lang, said, code=key.code), buttons=(*keys, look))

    return to_person(session, desk, key.person_id, make)
