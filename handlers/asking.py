"""The one question that may come back with a receipt, and what its answer does."""

from __future__ import annotations

from handlers.filing import settle_place
from handlers.messages import Button, Reply
from handlers.provinces import Province
from handlers.turn import Turn
from handlers.wording import category_name, core_name, place_name
from nlp.reading import FoundPlace
from storage import people, reports
from storage.models import Report

SHORT = 60  # letters: what is longer tells more than where something is


def question(turn: Turn, report: Report, *, elsewhere: bool) -> tuple[str, tuple[Button, ...]]:
    """The one question of a fresh report, with its buttons; ('', ()) when nothing needs asking.

    What it is about comes before where it is: words, then category, then province, then place.
    """
    place = turn.reading.place
    if report.sensitive == "self_harm":
        return "", ()  # nobody in that need is asked for particulars
    if not turn.incoming.text:
        return _ask(turn, report, "text", "ask.text")
    if not report.sure:
        return _ask(turn, report, "category", "ask.category", *category_buttons(turn, report))
    if not report.province and not elsewhere:
        provinces = turn.desk.directory.provinces.values()
        buttons = [
            Button(p.name(turn.lang), postback=turn.desk.postback("rep.prov", report.id, p.slug)) for p in provinces
        ]
        return _ask(turn, report, "province", "ask.province", *buttons)
    if place is not None and place.candidates and not place.tambon_code:
        return _ask(
            turn, report, "place", "ask.which", *(tambon_button(turn, report, code) for code in place.candidates[:6])
        )
    if not report.tambon_code and not report.amphoe_code and report.place_sealed is None and not elsewhere:
        return _ask(turn, report, "place", "ask.place", location(turn), turn.press("skip", "rep.skip", report.id))
    return "", ()


def _ask(turn: Turn, report: Report, about: str, key: str, *buttons: Button) -> tuple[str, tuple[Button, ...]]:
    people.set_dialogue(turn.session, turn.person.id, "ask", {"report": report.id, "about": about}, turn.now)
    return turn.say(key, code=report.code), buttons


def location(turn: Turn) -> Button:
    """A button that opens the location picker."""
    return Button(turn.say("button.location"), ask="location")


def camera(turn: Turn) -> Button:
    """A button that opens the camera."""
    return Button(turn.say("button.camera"), ask="camera")


def category_buttons(turn: Turn, report: Report) -> list[Button]:
    """The three best categories and 'other', each named as the province names it."""
    fallback = turn.desk.reader.taxonomy.fallback
    slugs = [slug for slug, _ in report.alternatives if slug != fallback][:3]
    named = {slug: core_name(turn.desk, slug, turn.lang) for slug in slugs}
    buttons = [Button(name, postback=turn.desk.postback("rep.cat", report.id, slug)) for slug, name in named.items()]
    return [*buttons, turn.press("other", "rep.cat", report.id, fallback)]


def tambon_button(turn: Turn, report: Report, code: str) -> Button:
    """A button for one of several tambons of the same name."""
    names = turn.desk.reader.place_names(code)
    label = turn.say("place.choice", tambon=names.tambon, amphoe=names.amphoe)
    return Button(label, postback=turn.desk.postback("rep.tam", report.id, code))


def answer(turn: Turn) -> list[Reply] | None:
    """Take a message as the answer to the question that was asked; None when it is not one."""
    name, data = people.dialogue_of(turn.session, turn.person.id)
    private_chat = not turn.incoming.group
    report = reports.by_id(turn.session, int(data["report"])) if name == "ask" and private_chat else None
    if report is None or report.erased_at is not None:
        return None
    people.set_dialogue(turn.session, turn.person.id, "", {}, turn.now)
    if turn.incoming.pin is not None:
        settle_place(turn.session, report, None, turn.incoming.pin)
        return noted(turn, report)
    text = turn.incoming.text.strip()
    if not text:
        return None
    about = data["about"]
    if about == "text":  # however late: these are the words for the picture or pin that came without any
        turn.person.open_report_id, turn.person.quiet_until = report.id, turn.now
        return None
    if about == "province" and (province := _province_named(turn, text)):
        return _set_province(turn, report, province)
    if about == "place" and len(text) <= SHORT:
        return _place_said(turn, report, text)
    if about == "category" and (slug := _category_named(turn, report, text)):
        return _set_category(turn, report, slug)
    return None


