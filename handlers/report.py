"""A villager's words become a report; what follows within the quiet window is added to it."""

from __future__ import annotations

from dataclasses import replace

from handlers import asking
from handlers.desk import NOTICE_VERSION, QUIET_WINDOW
from handlers.filing import file_report, province_for, settle_place, understand
from handlers.messages import Button, Reply
from handlers.turn import Turn
from handlers.wording import receipt
from storage import inbox, media, people, reports
from storage.models import Report, ReportPart

NAME = 25  # letters: what is longer is more than the name of a place


def tell(turn: Turn) -> list[Reply]:
    """Take a message as words about a problem: add it to the report that is still open, or open one."""
    report = open_report(turn)
    return add_to(turn, report) if report else start(turn)


def open_report(turn: Turn) -> Report | None:
    """The report that a person's next message belongs to, if its quiet window is not over."""
    person = turn.person
    if turn.incoming.group:
        return None  # what is said in a hall full of people never joins what was said in private
    if person.open_report_id is None or person.quiet_until is None or person.quiet_until < turn.now:
        return None
    report = reports.by_id(turn.session, person.open_report_id)
    if report is None or report.erased_at is not None:
        return None
    # A neighbour's own words lie in a report that was closed as told before: they still answer an officer.
    answers = report.status == "duplicate" and person.awaited_by_id is not None
    return report if answers or report.status not in reports.CLOSED else None


def start(turn: Turn, message: bytes | None = None) -> list[Reply]:
    """Open a report and answer with its receipt and at most one question.

    `message` is the key of the message that its words came with, where that is not the one that came now.
    """
    incoming, reading, person = turn.incoming, turn.reading, turn.person
    province, elsewhere = province_for(turn.desk, reading.place, person.province, incoming.channel)
    if province and reading.place is None and incoming.text:
        reading = replace(reading, place=turn.desk.reader.locate(incoming.text, province.code))
    report = file_report(
        turn.session,
        turn.desk,
        reading,
        incoming.text or None,
        turn.now,
        province=province,
        reporter_id=person.id,
        pin=incoming.pin,
        message=message or message_key(turn),
    )
    keep_media(turn, report)
    if province:
        person.province = province.slug
    hold_open(turn, report)
    person.awaited_by_id = None  # whoever tells something new is not answering any more
    first = turn.person.noticed_at is None and not report.private
    question, answers = asking.question(turn, report, elsewhere=elsewhere)
    below = [turn.press("agree", "me.agree"), turn.press("data", "me.notice")] if first else []
    if not question:
        wrong = [] if first or report.private else [turn.press("wrong", "rep.wrong", report.id)]
        below = [*below, *wrong, turn.word("new"), turn.word("status")]
    footer = notice(turn) if first else ""
    replies = [receipt(turn.session, turn.desk, report, turn.now, turn.lang, footer, *below)]
    if elsewhere:
        replies.append(asking.not_here(turn))
    return [*replies, Reply(question, buttons=answers)] if question else replies


def notice(turn: Turn) -> str:
    """The privacy notice, said once."""
    turn.person.noticed_at = turn.now
    people.consent(turn.session, turn.person.id, "notice", NOTICE_VERSION, turn.now, given=True)
    return turn.say("receipt.notice")


def add_to(turn: Turn, report: Report) -> list[Reply]:
    """Add a message to an open report, understand the whole again, and say what is understood differently now."""
    incoming = turn.incoming
    part = None
    before = asking.understood(turn, report)
    if incoming.text:
        part = reports.add_part(turn.session, report, incoming.text, turn.now, message=message_key(turn))
        reread(turn, report, adding=True)
        _place_alone(turn, report, incoming.text)
    if incoming.pin:
        settle_place(turn.session, report, None, incoming.pin, message_key(turn))
    keep_media(turn, report)
    reports.add_event(turn.session, report.id, "added", turn.now, actor_id=turn.person.id)
    hold_open(turn, report)
    if report.status != "received" or turn.person.awaited_by_id:
        return told_the_team(turn, report)
    buttons = (turn.press("split", "rep.split", part),) if part is not None else ()
    added = turn.say("report.added", code=report.code)
    after = asking.understood(turn, report)
    return [Reply(added if after in ("", before) else f"{added}\n{after}", buttons=(*buttons, turn.word("status")))]


