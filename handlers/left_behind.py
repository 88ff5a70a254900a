"""Neighbours of a report that is no more, and its officers: by kept buttons they go on with what took its place."""

from __future__ import annotations

from sqlalchemy.orm import Session

from handlers import backing as joining
from handlers import closing, keyholders, officers, standing
from handlers.belonging import hold_open
from handlers.keyholders import ANSWER_WINDOW, REASONS
from handlers.messages import Button, Reply
from handlers.standing import release
from handlers.turn import Turn
from handlers.wording import status_name
from storage import audit, backing, closings, reports
from storage.models import Report

STILL = "still"


def lost(session: Session, own: Report) -> Report | None:
    """The report that one's own had joined and that was erased since; None where it stands, or there was none."""
    head = backing.head(session, own) if own.status == "duplicate" else None
    return head if head is not None and head.id != own.id and head.erased_at is not None else None


def button(turn: Turn, own: Report) -> Button:
    """One tap with which one's own words wait for the team again."""
    return turn.press("key_still", "same.still", own.id)


def offer(turn: Turn, gone: Report, action: str) -> list[Reply] | None:
    """The answer to a kept button of a report that was erased, for those who stood behind it; None for others.

    Who says by it that nothing is solved has said all that is needed.
    """
    behind = dict(closings.standing_behind(turn.session, gone.id))
    if turn.person.id not in behind:
        return None
    own = behind[turn.person.id]
    if own is None or own.teller_id != turn.person.id or lost(turn.session, own) is None:
        return [turn.reply("erase.released_bare", turn.word("new"))]
    if action == "key.no" and turn.args[1:2] and turn.args[1] in REASONS:
        return still(turn.but(args=(str(own.id), turn.args[1])))
    return [turn.reply("backing.lost", button(turn, own), turn.word("status"), code=own.code)]


def goes_on(turn: Turn, report: Report) -> list[Reply] | None:
    """For the team: which case took the place of one that was erased; None where none did that they may see."""
    after = standing.heir(turn.session, report) if report.erased_at is not None else None
    if after is None or officers.role_for(turn.roles, after) is None:
        return None
    return [turn.reply("erase.staff_goes_on", turn.press("open_case", "case", after.id), code=after.code)]


def kept_button(turn: Turn, report: Report, action: str) -> list[Reply] | None:
    """The answer to a kept button of a report that went, for those who stood behind it or worked on it.

    It acts on what took its place, as far as what it asks still applies there; else it says how their own words stand.
    None for everybody else, and where the report is still theirs.
    """
    keys = {
        "key.yes": closing.confirm,
        "key.no": closing.reopen,
        "key.rate": closing.rate,
        "key.look": closing.look_again,
    }
    mine = report.erased_at is None and keyholders.holder(turn.session, report, turn.person.id) is not None
    if mine or (report.erased_at is None and action not in keys):
        return None
    if action.startswith(("case", "end.")) and (after := goes_on(turn, report)):
        return after
    head = standing.heir(turn.session, report)
    if head is not None and action in keys and keyholders.holder(turn.session, head, turn.person.id):
        return keys[action](turn.but(args=(str(head.id), *turn.args[1:])))
    if offered := offer(turn, report, action) if report.erased_at is not None else None:
        return offered
    stood = closings.stood_behind(turn.session, report.id, turn.person.id)
    own = reports.by_id(turn.session, stood.own_id) if stood and stood.own_id else None
    if stood is None:
        return None
    if own is None or own.teller_id != turn.person.id or own.erased_at is not None:
        return [turn.reply("erase.released_bare", turn.word("new"))]
    return [_stands(turn, own)]


def _stands(turn: Turn, own: Report) -> Reply:
    """How one's own words stand, or what they joined."""
    head = joining.joint(turn, own)
    how = joining.stands_as(turn, head, yours=True) if head else status_name(turn.desk, own, turn.lang, yours=True)
    look = turn.press("look", "rep.show", own.id)
    return turn.reply("closing.stands", look, turn.word("new"), code=own.code, status=how)


def still(turn: Turn) -> list[Reply]:
    """It is not solved: one's own report speaks for all who had joined the one that is gone; twice changes nothing."""
    own = reports.by_id(turn.session, turn.number())
    if own is None or own.teller_id != turn.person.id:
        return [turn.reply("oops.not_yours", turn.word("status"))]
    gone = lost(turn.session, own)
    if gone is not None:
        backing.lock(turn.session, *backing.chain(turn.session, own))  # two neighbours who press at once wait here
        gone = lost(turn.session, own)
    if gone is None:
        return [_stands(turn, own)]
    reason = turn.args[1] if turn.args[1:2] and turn.args[1] in REASONS else STILL
    told = release(turn.desk, turn.session, gone, turn.now, but=turn.person.id, first=own)
    # The timeline is read by staff: the reason is put down in their language.
    why = turn.desk.texts.say("th", f"button.key_{reason}")
    reports.add_event(turn.session, own.id, "reopened", turn.now, actor_id=turn.person.id, note=why, reason=reason)
    audit.note(turn.session, "case.reopened", "report", turn.now, actor_id=turn.person.id, subject_id=own.id)
    worked = closings.actors(turn.session, gone.id, officers.AT_WORK)[:1]
    team = [one for one in worked if officers.sees(turn, own, one)] or officers.team(turn, own, officers.AT_WORK)
    hold_open(turn, own, ANSWER_WINDOW)
    turn.person.awaited_by_id = next(iter(team), None)
    said = turn.reply("closing.asked_again", turn.word("status"), code=own.code)
    return [said, *officers.tell(turn, own, team, "closing.staff_reopened", reason), *told]
