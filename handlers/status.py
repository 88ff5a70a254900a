"""How one's own reports stand."""

from __future__ import annotations

import re
from dataclasses import replace

from pythainlp.util import thai_digit_to_arabic_digit

from handlers import asking, backing, closing, left_behind
from handlers.desk import ANSWER_WITHIN
from handlers.filing import NOWHERE
from handlers.messages import Button, Card, Reply, Row
from handlers.turn import Turn, card, spoken
from handlers.wording import category_name, heading, place_name, status_name
from nlp.spelling import one_edit
from storage import media, reports
from storage.models import Report, ReportEvent

CODE = re.compile(r"^\s*#?\s*(?:([ก-ฮ]{1,3})\s*[-–—_ ]?\s*(\d{4,10})|(\d{5,9}))\s*$")
PAGE = 5
MINE = 100  # of one's newest reports a mistyped code may be


def code_in(text: str) -> tuple[str, str] | None:
    """Letters and digits of a message that is a report code and nothing else; letters '' where left out."""
    found = CODE.match(thai_digit_to_arabic_digit(text)) if len(text) < 40 else None
    return (found[1] or "", found[2] or found[3]) if found else None


def own(turn: Turn) -> list[Reply]:
    """A page of the person's own reports, newest first; below, as many of those that a volunteer relayed."""
    counted, offset = reports.count_of(turn.session, turn.person.id), turn.number()
    totals = counted if turn.role("volunteer") else (counted[0], 0)
    if offset >= max(totals):
        offset = 0  # a page that was there when its button was made
    mine = reports.of_person(turn.session, turn.person.id, PAGE, offset)
    relayed = reports.relayed_by(turn.session, turn.person.id, PAGE, offset) if totals[1] else []
    if not mine and not relayed:
        return [turn.reply("status.none", turn.word("new"))]
    rows = tuple(
        backing.row(turn, report)
        or Row(
            f"{report.code} · {turn.date(report.created_at)}",
            _stands(turn, report),
            turn.desk.postback("rep.show", report.id),
        )
        for report in [*mine, *relayed]
    )
    shown = Card(turn.say("status.title"), rows, "case", turn.say("status.tap"))
    left = sum(max(total - offset - PAGE, 0) for total in totals)
    more = (turn.press("more", "rep.list", offset + PAGE, left=left),) if left else ()
    return [Reply(spoken(shown), card=shown, buttons=(*more, turn.word("new")))]


def _stands(turn: Turn, report: Report) -> str:
    """A line of one's list: how a report stands, and what it is about; of a secret one only the first."""
    stands = _now(turn, report)
    return stands if report.for_roster else f"{stands} — {heading(turn.desk, report, turn.lang)}"


def _now(turn: Turn, report: Report) -> str:
    """How a report stands; of one that joined another that is no more, how that one ended."""
    gone = left_behind.lost(turn.session, report)
    if gone is not None:
        return status_name(turn.desk, gone, turn.lang, holder=False)
    return status_name(turn.desk, report, turn.lang, yours=True)


def find(turn: Turn) -> list[Reply]:
    """A report by its code: one's own, or, for staff, any of theirs. Whose code it is else, is told to nobody."""
    letters, digits = code_in(turn.incoming.text) or ("", "")
    for report in by_code(turn, letters, digits):
        if turn.person.id in (report.reporter_id, report.relayed_by_id):
            return [shown(turn, report)]
    if near := _near(turn, letters, digits):
        return [turn.reply("status.near", turn.press("look", "rep.show", near.id), turn.word("status"), code=near.code)]
    return [turn.reply("status.no_code", turn.word("status"), turn.word("new"))]


def _near(turn: Turn, letters: str, digits: str) -> Report | None:
    """One's own report whose code is one slip away; of others' codes nobody learns that they are near."""
    mine = [*reports.of_person(turn.session, turn.person.id, MINE), *reports.relayed_by(turn.session, turn.person.id)]
    for report in mine:
        own_letters, _, own_digits = report.code.partition("-")
        slip = own_digits == digits or (one_edit(own_digits, digits) and letters in ("", own_letters))
        if slip and report.erased_at is None:
            return report
    return None


def by_code(turn: Turn, letters: str, digits: str) -> list[Report]:
    """The reports that a code may mean: one, unless its letters were left out."""
    known = [province.abbr for province in turn.desk.directory.provinces.values()]
    return reports.by_digits(turn.session, digits, [letters] if letters else [*known, NOWHERE])


