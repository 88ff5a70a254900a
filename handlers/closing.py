"""The second key: whoever told a report, or stands behind it, says whether it is solved. And they may take it back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from handlers import keyholders, officers, silence, standing
from handlers.desk import Desk
from handlers.keyholders import LATE, REASONS, REFUSED, Holder
from handlers.messages import Button, Reply
from handlers.turn import Turn
from handlers.wording import status_name
from storage import audit, backing, closings, reports
from storage.models import Report

RATINGS = (5, 4, 3, 2, 1)
AT_WORK = ("accepted", "in_progress")
CLAIMED = ("proposed", "closed_unconfirmed")  # staff said so, and nobody confirmed it


def keys(turn: Turn, report: Report) -> tuple[Button, ...]:
    """The buttons with which a person may say how a report of theirs stands; none for somebody else's."""
    mine = keyholders.holder(turn.session, report, turn.person.id)
    if mine is None or report.erased_at is not None or turn.incoming.group:
        return ()
    buttons = keyholders.buttons(turn.desk, turn.lang, report, mine, turn.now)
    if report.status in CLAIMED and closings.has_proposed(turn.session, report.id, turn.person.id):
        return buttons[1:]  # the first key is theirs, so the second is not
    return buttons


def _mine(turn: Turn) -> tuple[Report, Holder] | Reply:
    """The report of a button and the person's key to it, or what to say where there is none."""
    report = reports.by_id(turn.session, turn.number())
    key = keyholders.holder(turn.session, report, turn.person.id) if report else None
    if report is None or key is None or report.erased_at is not None:
        return turn.reply("oops.not_yours", turn.word("status"))
    return report, key


def _stands(turn: Turn, report: Report, key: Holder) -> list[Reply]:
    """How it stands: for a button that came late, or twice."""
    below = (*keys(turn, report), turn.word("new"))
    said_so = closings.actors(turn.session, report.id, ("reopened",))[:1]
    if report.status in AT_WORK and said_so not in ([], [turn.person.id]):
        return [turn.reply("closing.goes_on", *below, code=key.code)]
    told = key.told or backing.readable(turn.session, report)
    how = status_name(turn.desk, report, turn.lang, yours=True, holder=told)
    return [turn.reply("closing.stands", *below, code=key.code, status=how)]


def ask_again(turn: Turn) -> list[Reply]:
    """Whether it is solved, once more: what was said may mean either."""
    found = _mine(turn)
    return [found] if isinstance(found, Reply) else _stands(turn, *found)


def confirm(turn: Turn) -> list[Reply]:
    """It is solved: the second key. Whoever turned the first can never turn it."""
    found = _mine(turn)
    if isinstance(found, Reply):
        return [found]
    report, key = found
    if closings.has_proposed(turn.session, report.id, turn.person.id):
        return [turn.reply("closing.other_key", turn.word("status"), code=key.code)]
    if not closings.move(turn.session, report, "closed_confirmed", CLAIMED, turn.now, closed_at=turn.now):
        return _agrees(turn, report, key) or _stands(turn, report, key)
    silence.end(turn.session, report)
    _written(turn, report, "closed_confirmed")

    def make(desk: Desk, lang: str, one: Holder) -> Reply:
        said = desk.texts.say(lang, "closing.confirmed", code=one.code)
        ways = (("key_yes", "key.yes"), ("key_still", "key.no", "same"))
        both = (
            Button(desk.texts.say(lang, f"button.{n}"), postback=desk.postback(a, report.id, *more))
            for n, a, *more in ways
        )
        return replace(keyholders.news(desk, lang, report, one, said, turn.now), buttons=tuple(both))

    told = keyholders.tell(turn.session, turn.desk, report, make, turn.person.id)
    known = {turn.person.id, *(one.person_id for one in keyholders.holders(turn.session, report))}
    proposers = [one for one in closings.actors(turn.session, report.id, ("proposed",))[:1] if one not in known]
    return [_thanks(turn, report, key), *told, *officers.tell(turn, report, proposers, "closing.staff_confirmed")]


def _thanks(turn: Turn, report: Report, key: Holder) -> Reply:
    stars = (turn.press(f"rate_{value}", "key.rate", report.id, value) for value in RATINGS)
    return turn.reply("closing.thanks", *stars, code=key.code)


def _agrees(turn: Turn, report: Report, key: Holder) -> list[Reply]:
    """Thanks to whoever says the same as a neighbour who confirmed it before; nothing where there was none."""
    first = closings.actors(turn.session, report.id, ("closed_confirmed",))[:1]
    others = report.status == "closed_confirmed" and turn.person.id not in first
    rated = closings.rated(turn.session, report, turn.person.id) is not None
    return [_thanks(turn, report, key)] if others and not rated else []


def reopen(turn: Turn) -> list[Reply]:
    """It is not solved, and why: work goes on, and what is said within the hour belongs to it."""
    found = _mine(turn)
    if isinstance(found, Reply):
        return [found]
    report, key = found
    reason = turn.args[1] if len(turn.args) > 1 else ""
    if reason not in REASONS:
        return [turn.reply("oops.button", turn.word("status"))]
    if not closings.reopen(turn.session, report, turn.now - LATE, turn.now):
        return _stands(turn, report, key)
    silence.end(turn.session, report)
    # The timeline is read by staff: the reason is put down in their language.
    _written(turn, report, "reopened", turn.desk.texts.say("th", f"button.key_{reason}"), reason=reason)
    team = officers.team(turn, report, ("proposed",))
    listens = _listen(turn, report, key, team)
    said = turn.reply("closing.reopened_more" if listens else "closing.reopened", turn.word("status"), code=key.code)

    def make(desk: Desk, lang: str, one: Holder) -> Reply:
        look = Button(desk.texts.say(lang, "button.look"), postback=desk.postback("rep.show", one.report_id))
        said = desk.texts.say(lang, "closing.goes_on", code=one.code)
        return Reply(said, buttons=(look,) if one.report_id else ())

    told = keyholders.tell(turn.session, turn.desk, report, make, turn.person.id)
    known = {one.person_id for one in keyholders.holders(turn.session, report)}
    staff = [one for one in team if one not in known]
    return [said, *officers.tell(turn, report, staff, "closing.staff_reopened", reason), *told]