def _place_said(turn: Turn, report: Report, text: str) -> list[Reply] | None:
    province = turn.desk.province(report.province)
    place = turn.desk.reader.locate(text, province.code if province else None)
    if place is None and turn.reading.kind in ("thanks", "chitchat", "spam"):
        return None
    if place is None and turn.reading.category != turn.desk.reader.taxonomy.fallback and turn.reading.sure:
        return None  # they did not answer, they told us something else
    if place is None:
        place = FoundPlace(province_code=province.code if province else "", village=text, words=text)
    settle_place(turn.session, report, place, None)
    if not report.province and (named := turn.desk.directory.by_code(place.province_code)):
        report.province = turn.person.province = named.slug
    return noted(turn, report)


def _province_named(turn: Turn, text: str) -> Province | None:
    return next((p for p in turn.desk.directory.provinces.values() if p.name_th in text or p.name_en in text), None)


def _category_named(turn: Turn, report: Report, text: str) -> str:
    slugs = [slug for slug, _ in report.alternatives]
    if text.isdigit() and 0 < int(text) <= len(slugs):
        return str(slugs[int(text) - 1])
    return next((slug for slug in slugs if core_name(turn.desk, slug, turn.lang) == text), "")


def _own(turn: Turn) -> Report | None:
    """The report of a button, if the one who pressed it may change it."""
    report = reports.by_id(turn.session, turn.number())
    if report is None or report.erased_at is not None:
        return None
    return report if turn.person.id in (report.reporter_id, report.relayed_by_id) else None


def not_yours(turn: Turn) -> list[Reply]:
    """A button of somebody else's report, or of one that is gone."""
    return [turn.reply("oops.not_yours", turn.word("new"), turn.word("status"))]


def choose_category(turn: Turn) -> list[Reply]:
    """The reporter chose a category by button."""
    report = _own(turn)
    slug = turn.args[1] if len(turn.args) > 1 else ""
    if report is None or slug not in turn.desk.reader.taxonomy.slugs:
        return not_yours(turn)
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
    """The reporter chose a province by button."""
    report = _own(turn)
    province = turn.desk.province(turn.args[1]) if len(turn.args) > 1 else None
    if report is None or province is None:
        return not_yours(turn)
    return _set_province(turn, report, province)


def _set_province(turn: Turn, report: Report, province: Province) -> list[Reply]:
    report.province = turn.person.province = province.slug
    place = turn.desk.reader.locate(reports.words_of(turn.session, report.id), province.code)
    settle_place(turn.session, report, place, None)
    return noted(turn, report)


def choose_tambon(turn: Turn) -> list[Reply]:
    """The reporter chose one of several tambons by button."""
    report = _own(turn)
    code = turn.args[1] if len(turn.args) > 1 else ""
    if report is None or not turn.desk.reader.place_names(code).tambon:
        return not_yours(turn)
    report.tambon_code, report.amphoe_code, report.place_source = code, code[:4], "person"
    return noted(turn, report)


def skip(turn: Turn) -> list[Reply]:
    """The reporter does not want to answer: the report stands."""
    report = _own(turn)
    if report is None:
        return not_yours(turn)
    people.set_dialogue(turn.session, turn.person.id, "", {}, turn.now)
    return [turn.reply("ask.skipped", turn.word("new"), turn.word("status"), code=report.code)]


def wrong(turn: Turn) -> list[Reply]:
    """The reporter says that it was understood wrongly: offer the other categories."""
    report = _own(turn)
    if report is None:
        return not_yours(turn)
    text, buttons = _ask(turn, report, "category", "ask.category", *category_buttons(turn, report))
    return [Reply(text, buttons=buttons)]


def noted(turn: Turn, report: Report) -> list[Reply]:
    """An answer was noted; say what stands now."""
    people.set_dialogue(turn.session, turn.person.id, "", {}, turn.now)
    said = f"{turn.say('ask.noted', code=report.code)}\n{understood(turn, report)}".strip()
    return [Reply(said, buttons=(turn.word("new"), turn.word("status")))]


def understood(turn: Turn, report: Report) -> str:
    """What is understood of a report, in two lines; of a private one nothing is repeated."""
    if report.private:
        return ""
    where = place_name(turn.session, turn.desk, report, turn.lang, exact=True) or turn.say("place.unknown")
    return turn.say("ask.understood", category=category_name(turn.desk, report, turn.lang), place=where)
