"""What the answer to our question does, by words or by button."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from handlers import asking, backing, closing, no_province, pins, privacy, righting
from handlers import report as telling
from handlers.filing import settle_place
from handlers.messages import Reply
from handlers.provinces import Province
from handlers.turn import Turn
from handlers.wording import core_name
from nlp.reading import FoundPlace
from storage import inbox, people, reports
from storage.models import Report

BRIEF, LONG = timedelta(hours=1), timedelta(days=1)  # in which a question is still what is answered
MENU = timedelta(minutes=15)  # in which words under the menu of what can be put right belong to it
SHORT = 60  # letters: what is longer tells more than where something is


def answer(turn: Turn) -> list[Reply] | None:
    """Take a message as the answer to the question that was asked; None when it is not one."""
    name, data = people.dialogue_of(turn.session, turn.person.id)
    report = reports.by_id(turn.session, int(data["report"])) if name == "ask" and not turn.incoming.group else None
    if report is None:
        return None
    if report.erased_at is not None or report.status in reports.OVER or _lapsed(turn, data):
        people.set_dialogue(turn.session, turn.person.id, "", {}, turn.now)
        return None
    if turn.incoming.media:
        return telling.add_to(turn, report) if _menu_shown(turn, data) else None
    about, text = data["about"], turn.incoming.text.strip()
    if turn.incoming.pin is not None and not text:
        return _pinned(turn, report, about)
    if not text or turn.reading.kind in ("thanks", "spam"):
        return None  # the question stays open
    if about == "text":  # an hour later too: these are the words for the picture or pin that came without any
        people.set_dialogue(turn.session, turn.person.id, "", {}, turn.now)
        turn.person.open_report_id, turn.person.quiet_until = report.id, turn.now
        return None
    if about == "same":
        return backing.worded(turn, report, reports.by_id(turn.session, int(data["other"])))
    if about == "words":
        return _words_said(turn, report)
    if about == "province" and len(text) <= SHORT:
        return _province_said(turn, report, text)
    if about == "place" and len(text) <= SHORT:
        return _place_said(turn, report, text)
    if about == "fix" and (not_fixed := _fixed(turn, report, data, text)) is not None:
        return not_fixed
    if about == "category" and (slug := _category_named(turn, report, text)):
        return _set_category(turn, report, slug)
    return None


def _lapsed(turn: Turn, data: Mapping[str, Any]) -> bool:
    """Whether a question was asked so long ago that what is said now answers it no more."""
    at = data.get("at")
    return bool(at) and turn.now - datetime.fromisoformat(str(at)) > (
        BRIEF if data["about"] in ("words", "same") else LONG
    )


def _menu_shown(turn: Turn, data: Mapping[str, Any]) -> bool:
    """Whether what can be put right was shown last, some minutes ago."""
    return data["about"] == "fix" and turn.now - datetime.fromisoformat(str(data["at"])) <= MENU


def _pinned(turn: Turn, report: Report, about: str) -> list[Reply]:
    """A pin belongs to the report that something was asked of; it answers where it is, and maybe in which province."""
    place = pins.told(turn, None)
    named = turn.desk.directory.by_code(place.province_code) if place and not report.province else None
    if about == "province" and pins.elsewhere(turn, place):
        return no_province.pinned(turn, report)
    if about not in ("place", "fix") and named is None:
        return telling.add_to(turn, report)
    newer = [turn.reply("ask.newer_pin")] if pins.settle(turn, report) else []
    if named is not None:
        report.province = turn.person.province = named.slug
    return [*newer, *noted(turn, report)]


def _fixed(turn: Turn, report: Report, data: Mapping[str, Any], text: str) -> list[Reply] | None:
    """Words under the menu of what can be put right: an issue, the new place, or something to add."""
    if not report.for_roster and (slug := _category_named(turn, report, text)):
        return _set_category(turn, report, slug)
    if not _menu_shown(turn, data) or (turn.reading.kind == "chitchat" and turn.desk.reader.manner(text).nod):
        return None
    place = righting.named(turn, report, text) if len(text) <= SHORT else None
    if place is None or _tells_something_else(turn, None):
        people.set_dialogue(turn.session, turn.person.id, "", {}, turn.now)
        return telling.add_to(turn, report)
    return _place_said(turn, report, text)


def _tells_something_else(turn: Turn, place: FoundPlace | None) -> bool:
    """Whether somebody did not answer but told us more: then it belongs to the report, or is one.

    Who names a place in the same breath is believed to answer only while the report is still open in the chat.
    """
    telling = turn.reading.kind not in ("chitchat", "question") and turn.reading.sure
    telling = telling and turn.reading.category != turn.desk.reader.taxonomy.fallback
    quiet = turn.person.quiet_until
    return telling and (place is None or quiet is None or quiet < turn.now)


def _province_said(turn: Turn, report: Report, text: str) -> list[Reply] | None:
    place = turn.desk.reader.locate_answer(text, None)
    province = turn.desk.directory.by_code(place.province_code) if place and place.province_code else None
    if province is None and no_province.elsewhere(turn, place, text):
        _keep_words(turn, report, text)
        settle_place(turn.session, report, place, None)
        people.set_dialogue(turn.session, turn.person.id, "", {}, turn.now)
        return [asking.not_here(turn)]
    if province is None:
        if _tells_something_else(turn, place):
            return None
        return no_province.said(turn, report)
    _keep_words(turn, report, text)
    return _set_province(turn, report, province, text)


def _place_said(turn: Turn, report: Report, text: str) -> list[Reply] | None:
    province = turn.desk.province(report.province)
    place = turn.desk.reader.locate_answer(text, province.code if province else None)
    if _tells_something_else(turn, place):
        return None
    if place is None and (not_told := _tells_no_place(turn, report, text)) is not None:
        return not_told or None
    if place is None:
        village = turn.desk.reader.village(text) or text
        place = FoundPlace(province_code=province.code if province else "", village=village, words=text)
    if place.candidates and not place.tambon_code:
        key, buttons = asking.which_tambon(turn, report, place.candidates)
        return asking.again(turn, report, "place", key, *buttons)
    _keep_words(turn, report, text)
    righting.put(turn, report, place)
    if not report.province and (named := turn.desk.directory.by_code(place.province_code)):
        report.province = turn.person.province = named.slug
    return noted(turn, report)


def _tells_no_place(turn: Turn, report: Report, text: str) -> list[Reply] | None:
    """What to say to words that can be no village's name; [] where they go on as what they are; None where they can."""
    manner = turn.desk.reader.manner(text)
    if manner.no_idea:
        _answered(turn)
        return [turn.reply("ask.skipped", turn.word("new"), turn.word("status"), code=report.code)]
    named = manner.place_word or (not report.for_roster and len(text) <= righting.BARE and " " not in text)
    said_else = manner.nod or manner.when or manner.not_a_place or manner.phone
    return None if named and not said_else else []


