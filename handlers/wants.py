"""What somebody wants of us in plain words, where others would tap: it must not become a line of their report."""

from __future__ import annotations

from handlers import alarm, backing, belonging, closing, confided, forum, privacy, soothing, verdict
from handlers.desk import ANSWER_WITHIN
from handlers.messages import Reply
from handlers.turn import Turn
from handlers.wording import status_name
from nlp.manner import Manner
from storage import people, reports
from storage.models import Report

SHORT = 45  # letters: what is longer tells something, whatever else it wants
VERDICT = 140  # letters: who says that nothing is solved often says why
PLEA = 25  # letters of a mere question who gets to know, or of the wish that nobody does


def plainly(turn: Turn) -> list[Reply] | None:
    """Do what a short message wants; None where it wants nothing of the kind."""
    incoming = turn.incoming
    text = incoming.text.strip()
    if incoming.group or incoming.media or incoming.pin or not text or len(text) > VERDICT:
        return None
    manner = turn.desk.reader.manner(text)
    mine = _newest(turn)
    if len(text) > SHORT:
        return verdict.said(turn, mine, manner)
    if mine is not None and manner.not_same and backing.joint(turn, mine):
        return backing.part(turn, mine)
    if judged := verdict.said(turn, mine, manner):
        return judged
    if mine is not None and verdict.reminds(turn, mine, manner):
        return [how_it_stands(turn, mine)]
    if alarm.concerns(turn) or turn.reading.place is not None:
        return None
    if manner.asks_who_sees:
        return [_who_sees(turn, mine)]
    if manner.wants_a_person:
        return [turn.reply("help.person", turn.word("status") if mine else turn.word("new"))]
    if mine is not None and manner.asks_state and not _tells_of_another(turn, mine):
        return [how_it_stands(turn, mine)]
    return None


def _tells_of_another(turn: Turn, mine: Report) -> bool:
    """Whether a question tells of a trouble that is not the one told before: then it is a report, whatever it asks."""
    reading = turn.reading
    about_something = reading.sure and reading.category != turn.desk.reader.taxonomy.fallback
    return about_something and (reading.category != mine.category or belonging.open_report(turn) is None)


def taken_back(turn: Turn) -> list[Reply] | None:
    """The wish to take something back comes before what else is in the message: a frightened child asks so."""
    if turn.incoming.group or len(turn.incoming.text) > SHORT or turn.reading.urgency == "emergency":
        return None
    if turn.reading.sensitive == "self_harm" or forum.current(turn) is not None or _is_asked(turn):
        return None
    manner = turn.desk.reader.manner(turn.incoming.text.strip())
    if turn.incoming.media:
        return None
    if manner.asks_gone and confided.lately(turn) is not None:
        return None
    if manner.wants_out:
        return _out(turn, manner)
    # Whoever told a secret and begs that nobody be told has not told another one.
    mine = _newest(turn) if manner.asks_who_sees and len(turn.incoming.text) <= PLEA else None
    secret = mine is not None and mine.for_roster and mine.status not in reports.OVER
    return [_who_sees(turn, mine)] if secret else None


def _is_asked(turn: Turn) -> bool:
    """Whether an officer was asked for words: those go to a villager, whatever they say."""
    return people.dialogue_of(turn.session, turn.person.id)[0] in ("case", "digest")


def how_it_stands(turn: Turn, report: Report) -> Reply:
    """In one sentence: how a report stands and until when it is answered."""
    head = backing.joint(turn, report) or report
    look = turn.press("look", "rep.show", report.id)
    key = "status.stands_by" if head.status == "received" and head.province else "status.stands"
    name = (
        backing.stands_as(turn, head, yours=True)
        if head is not report
        else status_name(turn.desk, head, turn.lang, yours=True)
    )
    return turn.reply(key, look, code=report.code, status=name, date=turn.date(head.created_at + ANSWER_WITHIN))


def _out(turn: Turn, manner: Manner) -> list[Reply]:
    people.set_dialogue(turn.session, turn.person.id, "", {}, turn.now)
    mine = None if manner.all_of_it else _newest(turn)
    if mine is not None and mine.for_roster and mine.status in reports.OVER:
        return [soothing.gone(turn, mine)]
    if mine is None or mine.status in reports.OVER:
        return privacy.data(turn)
    return closing.cancel(turn.but(args=(str(mine.id),)))


def _who_sees(turn: Turn, mine: Report | None) -> Reply:
    if mine is not None and mine.for_roster:
        return turn.reply("lane.who_sees", *closing.cancel_button(turn, mine), turn.word("data"))
    return privacy.notice(turn)[0]


def _newest(turn: Turn) -> Report | None:
    """The report that somebody talks of: the one still open in the chat, else the one told last."""
    told = belonging.open_report(turn) or reports.newest_of(turn.session, turn.person.id)
    return told if told is not None and told.erased_at is None and told.reporter_id == turn.person.id else None