def _place_alone(turn: Turn, report: Report, text: str) -> None:
    """A bare name that comes by itself, where no place is known yet, is the place: nobody was asked, all the same."""
    if report.amphoe_code or len(text) > NAME:
        return
    province = turn.desk.province(report.province)
    settle_place(turn.session, report, turn.desk.reader.locate_answer(text, province.code if province else None), None)


def told_the_team(turn: Turn, report: Report) -> list[Reply]:
    """What was added answers an officer, or comes to a case that somebody holds already: whoever asked hears of it."""
    asked_by, turn.person.awaited_by_id = turn.person.awaited_by_id, None
    news = []
    if asked_by is not None and not report.private:
        news = turn.notify(
            asked_by,
            lambda desk, lang: Reply(
                desk.texts.say(lang, "news.added", code=report.code, text=turn.desk.reader.mask(turn.incoming.text)),
                buttons=(Button(desk.texts.say(lang, "button.open_case"), postback=desk.postback("case", report.id)),),
            ),
        )
    return [turn.reply("report.to_team", turn.word("status"), code=report.code), *news]


def reread(turn: Turn, report: Report, *, adding: bool = False) -> None:
    """Understand a report again from all its words, after one was added, changed or taken back."""
    words = reports.words_of(turn.session, report.id)
    province = turn.desk.province(report.province)
    reading = turn.desk.reader.read(words, province.code if province else None)
    understand(report, reading, adding=adding)
    settle_place(turn.session, report, reading.place, None)
    if not province and reading.place and (named := turn.desk.directory.by_code(reading.place.province_code)):
        report.province = turn.person.province = named.slug


def split(turn: Turn) -> list[Reply]:
    """Make an addition a report of its own after all."""
    part = turn.session.get(ReportPart, turn.number())
    report = reports.by_id(turn.session, part.report_id) if part else None
    if part is None or report is None or report.reporter_id != turn.person.id or part.removed_at:
        return [turn.reply("oops.button", turn.word("status"))]
    text, key = reports.part_text(turn.session, part), part.message_key
    reports.drop_part(turn.session, part, turn.now)
    reread(turn, report)
    province = turn.desk.province(report.province)
    reading = turn.desk.reader.read(text, province.code if province else None)
    replies = start(saying(turn, text).but(reading=reading), message=key)
    if key and turn.person.open_report_id:
        media.move(turn.session, key, turn.person.open_report_id)
    return replies


def begin(turn: Turn) -> list[Reply]:
    """Somebody asks for a new report: close the window and invite; words behind the wish are the report itself."""
    if people.dialogue_of(turn.session, turn.person.id)[0] == "forum" and not turn.incoming.group:
        return [turn.reply("forum.say_items")]  # while a hall is noted, what is new is its next issue
    turn.person.open_report_id = turn.person.quiet_until = None
    people.set_dialogue(turn.session, turn.person.id, "", {}, turn.now)
    if turn.rest:
        province = turn.province
        reading = turn.desk.reader.read(turn.rest, province.code if province else None)
        said = replace(turn.incoming, text=turn.rest)  # with what else came: a photo, a pin
        return start(turn.but(incoming=said, reading=reading, rest=""))
    return [turn.reply("report.invite", asking.location(turn), asking.camera(turn))]


def saying(turn: Turn, text: str) -> Turn:
    """The same turn as if the person had just said this text and nothing else."""
    return turn.but(incoming=replace(turn.incoming, text=text, kind="message", postback="", media=(), pin=None))


def hold_open(turn: Turn, report: Report) -> None:
    """Let what comes within the quiet window belong to this report; what is said in a group stands alone."""
    if turn.incoming.group:
        return
    turn.person.open_report_id, turn.person.quiet_until = report.id, turn.now + QUIET_WINDOW


def message_key(turn: Turn) -> bytes | None:
    """Blind index of the message that came."""
    return inbox.message_key(turn.session, turn.incoming.channel, turn.incoming.message_id)


def keep_media(turn: Turn, report: Report) -> None:
    """Promise every medium that came; its bytes are fetched after the commit."""
    for medium in turn.incoming.media:
        media.promise(
            turn.session,
            report,
            medium.kind,
            turn.incoming.channel,
            medium.ref,
            turn.now,
            name=medium.name,
            message=message_key(turn),
        )
