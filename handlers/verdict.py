"""Whether something is solved, said in words where others would tap: it counts, or the keys are shown."""

from __future__ import annotations

from handlers import alarm, backing, closing, keyholders, silence
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
    if told is None and _tells_another(turn, head):
        return None
    about = turn.but(args=(str(head.id), "same"))
    if manner.not_solved:
        return closing.reopen(about)
    if manner.solved:
        return closing.confirm(about)
    return closing.ask_again(about) if told is not None and manner.nod else None


def reminds(turn: Turn, newest: Report, manner: Manner) -> bool:
    """Whether somebody says long after telling it that nothing has been done yet: that is no report of its own."""
    waits = newest.status not in reports.OVER and _told_of(turn) is None
    return waits and manner.not_solved and not _other(turn, newest) and not alarm.concerns(turn)


def _tells_another(turn: Turn, head: Report) -> bool:
    """Whether words that come long after the question are surely about something else."""
    asked = head.closed_at or head.proposed_at
    late = asked is None or turn.now - asked > silence.SILENCE
    return late or _other(turn, head)


def _other(turn: Turn, report: Report) -> bool:
    known = (report.category, turn.desk.reader.taxonomy.fallback)
    return turn.reading.sure and turn.reading.category not in known


def _told_of(turn: Turn) -> Report | None:
    """The report that what is said now would belong to, also where it was closed meanwhile."""
    person = turn.person
    if person.open_report_id is None or person.quiet_until is None or person.quiet_until < turn.now:
        return None
    return reports.by_id(turn.session, person.open_report_id)