def _words_said(turn: Turn, report: Report) -> list[Reply]:
    """New words for a report, in place of all that were said before."""
    reports.replace_words(turn.session, report, turn.incoming.text, turn.now, message=_key(turn))
    told = telling.reread(turn, report)
    reports.add_event(turn.session, report.id, "edited", turn.now, actor_id=turn.person.id)
    return [*told.first, *noted(turn, report), *told.others]


def _keep_words(turn: Turn, report: Report, text: str) -> None:
    """An answer is part of what was said: it can be read, and taken back, like the rest."""
    reports.add_part(turn.session, report, text, turn.now, message=_key(turn))


def _key(turn: Turn) -> bytes | None:
    return inbox.message_key(turn.session, turn.incoming.channel, turn.incoming.message_id)


def _category_named(turn: Turn, report: Report, text: str) -> str:
    slugs = [slug for slug, _ in report.alternatives]
    if text.isdigit() and 0 < int(text) <= len(slugs):
        return str(slugs[int(text) - 1])
    every = (*slugs, *turn.desk.reader.taxonomy.slugs)
    return next((slug for slug in every if core_name(turn.desk, slug, turn.lang) == text), "")


def own(turn: Turn) -> Report | None:
    """The report of a button, if the one who pressed it may change it."""
    report = reports.by_id(turn.session, turn.number())
    if report is None or report.erased_at is not None:
        return None
    return report if turn.person.id in (report.reporter_id, report.relayed_by_id) else None


def changeable(turn: Turn) -> Report | None:
    """The report of a button, if the one who pressed it may change it and it is not over."""
    report = own(turn)
    return report if report and report.status not in reports.CLOSED else None


