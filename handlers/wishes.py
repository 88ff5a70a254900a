"""How somebody wants a report of theirs to be treated: told for another one, without the exact place, without news."""

from __future__ import annotations

from handlers import closing, hiding
from handlers.answering import not_yours, own
from handlers.messages import Button, Reply
from handlers.turn import Turn
from storage import audit
from storage.models import Report

HOUSE = "house"  # somebody who lives with the reporter and shares the telephone


def more(turn: Turn) -> list[Reply]:
    """What else can be wished for."""
    report = own(turn)
    return not_yours(turn) if report is None else [_how_it_stands(turn, report)]


def behalf(turn: Turn) -> list[Reply]:
    """Told for somebody else in the house, or not."""
    report = own(turn)
    if report is None:
        return not_yours(turn)
    wanted = HOUSE if _wants(turn) else ""
    if report.on_behalf != wanted:
        report.on_behalf = wanted
        _note(turn, report, "behalf")
    return [_how_it_stands(turn, report)]


def hide(turn: Turn) -> list[Reply]:
    """Let officers see the tambon only, or the exact place again."""
    report = own(turn)
    if report is None:
        return not_yours(turn)
    if report.hidden != _wants(turn):
        report.hidden = _wants(turn)
        hiding.show(turn.desk, turn.session, report)
        _note(turn, report, "hidden" if report.hidden else "unhidden")
    return [_how_it_stands(turn, report)]


def _wants(turn: Turn) -> bool:
    """A button says what is wanted, so that pressing it twice does not undo it."""
    return turn.number(1) == 1


def _note(turn: Turn, report: Report, act: str) -> None:
    audit.note(turn.session, f"wish.{act}", "report", turn.now, actor_id=turn.person.id, subject_id=report.id)
    report.updated_at = turn.now


def _how_it_stands(turn: Turn, report: Report) -> Reply:
    place = turn.say("change.place_hidden" if report.hidden else "change.place_shown")
    whose = turn.say("change.for_house" if report.on_behalf else "change.for_self")
    buttons: list[Button] = [
        turn.press("place_show" if report.hidden else "place_hide", "rep.hide", report.id, int(not report.hidden)),
        turn.press("for_self" if report.on_behalf else "for_house", "rep.for", report.id, int(not report.on_behalf)),
    ]
    buttons += closing.cancel_button(turn, report)
    text = turn.say("change.stands", code=report.code, place=place, whose=whose)
    return Reply(text, buttons=(*buttons, turn.press("look", "rep.show", report.id)))
