"""Who holds a key to a report's closing: its reporter, its relayer, and the neighbours who stand behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from handlers.desk import Desk
from handlers.messages import Button, QuotaClass, Reply
from handlers.news import to_person
from handlers.turn import card, spoken
from storage import closings, people
from storage.models import Person, Report

REASONS = ("same", "partly", "again")  # why something that was said to be solved is not
LATE = timedelta(days=30)  # in which a closing that somebody confirmed may be taken back
REFUSED = ("not_ours", "cannot")
ANSWER_WINDOW = timedelta(hours=1)  # in which what a reporter says is taken as the answer to what they were told


def holders(session: Session, report: Report) -> list[Holder]:
    """Everybody who holds a key, each once. A neighbour knows the report by the code of their own words."""
    if report.erased_at is not None:
        return []
    found = [
        Holder(person_id, report.code, report.id, told=True)
        for person_id in dict.fromkeys((report.reporter_id, report.relayed_by_id))
        if person_id is not None
    ]
    for person_id, own in closings.standing_behind(session, report.id):
        if all(one.person_id != person_id for one in found):
            code, own_id = (own.code, own.id) if own else (report.code, 0)
            found.append(Holder(person_id, code, own_id, told=False))
    return found


def holder(session: Session, report: Report, person_id: int) -> Holder | None:
    """The key of a person; None when they hold none."""
    return next((one for one in holders(session, report) if one.person_id == person_id), None)


def listen(session: Session, report: Report, now: datetime, officer_id: int | None, but: int = 0) -> None:
    """Let what key holders say within the window belong to their own words about a report; whoever is telling, goes on.

    `officer_id`: who hears of it. Neighbours without words of their own have nothing to add to.
    """
    for one in holders(session, report):
        person = session.get(Person, one.person_id) if one.report_id and one.person_id != but else None
        if person is None or person.erased_at or person.paused_at:
            continue
        telling = person.quiet_until is not None and person.quiet_until > now and person.awaited_by_id is None
        if not telling or person.open_report_id == one.report_id:
            person.open_report_id, person.quiet_until = one.report_id, now + ANSWER_WINDOW
            person.awaited_by_id = officer_id
            name, data = people.dialogue_of(session, person.id)
            if name == "ask" and data.get("report") == one.report_id:  # this question is the newer one
                people.set_dialogue(session, person.id, "", {}, now)


def tell(
    session: Session,
    desk: Desk,
    report: Report,
    make: Callable[[Desk, str, Holder], Reply],
    but: int = 0,
    *,
    neighbours: bool = True,
) -> list[Reply]:
    """News to everybody who holds a key and can be reached, `but` one person who knows it already."""

    def to(one: Holder) -> list[Reply]:
        return to_person(session, desk, one.person_id, lambda desk, lang: make(desk, lang, one))

    others = (one for one in holders(session, report) if one.person_id != but and (one.told or neighbours))
    return [reply for one in others for reply in to(one)]


def news(
    desk: Desk, lang: str, report: Report, key: Holder, said: str, now: datetime, quota: QuotaClass = "status"
) -> Reply:
    """A sentence about a report with its keys below: as a card, whose buttons outlast what is said after it."""
    keys = buttons(desk, lang, report, key, now)
    shown = card(key.code, [(desk.texts.say(lang, "status.now"), said)], "case")
    return Reply(spoken(shown), card=shown, buttons=keys, quota=quota) if keys else Reply(said, quota=quota)


def buttons(desk: Desk, lang: str, report: Report, key: Holder, now: datetime) -> tuple[Button, ...]:
    """What a key opens as the report stands: each is one tap, also hours later."""

    def press(name: str, action: str, *arguments: object) -> Button:
        return Button(desk.texts.say(lang, f"button.key_{name}"), postback=desk.postback(action, report.id, *arguments))

    yes = press("yes", "key.yes")
    if report.status == "proposed":
        return (yes, *(press(reason, "key.no", reason) for reason in REASONS))
    if report.status == "closed_unconfirmed":
        return (yes, press("still", "key.no", "same"))
    if report.status == "closed_confirmed" and report.closed_at and now - report.closed_at <= LATE:
        return (press("again", "key.no", "again"),)
    if report.status in REFUSED and key.told:
        return (press("look", "key.look"),)
    return ()


@dataclass(frozen=True, slots=True)
class Holder:
    """A key: who holds it, and the code and row id (0: none) of the report that is theirs to look at.

    `told`: they told or relayed the report itself, rather than standing behind it.
    """

    person_id: int
    code: str
    report_id: int
    told: bool
