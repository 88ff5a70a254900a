"""What a reporter puts right, two taps from the receipt: issue, place, words; and what is added later."""

from __future__ import annotations

from datetime import timedelta

from handlers import asking, closing, righting
from handlers import report as telling
from handlers.answering import changeable, own, refused
from handlers.belonging import hold_open
from handlers.messages import Button, Card, Reply, Row
from handlers.turn import Turn, spoken
from handlers.wording import core_name
from storage import reports

ADDING = timedelta(minutes=15)  # in which what comes belongs to the report that somebody wants to add to


def fix(turn: Turn) -> list[Reply]:
    """What can be put right: the likely issues at once, so that choosing one is the second tap."""
    report = changeable(turn)
    if report is None:
        return refused(turn)
    buttons: list[Button] = []
    if not report.for_roster:
        buttons += asking.other_categories(turn, report)
    asking.ask_fix(turn, report)
    buttons += [turn.press("fix_place", "rep.place", report.id), turn.press("fix_words", "rep.words", report.id)]
    return [turn.reply("change.what", *buttons, *closing.cancel_button(turn, report), code=report.code)]


def categories(turn: Turn) -> list[Reply]:
    """Every category, a line each."""
    report = changeable(turn)
    if report is None or report.for_roster:
        return refused(turn)
    taxonomy = turn.desk.reader.taxonomy
    rows = tuple(
        Row("", core_name(turn.desk, slug, turn.lang), turn.desk.postback("rep.cat", report.id, slug))
        for slug in taxonomy.slugs
    )
    shown = Card(turn.say("ask.category", code=report.code), rows, "case")
    return [Reply(spoken(shown), card=shown, buttons=(turn.press("look", "rep.show", report.id),))]


def place(turn: Turn) -> list[Reply]:
    """Ask where it is, anew."""
    report = changeable(turn)
    if report is None:
        return refused(turn)
    return asking.again(turn, report, "place", "ask.place", asking.location(turn))


def words(turn: Turn) -> list[Reply]:
    """Ask for the words, anew."""
    report = changeable(turn)
    if report is None:
        return refused(turn)
    return asking.again(turn, report, "words", "change.words")


def in_words(turn: Turn) -> list[Reply] | None:
    """Somebody says that a place is wrong, and which is right, without any button; None where they do not."""
    incoming, text = turn.incoming, turn.incoming.text.strip()
    if incoming.group or incoming.media or incoming.pin or not text or not righting.corrects(turn, text):
        return None
    found = righting.meant(turn, text)
    place = righting.named(turn, found, text) if found else None
    if found is None or (place is None and not turn.desk.reader.manner(text).pin_wrong):
        return None
    replies = telling.add_to(turn, found)
    if (
        place is None and not found.amphoe_code and found.place_sealed is None
    ):  # with the pin all is gone that was known
        return [*replies, *asking.again(turn, found, "place", "ask.place", asking.location(turn))]
    if place is None or place.tambon_code or not place.candidates:
        return replies
    key, buttons = asking.which_tambon(turn, found, place.candidates)
    return [*replies, *asking.again(turn, found, "place", key, *buttons)]


def add(turn: Turn) -> list[Reply]:
    """Let what comes next belong to a report that was told earlier."""
    report = own(turn)
    if report is None or report.status in reports.OVER:
        return refused(turn)
    hold_open(turn, report, ADDING)
    pickers = asking.camera(turn), asking.voice(turn), asking.location(turn)
    return [turn.reply("change.add", *pickers, code=report.code)]