def show(turn: Turn) -> list[Reply]:
    """A report by its button."""
    report = reports.by_id(turn.session, turn.number())
    if report is None or turn.person.id not in (report.reporter_id, report.relayed_by_id):
        return [turn.reply("oops.not_yours", turn.word("status"))]
    return [shown(turn, report)]


def shown(turn: Turn, report: Report) -> Reply:
    """One's own report: what was heard, how it stands, what happened; or the one that it joined."""
    joint, head = backing.view(turn, report), backing.joint(turn, report)
    if joint and head:
        return replace(joint, buttons=(*closing.keys(turn, head), *joint.buttons))
    if report.for_roster:
        return _in_secret(turn, report)
    rows = [
        (turn.say("receipt.heard"), report.summary),
        (turn.say("receipt.category"), category_name(turn.desk, report, turn.lang)),
        (turn.say("receipt.place"), place_name(turn.session, turn.desk, report, turn.lang, exact=True)),
        (turn.say("status.now"), _now(turn, report)),
    ]
    if report.status == "received" and report.province:
        rows.append((turn.say("status.by"), turn.date(report.created_at + ANSWER_WITHIN)))
    for event in _told(reports.timeline(turn.session, report.id, public_only=True))[-6:]:
        key = f"event.{event.kind}"
        what = turn.say(key) if turn.desk.texts.has(key) else event.kind
        note = reports.note_of(turn.session, event)
        rows.append((turn.date(event.at), " ".join(part for part in (what, event.agency, note) if part)))
    whole = card(report.code, rows, "case")
    ask = asking.province_buttons(turn, report) if not report.province else []
    lost = left_behind.lost(turn.session, report)
    keys = (left_behind.button(turn, report),) if lost else closing.keys(turn, report)
    buttons: tuple[Button, ...] = (*keys, *ask, *_changes(turn, report), turn.word("new"), turn.word("status"))
    kept = [medium for medium in media.of_report(turn.session, report.id) if medium.state == "kept"]
    if page := turn.desk.page_url(report.id):
        buttons = (*buttons, Button(turn.say("button.page"), url=page))
    pictures = [turn.desk.file_url(medium.id) for medium in kept if medium.kind == "photo"]
    return Reply(spoken(whole), card=whole, buttons=buttons, image=pictures[0] if pictures else "")


def _in_secret(turn: Turn, report: Report) -> Reply:
    """A report for the roster alone: code, day and state. Whoever else holds the phone learns no more."""
    stands = status_name(turn.desk, report, turn.lang, yours=True)
    whole = card(report.code, [(turn.date(report.created_at), stands)], "case")
    ask = asking.province_buttons(turn, report) if not report.province else []
    said = [turn.press("read_answer", "rep.read", report.id)] if _answers(turn, report) else []
    keys = closing.keys(turn, report)
    buttons = (*keys, *said, *ask, *_changes(turn, report), turn.word("new"), turn.word("status"))
    return Reply(spoken(whole), card=whole, buttons=buttons)


def read(turn: Turn) -> list[Reply]:
    """What the team wrote about a secret report, to its reporter, who asks for it when nobody looks on."""
    report = reports.by_id(turn.session, turn.number())
    if report is None or turn.person.id not in (report.reporter_id, report.relayed_by_id):
        return [turn.reply("oops.not_yours", turn.word("status"))]
    look = turn.press("look", "rep.show", report.id)
    return [Reply("\n".join((report.code, *_answers(turn, report))), buttons=(look, turn.word("status")))]


def _answers(turn: Turn, report: Report) -> list[str]:
    """The newest words of the team, each with its day."""
    events = reports.timeline(turn.session, report.id, public_only=True)
    said = [(event, reports.note_of(turn.session, event)) for event in events if event.agency]
    return [f"{turn.date(event.at)} {note}" for event, note in said if note][-6:]


def _told(events: list[ReportEvent]) -> list[ReportEvent]:
    """A timeline in which adding five times in a row is one line."""
    return [event for event, after in zip(events, [*events[1:], None], strict=True) if not _same(event, after)]


def _same(event: ReportEvent, after: ReportEvent | None) -> bool:
    return after is not None and event.kind == after.kind == "added"


def _changes(turn: Turn, report: Report) -> list[Button]:
    """What its reporter may still do with a report."""
    more = turn.press("more_wishes", "rep.more", report.id)
    if report.status in reports.CLOSED:
        return [more]
    return [turn.press("add", "rep.add", report.id), turn.press("fix", "rep.fix", report.id), more]
