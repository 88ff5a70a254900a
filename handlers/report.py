"""A villager's words become a report; what follows within the quiet window is added to it."""

from __future__ import annotations

from dataclasses import replace

from handlers import (
    alarm,
    asking,
    backing,
    closing,
    confided,
    graver,
    hiding,
    officers,
    pins,
    privacy,
    righting,
    silence,
)
from handlers.belonging import LATELY, album_report, hold_open, open_report, others
from handlers.filing import file_report, province_for, settle_place, understand
from handlers.messages import Button, Reply
from handlers.turn import Turn
from handlers.wording import receipt
from nlp.reading import FoundPlace
from storage import inbox, media, people, reports, spots
from storage.models import Report

NAME = 25  # letters: what is longer is more than the name of a place


def tell(turn: Turn) -> list[Reply]:
    """Take a message as words about a problem: add it to the report that is still open, or open one."""
    report = open_report(turn) or confided.goes_on(turn)
    return add_to(turn, report) if report else start(turn)


def start(turn: Turn, message: bytes | None = None) -> list[Reply]:
    """Open a report and answer with its receipt and at most one question.

    `message` is the key of the message that its words came with, where that is not the one that came now.
    """
    incoming, person = turn.incoming, turn.person
    reading = replace(turn.reading, place=pins.told(turn, turn.reading.place))
    if secret := confided.beside(turn, reading):
        reading = confided.secretly(reading, secret)  # it may be about what was told in secret
    province, elsewhere = province_for(turn.desk, reading.place, person.province, incoming.channel)
    if elsewhere and incoming.pin is None and asking.tambons_here(turn, incoming.text):
        # One of ours has such a name too: it is asked, and nobody is turned away.
        province, elsewhere, reading = None, False, replace(reading, place=None)
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
    _number_sent_before(turn, report)
    if province:
        person.province = province.slug
    hold_open(turn, report)
    person.awaited_by_id = None  # whoever tells something new is not answering any more
    footer = "" if report.private else privacy.notice_once(turn, elsewhere=elsewhere)
    # Who is told to turn to somebody else is asked nothing; nor what follows a secret: where that was they were asked.
    quiet = elsewhere or secret is not None
    question, answers = ("", ()) if quiet else asking.question(turn, report, elsewhere=False)
    if not question and not quiet:
        question, answers = privacy.health_question(turn, report)
    below = [turn.press("agree", "me.agree"), turn.press("data", "me.notice")] if footer else []
    if not question:
        below = [*below, turn.press("fix", "rep.fix", report.id), turn.word("new"), turn.word("status")]
    replies = [receipt(turn.session, turn.desk, report, turn.now, turn.lang, footer, *below, elsewhere=elsewhere)]
    if kind_word := _kind_word(turn, report):
        replies.insert(0, turn.reply(kind_word))
    if elsewhere:
        replies.append(asking.not_here(turn))
    return [*replies, Reply(question, buttons=answers)] if question else replies


def _kind_word(turn: Turn, report: Report) -> str:
    """What is said before a receipt to somebody who grieves or has had enough; '' to others."""
    if report.private:
        return ""
    manner = turn.desk.reader.manner(turn.incoming.text)
    return "report.grief" if manner.grief else "report.upset" if manner.upset else ""


def _number_sent_before(turn: Turn, report: Report) -> None:
    """A telephone number that somebody sent instead of words belongs to what they tell afterwards."""
    name, data = people.dialogue_of(turn.session, turn.person.id)
    if name == "number" and not turn.incoming.group:
        message = bytes.fromhex(data["message"]) or None
        reports.add_part(turn.session, report, data["text"], turn.now, message=message)
        people.set_dialogue(turn.session, turn.person.id, "", {}, turn.now)


def add_to(turn: Turn, report: Report) -> list[Reply]:
    """Add a message to an open report, understand the whole again, and say what is understood differently now."""
    incoming = turn.incoming
    part = medium = None
    newer = False
    piece = not (incoming.text or incoming.pin) and album_report(turn) is not None
    before, graver_now = asking.understood(turn, report), graver.Told()
    if incoming.text:
        part = reports.add_part(turn.session, report, incoming.text, turn.now, message=message_key(turn))
        righted = righting.right(turn, report, incoming.text)
        graver_now = reread(turn, report, adding=True)
        if not righted:
            _place_alone(turn, report, incoming.text)
        _no_longer_asked_for_words(turn, report)
    if incoming.pin:
        newer = pins.settle(turn, report)
    medium = keep_media(turn, report)
    hold_open(turn, report)
    if piece:
        return []  # an album is one message to the one who sent it: its first piece was answered
    newest = [turn.reply("ask.newer_pin")] if newer else []
    return [*graver_now.first, *newest, *_added(turn, report, before, part, medium), *graver_now.others]


