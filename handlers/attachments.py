"""What a person sent and we could not take: said once, kindly, with what to do. The report stands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from handlers import later
from handlers.desk import QUIET_WINDOW, Desk
from handlers.messages import Reply
from handlers.news import to_person
from storage import media, reports
from storage.models import Medium, Person, Report

WHYS = ("big", "bad", "empty", "gone")  # how a lost medium's row begins
PATIENCE = timedelta(minutes=1)  # for the rest of an album whose fate is not known yet
AGAIN = timedelta(seconds=5)


def lost(desk: Desk, session: Session, subject: str, now: datetime) -> list[Reply]:
    """Tell of the media of a report that were lost and not told of yet, all of them in one message."""
    report = reports.by_id(session, int(subject))
    if report is None or report.erased_at is not None:
        return []
    events = reports.timeline(session, report.id, public_only=False)
    told = {row for event in events if event.kind == "medium_told" for row in event.data["media"]}
    attached = media.of_report(session, report.id)
    gone = [medium for medium in attached if medium.state == "failed" and medium.id not in told]
    if not gone:
        return []
    ids = [medium.id for medium in gone]
    since = min((e.at for e in events if e.kind == "medium_lost" and e.data.get("medium") in ids), default=now)
    if any(medium.state == "waiting" for medium in attached) and now - since < PATIENCE:
        later.remind(session, "medium", report.id, now + AGAIN)
        return []
    reports.add_event(session, report.id, "medium_told", now, public=False, media=ids)
    person_id = report.reporter_id or report.relayed_by_id
    if person_id is None:
        return []
    _hold_open(session, report, person_id, now)
    return to_person(session, desk, person_id, lambda d, lang: Reply(_said(d, lang, report, gone)))


def _said(desk: Desk, lang: str, report: Report, gone: Sequence[Medium]) -> str:
    keys = list(dict.fromkeys((_why(medium), medium.kind) for medium in gone))
    if len(keys) > 1:
        said = desk.texts.say(lang, "media.several", count=len(gone))
    else:
        (why, kind) = keys[0]
        said = desk.texts.say(lang, f"media.{why}_{kind}")
        if len(gone) > 1:
            said = desk.texts.say(lang, "media.counted", said=said, count=len(gone))
    return desk.texts.say(lang, "media.stands", said=said, code=report.code)


def _why(medium: Medium) -> str:
    why = medium.error.partition(":")[0]
    return why if why in WHYS else "gone"


def _hold_open(session: Session, report: Report, person_id: int, now: datetime) -> None:
    """What is sent again belongs to the same report, unless the person is telling another one by now."""
    person = session.get(Person, person_id)
    if person is None or report.status in reports.CLOSED:
        return
    telling = person.quiet_until is not None and person.quiet_until >= now
    if not telling or person.open_report_id == report.id:
        person.open_report_id, person.quiet_until = report.id, now + QUIET_WINDOW
