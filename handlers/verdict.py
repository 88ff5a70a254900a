"""Whether something is solved, said in words where others would tap: it counts, or the keys are shown."""

from __future__ import annotations

from handlers import alarm, backing, closing, keyholders, report, silence
from handlers.belonging import hold_open
from handlers.messages import Reply
from handlers.turn import Turn
from nlp.manner import Manner
from storage import people, reports
from storage.models import Report

AWAITED = ("water", "infrastructure")  # of these it is good news that water or light has come
MOST = 3  # questions at once


def said(turn: Turn, newest: Report | None, manner: Manner) -> list[Reply] | None:
    """Take a message as the answer to whether a report, or the one that it joined, is solved.

    It is about the report that the person was told of within the hour, else about the one of theirs that waits for an
    answer, else about their `newest`. None where nobody waits for an answer, or where it is none. What may mean either
    is asked by buttons. What is said besides belongs to the person's own words.
    """
    told = _told_of(turn)
    waiting = [] if told else _waiting(turn)
    mine = told or next(iter(waiting), newest)
    if mine is None or alarm.concerns(turn) or people.dialogue_of(turn.session, turn.person.id)[0]:
        return None
    head = backing.joint(turn, mine) or mine
    if not _may_answer(turn, head) or (told is None and _tells_another(turn, head)):
        return None
    about = turn.but(args=(str(head.id), "same"))
    if len(waiting) > 1 and (manner.not_solved or manner.still_so or manner.again or manner.solved or manner.came):
        return [reply for one in waiting[:MOST] for reply in _asks(turn, one)]  # which of them, they must say
    besides = (manner.still_so or manner.again) and not _other(turn, head) and (told or turn.reading.place is None)
    if manner.not_solved or besides:
        again = manner.again or head.status == "closed_confirmed"
        return _not_solved(turn.but(args=(str(head.id), "again" if again else "same")), head, manner)
    if head.status not in closing.CLAIMED:
        return None
    if manner.solved or (manner.came and head.category in AWAITED):
        return closing.confirm(about)
    thanked = turn.reading.kind == "thanks" and head.status == "proposed"
    if told is not None:
        return closing.ask_again(about) if manner.nod or thanked else None
    return closing.ask_again(about) if manner.half_said and head.status == "proposed" else None


def _not_solved(about: Turn, head: Report, manner: Manner) -> list[Reply]:
    """Let work go on, and put what was said besides among the person's own words, which the team hears of."""
    before = head.status
    replies = closing.reopen(about)
    key = keyholders.holder(about.session, head, about.person.id)
    own = reports.by_id(about.session, key.report_id) if key else None
    if before == head.status or own is None or manner.not_solved or manner.again:
        return replies
    awaited_by = about.person.awaited_by_id
    more = report.add_to(about, own)
    hold_open(about, own, keyholders.ANSWER_WINDOW)
    about.person.awaited_by_id = awaited_by
    return [*replies, *(reply for reply in more if reply.to is not None)]


def _asks(turn: Turn, mine: Report) -> list[Reply]:
    head = backing.joint(turn, mine) or mine
    return closing.ask_again(turn.but(args=(str(head.id),)))


def _may_answer(turn: Turn, head: Report) -> bool:
    """Whether the words of this person can say how a report stands: as long as a button could."""
    lately = head.closed_at is not None and turn.now - head.closed_at <= keyholders.LATE
    open_to = head.status in closing.CLAIMED or (head.status == "closed_confirmed" and lately)
    return open_to and keyholders.holder(turn.session, head, turn.person.id) is not None


def _waiting(turn: Turn) -> list[Report]:
    """The person's own reports that wait for an answer, or whose head does."""
    own = (row for row in reports.of_person(turn.session, turn.person.id) if row.erased_at is None)
    return [row for row in own if (backing.joint(turn, row) or row).status == "proposed"]


def reminds(turn: Turn, newest: Report, manner: Manner) -> bool:
    """Whether somebody says long after telling it that nothing has been done yet: that is no report of its own."""
    waits = newest.status not in reports.OVER and _told_of(turn) is None
    return waits and manner.not_solved and not _other(turn, newest) and not alarm.concerns(turn)


def _tells_another(turn: Turn, head: Report) -> bool:
    """Whether words that come long after the question are surely about something else."""
    asked = head.closed_at or head.proposed_at
    most = keyholders.LATE if head.status == "closed_confirmed" else silence.SILENCE
    late = asked is None or turn.now - asked > most
    return late or _other(turn, head)


def _other(turn: Turn, told: Report) -> bool:
    known = (told.category, turn.desk.reader.taxonomy.fallback)
    return turn.reading.sure and turn.reading.category not in known


def _told_of(turn: Turn) -> Report | None:
    """The report that what is said now would belong to, also where it was closed meanwhile."""
    person = turn.person
    if person.open_report_id is None or person.quiet_until is None or person.quiet_until < turn.now:
        return None
    return reports.by_id(turn.session, person.open_report_id)