def _added(turn: Turn, report: Report, before: str, part: int | None, medium: int | None) -> list[Reply]:
    """Say that something was added. `before`: what was understood until then."""
    lately = reports.happened_since(turn.session, report.id, "added", turn.now - LATELY)
    reports.add_event(turn.session, report.id, "added", turn.now, actor_id=turn.person.id)
    if report.status != "received" or turn.person.awaited_by_id:
        head = backing.joint(turn, report) or report
        keys = closing.keys(turn, head) if silence.spoken(turn.session, head, turn.now) else ()
        to_team = turn.reply("report.to_team", *keys, turn.word("status"), code=report.code)
        return [to_team, *told_the_team(turn, report, turn.incoming.text, lately=lately)]
    if report.for_roster:
        # The card says how to be safe, and whom it is about: not again, and not otherwise.
        key = "report.added_secretly" if alarm.concerns(turn) else "report.added_in_secret"
        return [turn.reply(key, turn.word("status"), code=report.code)]
    buttons = [turn.press("split", "rep.split", part)] if part is not None else []
    buttons += others(turn, report, part, medium)
    added = turn.say("report.added", code=report.code)
    after = asking.understood(turn, report)
    return [Reply(added if after in ("", before) else f"{added}\n{after}", buttons=(*buttons, turn.word("status")))]


def _place_alone(turn: Turn, report: Report, text: str) -> None:
    """A bare name that comes by itself, where no place is known yet, is the place: nobody was asked, all the same.

    What somebody put right stays: later words only say it more exactly.
    """
    reader, province = turn.desk.reader, turn.desk.province(report.province)
    code = province.code if province else None
    village = "" if spots.of(turn.session, report).words else reader.village(text)
    if report.place_source == "person":
        place = reader.locate(text, code)
        area = report.tambon_code or report.amphoe_code
        within = place is not None and (not place.amphoe_code or place.tambon_code.startswith(area))
        place = place if within else None
    else:
        place = None if report.amphoe_code or len(text) > NAME else reader.locate_answer(text, code)
    sure = turn.reading.sure and turn.reading.category != reader.taxonomy.fallback
    manner = reader.manner(text)
    if place is None and village and not (sure or manner.not_a_place or manner.when or righting.corrects(turn, text)):
        place = FoundPlace(province_code=code or "", village=village, words=village)
    settle_place(turn.session, report, place, None)


def _no_longer_asked_for_words(turn: Turn, report: Report) -> None:
    """The words that a picture was asked for have come, whichever way they belong to it."""
    name, data = people.dialogue_of(turn.session, turn.person.id)
    if name == "ask" and data.get("about") == "text" and data.get("report") == report.id:
        people.set_dialogue(turn.session, turn.person.id, "", {}, turn.now)


def told_the_team(turn: Turn, report: Report, text: str, *, lately: bool) -> list[Reply]:
    """What was added answers an officer, or comes to a case that somebody holds: they hear of it.

    Words go to whoever asked for them alone. Who holds the case hears its code, and who holds the one that it joined
    that of the telling; not again where something was added `lately`.
    """
    asked_by, turn.person.awaited_by_id = turn.person.awaited_by_id, None
    if asked_by is not None and not officers.sees(turn, report, asked_by):
        asked_by = None  # they left the team meanwhile
    head = backing.joint(turn, report)
    if head is not None:
        reports.add_event(turn.session, head.id, "added_too", turn.now, actor_id=turn.person.id, public=False)
    if asked_by is None and (lately or (head is None and report.status not in officers.AT_WORK)):
        return []
    if asked_by is None or report.private or not text:
        team = [asked_by] if asked_by else officers.team(turn, head or report, officers.AT_WORK)
        return officers.tell(turn, report, team, "news.added_unseen")
    said = hiding.rough(turn.desk, turn.session, report, turn.desk.reader.mask(text))
    return turn.notify(
        asked_by,
        lambda desk, lang: Reply(
            desk.texts.say(lang, "news.added", code=report.code, text=said),
            buttons=(Button(desk.texts.say(lang, "button.open_case"), postback=desk.postback("case", report.id)),),
        ),
    )


def reread(turn: Turn, report: Report, *, adding: bool = False) -> graver.Told:
    """Understand a report again from all its words, after one was added, changed or taken back.

    What is to be said where it turns out graver by that comes back.
    """
    before = graver.weight(report)
    reading = hiding.read(turn.desk, turn.session, report)
    understand(report, reading, adding=adding)
    if report.place_source != "person":  # what somebody put right is not read from the words that it corrects
        settle_place(turn.session, report, reading.place, None)
    hiding.conceal(turn.desk, turn.session, report)
    if not report.province and reading.place and (named := turn.desk.directory.by_code(reading.place.province_code)):
        report.province = turn.person.province = named.slug
    return graver.since(turn, report, before, reading)


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
    return [turn.reply("report.invite", asking.voice(turn), asking.camera(turn), asking.location(turn))]


def saying(turn: Turn, text: str) -> Turn:
    """The same turn as if the person had just said this text and nothing else."""
    return turn.but(incoming=replace(turn.incoming, text=text, kind="message", postback="", media=(), pin=None))


def message_key(turn: Turn) -> bytes | None:
    """Blind index of the message that came."""
    return inbox.message_key(turn.session, turn.incoming.channel, turn.incoming.message_id)


def keep_media(turn: Turn, report: Report) -> int | None:
    """Promise every medium that came; its bytes are fetched after the commit. Returns the row id of the last one."""
    incoming = turn.incoming
    kept = None
    for medium in incoming.media:
        kept = media.promise(
            turn.session,
            report,
            medium.kind,
            incoming.channel,
            medium.ref,
            turn.now,
            name=medium.name,
            message=message_key(turn),
            album=media.album_key(turn.session, incoming.channel, incoming.user, medium.album),
            position=medium.position,
        )
    return kept.id if kept else None
