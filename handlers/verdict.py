"""Whether something is solved, said in words where others would tap: it counts, or the keys are shown."""

from __future__ import annotations

from handlers import alarm, backing, closing, keyholders
from handlers.messages import Reply
from handlers.turn import Turn
from nlp.manner import Manner
from storage import people, reports
from storage.models import Report


def said(turn: Turn, newest: Report | None, manner: Manner) -> list[Reply] | None:
    """Take a short message as the answer to whether a report, or the one that it joined, is solved.

    It is about the report that the person was told of within the hour, else their `newest`. None where nobody waits
    for an answer, or where it is none. A mere nod may mean either: it is asked by buttons.
    """
    told = _told_of(turn)
    mine = told or newest
    if mine is None or alarm.concerns(turn) or people.dialogue_of(turn.session, turn.person.id)[0]:
        return None
    head = backing.joint(turn, mine) or mine
    if head.status not in closing.CLAIMED or keyholders.holder(turn.session, head, turn.person.id) is None:
        return None
    about = turn.but(args=(str(head.id), "same"))
    if manner.not_solved:
        return closing.reopen(about)
    if manner.solved:
        return closing.confirm(about)
    return closing.ask_again(about) if told is not None and manner.nod else None


def _told_of(turn: Turn) -> Report | None:
    """The report that what is said now would belong to, also where it was closed meanwhile."""
    person = turn.person
    if person.open_report_id is None or person.quiet_until is None or person.quiet_until < turn.now:
        return None
    return reports.by_id(turn.session, person.open_report_id)
