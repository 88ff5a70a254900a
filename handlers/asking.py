"""The one question that may come back with a receipt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from handlers import likely
from handlers.messages import Button, Reply
from handlers.turn import Turn
from handlers.wording import category_name, core_name, place_name
from nlp.reading import FoundPlace
from storage import media, people, reports
from storage.models import Report

OFFERED = 5  # tambons of one name at most, beside the provinces: LINE shows thirteen buttons
LEAST = 0.10  # probability below which a category is not worth offering


def question(turn: Turn, report: Report, *, elsewhere: bool) -> tuple[str, tuple[Button, ...]]:
    """The one question of a fresh report, with its buttons; ('', ()) when nothing needs asking.

    A province comes first, because without it nobody reads the report; then whether somebody else told the same, which
    settles the rest; then what it is about, then where it is.
    """
    if report.sensitive == "self_harm":
        return "", ()  # nobody in that need is asked for particulars
    if not report.province and not elsewhere:
        codes = tambons_here(turn, turn.incoming.text)
        ways = which_tambon(turn, report, codes)[1] + province_buttons(turn, report)
        return _ask(turn, report, "province", "ask.which" if codes else "ask.province", *ways)
    if not turn.incoming.text:
        spoken_only = any(medium.kind == "voice" for medium in turn.incoming.media)
        return _ask(turn, report, "text", "ask.text_voice" if spoken_only else "ask.text", voice(turn))
    if not elsewhere and (other := likely.likest(turn, report)):
        return _same(turn, report, other)
    return unsettled(turn, report, turn.reading.place, elsewhere=elsewhere)


def _same(turn: Turn, report: Report, other: Report) -> tuple[str, tuple[Button, ...]]:
    """Whether a report tells what somebody else told: of theirs the masked summary is shown, and tambon and amphoe.

    Words about a person, named or abused, are not shown to a stranger: in their place stands what it is about.
    """
    buttons = (turn.press("same", "same.yes", report.id, other.id), turn.press("not_same", "same.no", report.id))
    where = place_name(turn.session, turn.desk, other, turn.lang, exact=False)
    if turn.desk.reader.harmless(other.summary):
        key, shown = "backing.ask", {"summary": other.summary, "place": where}
    else:
        key, shown = "backing.ask_about", {"category": core_name(turn.desk, other.category, turn.lang), "place": where}
    return _ask(turn, report, "same", key, *buttons, other=other.id, shown=shown)


def unsettled(
    turn: Turn, report: Report, place: FoundPlace | None, *, elsewhere: bool
) -> tuple[str, tuple[Button, ...]]:
    """What a report is about, else where it is, if either needs asking; `place` is the one that was understood."""
    if not report.sure and not report.private:
        return ask_category(turn, report, category_buttons(turn, report))
    if place is not None and place.candidates and not place.tambon_code:
        key, buttons = which_tambon(turn, report, place.candidates)
        return _ask(turn, report, "place", key, *buttons)
    if not report.tambon_code and not report.amphoe_code and report.place_sealed is None and not elsewhere:
        key = "ask.place_gently" if report.for_roster else "ask.place"
        return _ask(turn, report, "place", key, location(turn), turn.press("skip", "rep.skip", report.id))
    return "", ()


def ask_fix(turn: Turn, report: Report) -> None:
    """Wait for what somebody wants to put right."""
    _ask(turn, report, "fix", "change.what")


def ask_category(turn: Turn, report: Report, buttons: Sequence[Button]) -> tuple[str, tuple[Button, ...]]:
    """Ask what a report is about; ('', ()) where nobody is asked now."""
    return _ask(turn, report, "category", "ask.category", *buttons)


def _ask(
    turn: Turn,
    report: Report,
    about: str,
    key: str,
    *buttons: Button,
    other: int = 0,
    shown: Mapping[str, str] | None = None,
) -> tuple[str, tuple[Button, ...]]:
    if turn.incoming.group or people.dialogue_of(turn.session, turn.person.id)[0] == "forum":
        return "", ()  # in a group nobody is questioned, and a forum that is being noted is not left for a question
    data: dict[str, object] = {"report": report.id, "about": about, "at": turn.now.isoformat()}
    data |= {"other": other} if other else {}
    people.set_dialogue(turn.session, turn.person.id, "ask", data, turn.now)
    return turn.say(key, code=report.code, **(shown or {})), buttons


def again(turn: Turn, report: Report, about: str, key: str, *buttons: Button) -> list[Reply]:
    """Ask something of a report later on, because its reporter wants it changed."""
    text, shown = _ask(turn, report, about, key, *buttons)
    return [Reply(text or turn.say(key, code=report.code), buttons=shown or buttons)]


def pending(turn: Turn) -> Reply | None:
    """The question that somebody has not answered yet, where words are waited for; None when nothing is."""
    name, data = people.dialogue_of(turn.session, turn.person.id)
    report = reports.by_id(turn.session, int(data["report"])) if name == "ask" and not turn.incoming.group else None
    if report is None or report.erased_at is not None:
        return None
    if data["about"] == "text":
        heard = any(medium.kind == "voice" for medium in media.of_report(turn.session, report.id))
        return None if heard else turn.reply("ask.text", voice(turn))
    if data["about"] == "place":
        return turn.reply("ask.place", location(turn), turn.press("skip", "rep.skip", report.id))
    if data["about"] == "category":
        return turn.reply("ask.category", *category_buttons(turn, report), code=report.code)
    if data["about"] == "province":
        return turn.reply("ask.province", *province_buttons(turn, report))
    other = reports.by_id(turn.session, int(data.get("other") or 0))
    if data["about"] != "same" or other is None:
        return None
    question, buttons = _same(turn, report, other)
    return Reply(question, buttons=buttons) if question else None


def location(turn: Turn) -> Button:
    """A button that opens the location picker."""
    return Button(turn.say("button.location"), ask="location")


def camera(turn: Turn) -> Button:
    """A button that opens the camera."""
    return Button(turn.say("button.camera"), ask="camera")


def voice(turn: Turn) -> Button:
    """A button that opens recording where a platform can, and says how to record everywhere."""
    return replace(turn.press("voice", "voice"), ask="voice")


def speak(turn: Turn) -> list[Reply]:
    """How a voice note is recorded; what the chat is in the middle of goes on."""
    return [turn.reply("menu.speak")]


def province_buttons(turn: Turn, report: Report) -> list[Button]:
    """The provinces that take part, and one for those who live elsewhere."""
    provinces = turn.desk.directory.provinces.values()
    buttons = [Button(p.name(turn.lang), postback=turn.desk.postback("rep.prov", report.id, p.slug)) for p in provinces]
    return [*buttons, turn.press("elsewhere", "rep.prov", report.id, "")]


def category_buttons(turn: Turn, report: Report) -> list[Button]:
    """Up to three categories, the unlikely ones only where there is nothing better, and 'other'."""
    other = turn.press("other", "rep.cat", report.id, turn.desk.reader.taxonomy.fallback)
    return [*_best_buttons(turn, report, without=""), other]


def other_categories(turn: Turn, report: Report) -> list[Button]:
    """Up to three categories that a report might have instead of its own, and a way to all of them."""
    without = report.category if report.sure else ""
    return [*_best_buttons(turn, report, without=without), turn.press("all_categories", "rep.cats", report.id)]


def _best_buttons(turn: Turn, report: Report, *, without: str) -> list[Button]:
    hidden = (turn.desk.reader.taxonomy.fallback, without)
    best = [(slug, share) for slug, share in report.alternatives if slug not in hidden]
    likely = [slug for slug, share in best if share >= LEAST] or [slug for slug, _ in best]
    named = {slug: core_name(turn.desk, slug, turn.lang) for slug in likely[:3]}
    return [Button(name, postback=turn.desk.postback("rep.cat", report.id, slug)) for slug, name in named.items()]


def tambons_here(turn: Turn, text: str, *, answered: bool = False) -> list[str]:
    """The tambons of participating provinces that a text may mean which names no province; [] for none or too many.

    `answered`: the text answers a question after the place, and a bare name in it is one.
    """
    reader = turn.desk.reader
    found: list[str] = []
    for province in turn.desk.directory.provinces.values() if text else ():
        place = (reader.locate_answer if answered else reader.locate)(text, province.code)
        if place is not None and place.province_code == province.code:
            codes = (place.tambon_code,) if place.tambon_code else place.candidates
            found += [code for code in codes if reader.place_names(code).tambon in text]
    return found if len(found) <= OFFERED else []


def which_tambon(turn: Turn, report: Report, candidates: Sequence[str]) -> tuple[str, list[Button]]:
    """The question which of several tambons is meant, or whether a doubtful one is, and its buttons."""
    key = "ask.which" if len(candidates) > 1 else "ask.is_it"
    return key, [_tambon_button(turn, report, code) for code in candidates[:6]]


def _tambon_button(turn: Turn, report: Report, code: str) -> Button:
    names = turn.desk.reader.place_names(code)
    label = turn.say("place.choice", tambon=names.tambon, amphoe=names.amphoe)
    return Button(label, postback=turn.desk.postback("rep.tam", report.id, code))


def not_here(turn: Turn) -> Reply:
    """The report lies outside the provinces that take part: it is kept, and somebody else is named."""
    provinces = ", ".join(province.name(turn.lang) for province in turn.desk.directory.provinces.values())
    return turn.reply("ask.elsewhere", provinces=provinces)


def understood(turn: Turn, report: Report) -> str:
    """What is understood of a report, in two lines; of one for the roster nothing is repeated."""
    if report.for_roster:
        return ""
    where = place_name(turn.session, turn.desk, report, turn.lang, exact=True) or turn.say("place.unknown")
    if report.category == turn.desk.reader.taxonomy.fallback and report.decided_by == "model":
        return turn.say("ask.where", place=where)  # that nothing was understood helps nobody
    return turn.say("ask.understood", category=category_name(turn.desk, report, turn.lang), place=where)
