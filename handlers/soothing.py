"""Fear and questions after a secret was told: a short true answer, and no line in anybody's list."""

from __future__ import annotations

from handlers import alarm, belonging, closing, confided, report
from handlers.messages import Reply
from handlers.turn import Turn
from nlp.manner import Manner
from storage import people, reports
from storage.models import Report

SHORT = 45  # letters: what is longer tells something, whatever else it asks
FEW = 25  # letters: after a secret was taken back so few words are no telling of their own


def heard(turn: Turn) -> list[Reply] | None:
    """Answer what somebody who told a secret within the hour asks or fears; None where it is something else."""
    incoming, text = turn.incoming, turn.incoming.text.strip()
    if incoming.group or incoming.media or incoming.pin or not text or len(text) > SHORT:
        return None
    manner = turn.desk.reader.manner(text)
    if manner.nod or manner.greets or turn.reading.kind in ("thanks", "spam"):
        return None
    told = confided.lately(turn)
    if told is None:
        return None
    now_open = belonging.open_report(turn)
    if now_open is not None and not now_open.for_roster:
        return [_afraid(turn, told)] if manner.afraid else None  # they speak of another trouble by now
    if manner.danger_here:
        about = _as(turn, told)
        return [alarm.hotlines(about), *report.tell(about)]
    if turn.person.awaited_by_id is not None:
        return None  # an officer asked: whatever is said answers them
    if manner.helper:
        return _stands_by(turn, told)
    if answer := _answer(turn, told, manner):
        return [answer]
    judges = manner.not_solved or manner.solved  # whether it was put right is still theirs to say
    return _unclear(turn, told) if told.status in reports.OVER and not judges else None


def gone(turn: Turn, told: Report) -> Reply:
    """What is true of a secret that has ended: who may still see it, and how it goes for good."""
    left = reports.words_of(turn.session, told.id)
    key = "lane.gone" if told.status == "cancelled" else "lane.ended"
    return turn.reply(key if left else "lane.gone_words", turn.word("data"), turn.word("new"))


def _answer(turn: Turn, told: Report, manner: Manner) -> Reply | None:
    over = told.status in reports.OVER
    helps = (*closing.cancel_button(turn, told), turn.word("data"))
    if manner.asks_name:
        return turn.reply("lane.name", *helps)
    if over and (manner.asks_gone or manner.asks_if_seen or manner.asks_who_sees or manner.asks_who_comes):
        return gone(turn, told)
    if manner.asks_gone:
        return turn.reply("lane.not_gone", *helps)
    if manner.asks_if_seen:
        return turn.reply("lane.if_seen", *helps)
    if manner.asks_who_sees:
        return turn.reply("lane.who_sees", *helps)
    if manner.asks_who_comes:
        return turn.reply("lane.who_comes", turn.word("status"), *helps)
    return _afraid(turn, told) if manner.afraid else None


def _afraid(turn: Turn, told: Report) -> Reply:
    over = told.status in reports.OVER
    return turn.reply(
        "lane.afraid_over" if over else "lane.afraid", *closing.cancel_button(turn, told), turn.word("data")
    )


def _as(turn: Turn, told: Report) -> Turn:
    """The same turn, read as being about the secret."""
    return turn.but(reading=confided.secretly(turn.reading, told))


def _stands_by(turn: Turn, told: Report) -> list[Reply]:
    """Who tells that somebody else is in need is told how to help; the words go to the roster."""
    added = report.tell(turn)
    return [alarm.hotlines(_as(turn, told), helper=True), *(reply for reply in added if reply.to)]


def _unclear(turn: Turn, told: Report) -> list[Reply] | None:
    """A few words after a secret was taken back: nothing is kept of them unless its teller wants it."""
    text, name = turn.incoming.text.strip(), people.dialogue_of(turn.session, turn.person.id)[0]
    if name not in ("", "maybe") or len(text) > FEW or turn.reading.place or confided.clear(turn, turn.reading):
        return None
    people.set_dialogue(turn.session, turn.person.id, "maybe", {"text": text}, turn.now)
    key = "lane.let_be" if told.status == "cancelled" else "lane.let_be_ended"
    return [turn.reply(key, turn.press("meant", "maybe.yes"), turn.word("data"))]