def rate(turn: Turn) -> list[Reply]:
    """How content they are, 1 to 5. Of those who told it the first one counts; a neighbour's is kept beside it."""
    found = _mine(turn)
    if isinstance(found, Reply):
        return [found]
    report, key = found
    value = turn.number(1)
    if value not in RATINGS:
        return [turn.reply("oops.button", turn.word("status"))]
    if report.status != "closed_confirmed":
        return _stands(turn, report, key)
    if closings.has_proposed(turn.session, report.id, turn.person.id):
        return [turn.reply("closing.other_key", turn.word("status"), code=key.code)]
    if closings.rated(turn.session, report, turn.person.id) != value:
        counts = key.told and closings.rate(turn.session, report, turn.person.id, value)
        kind = "rated" if counts else "rated_too"
        reports.add_event(turn.session, report.id, kind, turn.now, actor_id=turn.person.id, public=False, value=value)
    return [turn.reply("closing.rated", turn.word("new"), turn.word("status"))]


def look_again(turn: Turn) -> list[Reply]:
    """Whoever told it does not take a no for an answer: it waits for staff anew."""
    found = _mine(turn)
    if isinstance(found, Reply):
        return [found]
    report, key = found
    if not key.told:
        return [turn.reply("oops.not_yours", turn.word("status"))]
    team = officers.team(turn, report, REFUSED)
    if not closings.move(turn.session, report, "received", REFUSED, turn.now, agency="", closed_at=None):
        return _stands(turn, report, key)
    _written(turn, report, "asked_again")
    _listen(turn, report, key, team)
    said = turn.reply("closing.asked_again", turn.word("status"), code=key.code)
    return [said, *officers.tell(turn, report, team, "closing.staff_again")]


def cancel_button(turn: Turn, report: Report) -> tuple[Button, ...]:
    """The button with which a report is cancelled, for whoever may; none for others and where it has ended."""
    free = report.status not in reports.CLOSED and _may_cancel(turn, report)
    return (turn.press("cancel", "rep.cancel", report.id),) if free else ()


def joined(turn: Turn, report: Report) -> Reply:
    """What to say to whoever changes or cancels a report that joined another: first it has to stand alone."""
    apart = turn.press("not_same_now", "same.undo", report.id)
    return turn.reply("change.joined", apart, turn.word("status"), code=report.code)


def _may_cancel(turn: Turn, report: Report) -> bool:
    """The one who told it; the relayer only while nobody says that it is theirs."""
    return turn.person.id == report.teller_id and report.erased_at is None


def cancel(turn: Turn) -> list[Reply]:
    """Cancel a report: it is asked once more, and the second tap does it."""
    found = _mine(turn)
    if isinstance(found, Reply):
        return [found]
    report, key = found
    if not _may_cancel(turn, report):
        return [turn.reply("oops.not_yours", turn.word("status"))]
    if report.status == "duplicate":
        return [joined(turn, report)]
    if report.status in reports.CLOSED:
        return _stands(turn, report, key)
    look = turn.press("look", "rep.show", report.id)
    if turn.args[1:] != ("yes",):
        sure = turn.press("cancel_yes", "rep.cancel", report.id, "yes")
        ask = "lane.cancel_sure" if report.for_roster else "closing.cancel_sure"
        below = (sure, turn.word("data")) if report.for_roster else (sure, look)
        return [turn.reply(ask, *below, code=report.code)]
    secret = report.for_roster
    ended = end(turn, report)
    if ended is None:
        return _stands(turn, report, key)
    done = "lane.cancelled" if secret else "closing.cancelled"
    return [turn.reply(done, turn.word("new"), turn.word("status"), code=report.code), *ended]


def end(turn: Turn, report: Report) -> list[Reply] | None:
    """Cancel a report: the one way in which its teller takes it back. What others hear; None where it had ended."""
    was = report.status
    held = closings.actors(turn.session, report.id, officers.AT_WORK) if was in officers.AT_WORK else []
    still = (*closings.OPEN, "proposed", "duplicate")
    if not closings.move(turn.session, report, "cancelled", still, turn.now, closed_at=turn.now):
        return None
    silence.end(turn.session, report)
    _written(turn, report, "cancelled")
    freed = standing.release(turn.desk, turn.session, report, turn.now, but=turn.person.id, was=was)
    return [*officers.tell(turn, report, held, "closing.staff_cancelled"), *freed]


def _written(turn: Turn, report: Report, kind: str, note: str = "", **data: Any) -> None:
    reports.add_event(turn.session, report.id, kind, turn.now, actor_id=turn.person.id, note=note, **data)
    audit.note(turn.session, f"case.{kind}", "report", turn.now, actor_id=turn.person.id, subject_id=report.id)


def _listen(turn: Turn, report: Report, key: Holder, team: list[int]) -> bool:
    """Let what is said within the hour belong to the person's own words about it; whether they have any."""
    if not key.report_id or not (key.told or team):
        return False
    person = turn.person
    person.open_report_id, person.quiet_until = key.report_id, turn.now + keyholders.ANSWER_WINDOW
    person.awaited_by_id = next(iter(team), None)
    return True
