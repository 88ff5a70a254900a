"""What a machine heard in a voice note: its reporter says whether it is right. Danger does not wait for that."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from handlers import alarm, answering, asking, graver
from handlers import report as telling
from handlers.desk import Desk
from handlers.filing import PRIVATE, URGENT
from handlers.messages import Incoming, Recipient, Reply
from handlers.turn import Turn
from nlp.reading import Reading
from storage import media, paused, people, reports, voices
from storage.models import Medium, Person, Report

SHOWN = 400  # letters of what was heard that are read back


def heard(desk: Desk, session: Session, subject: str, now: datetime) -> list[Reply]:
    """Ask the reporter whether a voice was heard rightly; where it tells of danger, the numbers come first.

    Of a private report nothing is read back: phones are shared. Its words stay for those on the roster.
    """
    medium = media.by_id(session, int(subject))
    report = reports.by_id(session, medium.report_id) if medium else None
    if medium is None or report is None or report.erased_at is not None or report.status in reports.OVER:
        return []
    if (medium.state, medium.heard) != ("kept", "machine"):
        return []
    person = session.get(Person, report.teller_id or 0)
    account = people.account_of(session, person.id) if person else None
    if person is None or person.erased_at is not None:
        return []
    text = voices.text_of(session, medium)
    province = desk.province(report.province)
    reading = desk.reader.read(text, province.code if province else None)
    channel, chat = account or ("", "")
    incoming = Incoming(channel, "", chat, chat, "message", now, text=text)
    turn = Turn(incoming, reading, desk, session, person, (), now)
    said: list[Reply] = []
    alerts: list[Reply] = []
    if alarm.concerns(turn):
        freed = _guard(turn, report, reading)
        said = [alarm.hotlines(turn)]
        alerts = [*(alarm.alert(turn, report) if reading.urgency == "emergency" else []), *freed]
    if not report.private and not paused.rests(session, report):
        shown = text if len(text) <= SHOWN else text[:SHOWN] + "…"
        yes, no = turn.press("heard_yes", "heard.yes", medium.id), turn.press("heard_no", "heard.no", medium.id)
        said.append(turn.reply("media.heard", yes, no, text=shown))
    mine = [replace(reply, to=Recipient(*account)) for reply in said] if account else []
    return [*mine, *alerts]


def _guard(turn: Turn, report: Report, reading: Reading) -> tuple[Reply, ...]:
    """What may be said of a report from now on, before anybody confirmed it: never less than before."""
    before = graver.weight(report)
    if reading.sensitive in PRIVATE:
        report.sensitive = reading.sensitive
    report.private = report.private or reading.sensitive in PRIVATE or reading.urgency == "emergency"
    if URGENT.index(reading.urgency) > URGENT.index(report.urgency):
        report.urgency = reading.urgency
    return graver.since(turn, report, before, reading).others


def right(turn: Turn) -> list[Reply]:
    """It was heard rightly: its words become a part of the report, and go with the voice where that is taken back."""
    found = _decided(turn, voices.confirm)
    if isinstance(found, list):
        return found
    medium, report = found
    text = voices.text_of(turn.session, medium)
    reports.add_part(turn.session, report, text, turn.now, message=medium.message_key)
    graver_now = telling.reread(turn, report, adding=True)
    reports.add_event(turn.session, report.id, "added", turn.now, actor_id=turn.person.id)
    _answered(turn, report)
    province = turn.desk.province(report.province)
    reading = turn.desk.reader.read(text, province.code if province else None)
    said = [*graver_now.first, _noted(turn, report)]
    if report.status != "received":
        return [*said, *telling.told_the_team(turn, report, text, lately=False), *graver_now.others]
    if not people.dialogue_of(turn.session, turn.person.id)[0]:
        spoken = telling.saying(turn, text).but(reading=reading)
        question, buttons = asking.question(spoken, report, elsewhere=False)
        said += [Reply(question, buttons=buttons)] if question else []
    return [*said, *graver_now.others]


def wrong(turn: Turn) -> list[Reply]:
    """It was misheard: forget it, and ask for a few typed words."""
    found = _decided(turn, voices.refuse)
    return found if isinstance(found, list) else asking.again(turn, found[1], "text", "media.type_it")


def _decided(turn: Turn, decide: Callable[[Session, Medium], bool]) -> tuple[Medium, Report] | list[Reply]:
    """The voice of a button and its report, decided now; else what to say to whoever may not, or comes too late.

    A button that was pressed before says again what stands, and changes nothing.
    """
    medium = media.by_id(turn.session, turn.number())
    report = reports.by_id(turn.session, medium.report_id) if medium else None
    if medium is None or report is None or report.erased_at is not None or medium.state != "kept":
        return answering.not_yours(turn)
    if turn.person.id not in (report.reporter_id, report.relayed_by_id):
        return answering.not_yours(turn)
    if report.status in reports.OVER:
        return answering.refused(turn.but(args=(str(report.id),)))
    if decide(turn.session, medium):
        return medium, report
    return [_noted(turn, report) if medium.heard == "confirmed" else turn.reply("media.refused")]


def _noted(turn: Turn, report: Report) -> Reply:
    said = f"{turn.say('ask.noted', code=report.code)}\n{asking.understood(turn, report)}".strip()
    return Reply(said, buttons=(turn.word("new"), turn.word("status")))


def _answered(turn: Turn, report: Report) -> None:
    """The question what a voice is about is answered; one about another report stays."""
    name, data = people.dialogue_of(turn.session, turn.person.id)
    if name == "ask" and data.get("report") == report.id and data.get("about") == "text":
        people.set_dialogue(turn.session, turn.person.id, "", {}, turn.now)
