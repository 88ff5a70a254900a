"""Reports of which nobody has said yet in which province they lie: what is said meanwhile, and places of one name."""

from __future__ import annotations

from dataclasses import replace

from handlers import asking, closing, pins
from handlers import help as kind_words
from handlers import report as telling
from handlers.messages import Button, Reply
from handlers.turn import Turn
from nlp.reading import FoundPlace
from storage import people
from storage.models import Report


def said(turn: Turn, report: Report) -> list[Reply]:
    """Keep words that name no province with the report, and offer the provinces below; the question comes once more.

    Who did not mean to report anything, or says good-bye, is answered as that.
    """
    manner = turn.desk.reader.manner(turn.incoming.text)
    if manner.not_meant:
        return closing.cancel(turn.but(args=(str(report.id),)))
    if manner.nod or manner.greets or manner.leaves:
        return kind_words.nod(turn, report)
    replies = telling.add_to(turn, report)
    mine = [at for at, reply in enumerate(replies) if reply.to is None]
    if report.province or not mine:
        return replies
    last = replies[mine[-1]]
    codes = asking.tambons_here(turn, turn.incoming.text, answered=True)
    question = turn.say("ask.which") if codes else _once_more(turn)
    buttons = (*_ways(turn, report, codes), *last.buttons)
    text = f"{last.text}\n{question}" if question and not last.card else last.text
    return [*replies[: mine[-1]], replace(last, text=text, buttons=buttons), *replies[mine[-1] + 1 :]]


def pinned(turn: Turn, report: Report) -> list[Reply]:
    """Keep a pin that lies in a province that does not take part, and say who helps there."""
    pins.settle(turn, report)
    people.set_dialogue(turn.session, turn.person.id, "", {}, turn.now)
    return [asking.not_here(turn)]


def elsewhere(turn: Turn, place: FoundPlace | None, text: str) -> bool:
    """Whether an answer names a place that cannot be one of ours: no mere village, and no tambon that we have too."""
    if place is None or not place.province_code:
        return False
    plain = turn.desk.reader.locate(text, None)
    village_only = bool(place.village) and (plain is None or plain.province_code != place.province_code)
    return not village_only and not asking.tambons_here(turn, text, answered=True)


def _ways(turn: Turn, report: Report, codes: list[str]) -> list[Button]:
    return [*asking.which_tambon(turn, report, codes)[1], *asking.province_buttons(turn, report)]


def _once_more(turn: Turn) -> str:
    """The question after the province, the second time it is said; '' from then on."""
    name, data = people.dialogue_of(turn.session, turn.person.id)
    if name != "ask" or data.get("again"):
        return ""
    people.set_dialogue(turn.session, turn.person.id, name, {**data, "again": 1}, turn.now)
    return turn.say("ask.province")
