"""Who acts on a case, as each of those who hear of it may know it."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from handlers import keyholders
from handlers.desk import Desk
from handlers.keyholders import Holder
from handlers.messages import Button, Reply
from handlers.turn import Turn
from handlers.wording import status_name
from storage import backing, reports
from storage.models import Report

SELDOM = timedelta(days=1)  # neighbours hear that the team answered once in this, however often it does
ANSWER_TOLD = "answer_told"  # the line of a timeline that says that they did


def named(desk: Desk, report: Report, agency: str = "") -> str:
    """The province's team, and in brackets the agency; '' where it is not to be said."""
    province = desk.province(report.province)
    team = desk.texts.say("th", "case.team")
    name = desk.texts.say("th", "receipt.readers", province=province.name_th) if province else team
    return name if agency in ("", team) else f"{name} ({agency})"


def named_to(session: Session, desk: Desk, report: Report, agency: str, one: Holder) -> str:
    """The same for one who holds a key: the agency only to whom it tells nothing that they may not know.

    Phones are shared, so of a secret matter it is left out for who told it too; neighbours never hear it of what they
    may not read, also where that has become so after they joined.
    """
    secret = report.for_roster if one.told else not backing.readable(session, report)
    return named(desk, report, "" if secret else agency)


def answered(turn: Turn, report: Report, agency: str) -> list[Reply]:
    """Tell neighbours that the team answered and how it stands, without its words: these may be for the teller alone.

    Not of what they may not read, and at most once a day.
    """
    behind = [one for one in keyholders.holders(turn.session, report) if not one.told]
    lately = reports.happened_since(turn.session, report.id, ANSWER_TOLD, turn.now - SELDOM)
    if not behind or lately or not backing.readable(turn.session, report):
        return []
    reports.add_event(turn.session, report.id, ANSWER_TOLD, turn.now, public=False)

    def of(one: Holder) -> list[Reply]:
        def make(desk: Desk, lang: str) -> Reply:
            who = named_to(turn.session, desk, report, agency, one)
            stands = status_name(desk, report, lang, yours=True, holder=False)
            look = Button(desk.texts.say(lang, "button.look"), postback=desk.postback("rep.show", one.report_id))
            said = desk.texts.say(lang, "news.answered_too", agency=who, code=one.code, status=stands)
            return Reply(said, buttons=(look,) if one.report_id else ())

        return turn.notify(one.person_id, make)

    return [reply for one in behind if one.person_id != turn.person.id for reply in of(one)]
