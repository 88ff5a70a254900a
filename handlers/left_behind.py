"""Neighbours of a report that was solved and is no more: where it is not solved after all, their own words go on."""

from __future__ import annotations

from sqlalchemy.orm import Session

from handlers import officers
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


def still(turn: Turn) -> list[Reply]:
    """It is not solved: one's own report speaks for all who had joined the one that is gone; twice changes nothing."""
    own = reports.by_id(turn.session, turn.number())
    if own is None or own.teller_id != turn.person.id:
        return [turn.reply("oops.not_yours", turn.word("status"))]
    gone = lost(turn.session, own)
    if gone is not None:
        backing.lock(turn.session, gone)  # first: two neighbours who press at once wait for each other here
        backing.lock(turn.session, own)
        gone = lost(turn.session, own)
    if gone is None:
        how = status_name(turn.desk, own, turn.lang, yours=True)
        look = turn.press("look", "rep.show", own.id)
        return [turn.reply("closing.stands", look, turn.word("new"), code=own.code, status=how)]
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