def not_yours(turn: Turn) -> list[Reply]:
    """A button of somebody else's report, or of one that is gone."""
    return [turn.reply("oops.not_yours", turn.word("new"), turn.word("status"))]


def refused(turn: Turn) -> list[Reply]:
    """A button of a report that is somebody else's, gone, over, or joined to another."""
    report = own(turn)
    if report is None:
        return not_yours(turn)
    if report.status == "duplicate":
        return [closing.joined(turn, report)]
    look = turn.press("look", "rep.show", report.id)
    return [turn.reply("change.over", look, turn.word("new"), code=report.code)]


def choose_category(turn: Turn) -> list[Reply]:
    """The reporter chose a category by button."""
    report = changeable(turn)
    slug = turn.args[1] if len(turn.args) > 1 else ""
    if report is None or slug not in turn.desk.reader.taxonomy.slugs:
        return refused(turn)
    return _set_category(turn, report, slug)


def _set_category(turn: Turn, report: Report, slug: str) -> list[Reply]:
    if (report.category, report.decided_by) != (slug, "person"):
        old = report.category
        report.category, report.sub, report.decided_by, report.sure = slug, "", "person", True
        reports.add_event(
            turn.session, report.id, "category", turn.now, actor_id=turn.person.id, old=old, new=slug, by="person"
        )
    return noted(turn, report)


def choose_province(turn: Turn) -> list[Reply]:
    """The reporter chose a province by button, or said that it is none of these."""
    report = changeable(turn)
    slug = turn.args[1] if len(turn.args) > 1 else ""
    province = turn.desk.province(slug)
    if report is None or (slug and province is None):
        return refused(turn)
    if province is None:
        _answered(turn)
        return [asking.not_here(turn)]
    return _set_province(turn, report, province, reports.words_of(turn.session, report.id))


def _set_province(turn: Turn, report: Report, province: Province, text: str) -> list[Reply]:
    report.province = turn.person.province = province.slug
    words = reports.words_of(turn.session, report.id)
    place = turn.desk.reader.locate_answer(text, province.code) or turn.desk.reader.locate(words, province.code)
    settle_place(turn.session, report, place, None)
    said = noted(turn, report)
    if place is None or place.tambon_code or not place.candidates:
        return said
    key, buttons = asking.which_tambon(turn, report, place.candidates)
    return [*said, *asking.again(turn, report, "place", key, *buttons)]


def choose_tambon(turn: Turn) -> list[Reply]:
    """The reporter chose one of several tambons by button."""
    report = changeable(turn)
    code = turn.args[1] if len(turn.args) > 1 else ""
    if report is None or not turn.desk.reader.place_names(code).tambon:
        return refused(turn)
    place = FoundPlace(province_code=code[:2], amphoe_code=code[:4], tambon_code=code)
    settle_place(turn.session, report, place, None, instead=True)
    if not report.province and (named := turn.desk.directory.by_code(code[:2])):
        report.province = turn.person.province = named.slug
    return noted(turn, report)


def skip(turn: Turn) -> list[Reply]:
    """The reporter does not want to answer: the report stands."""
    report = own(turn)
    if report is None:
        return not_yours(turn)
    _answered(turn)
    return [turn.reply("ask.skipped", turn.word("new"), turn.word("status"), code=report.code)]


def wrong(turn: Turn) -> list[Reply]:
    """The reporter says that it was understood wrongly: offer the other categories."""
    report = changeable(turn)
    if report is None:
        return refused(turn)
    return asking.again(turn, report, "category", "ask.category", *asking.category_buttons(turn, report))


def noted(turn: Turn, report: Report) -> list[Reply]:
    """An answer was noted; say what stands now."""
    _answered(turn)
    said = f"{turn.say('ask.noted', code=report.code)}\n{asking.understood(turn, report)}".strip()
    question, answers = privacy.health_question(turn, report)
    if question:
        return [Reply(said), Reply(question, buttons=answers)]
    return [Reply(said, buttons=(turn.word("new"), turn.word("status")))]


def _answered(turn: Turn) -> None:
    if people.dialogue_of(turn.session, turn.person.id)[0] == "ask":
        people.set_dialogue(turn.session, turn.person.id, "", {}, turn.now)
