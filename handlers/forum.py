"""Forum mode: a volunteer notes what a hall says, issue by issue, reads it back, and submits it once."""

from __future__ import annotations

from dataclasses import replace

from handlers import forum_words
from handlers.desk import BANGKOK, NOTICE_VERSION
from handlers.filing import file_report
from handlers.forum_header import day_of, fill, is_header
from handlers.messages import Button, Card, Reply, Row
from handlers.report import message_key
from handlers.turn import Turn, spoken
from handlers.wording import category_name, heading
from nlp.header import read_header
from nlp.split import split_list, without_adding
from storage import audit, forums, media, people, reports
from storage.forums import Attached
from storage.models import Forum, ForumItem, Report

MANY = 60  # items one message may bring; more is a file's business
BRIEF = 3  # items after which one more is confirmed alone: a hall does not wait for the whole list
WISH = 40  # letters: what is longer tells something


def current(turn: Turn) -> Forum | None:
    """The forum that the person is noting, if any."""
    if turn.incoming.group:
        return None  # a hall's words are noted in private
    name, data = people.dialogue_of(turn.session, turn.person.id)
    forum = forums.forum(turn.session, int(data["forum"])) if name == "forum" else None
    return forum if forum and forum.status == "open" and forum.volunteer_id == turn.person.id else None


def begin(turn: Turn) -> list[Reply]:
    """Open a forum, or go on with the one that is open."""
    role = turn.role("volunteer", "coordinator", "staff", "admin")
    if role is None:
        return [turn.reply("forum.not_volunteer", turn.word("new"))]
    if forum := current(turn) or forums.open_of(turn.session, turn.person.id):
        step(turn, forum, "items")
        return [read_back(turn, forum)]
    forum = forums.open_forum(turn.session, role.province, turn.person.id, turn.now)
    people.set_dialogue(turn.session, turn.person.id, "forum", {"forum": forum.id, "step": "header"}, turn.now)
    if turn.rest:
        return note(turn.but(incoming=replace(turn.incoming, text=turn.rest), rest=""))
    return [
        turn.reply(
            "forum.begin",
            turn.press("forum_no_header", "forum.bare", forum.id),
            turn.press("forum_stop", "forum.stop", forum.id),
        )
    ]


def bare(turn: Turn) -> list[Reply]:
    """Go straight to the issues; the header stays empty."""
    forum = current(turn)
    if forum is None:
        return [turn.reply("forum.none", turn.word("forum"))]
    step(turn, forum, "items")
    return [turn.reply("forum.say_items", *_consent(turn, forum), turn.press("forum_stop", "forum.stop", forum.id))]


def step(turn: Turn, forum: Forum, name: str, **more: int) -> None:
    """Say what of a forum the next message is: its header, an issue, or the new words of one."""
    people.set_dialogue(turn.session, turn.person.id, "forum", {"forum": forum.id, "step": name, **more}, turn.now)


def note(turn: Turn) -> list[Reply]:
    """Take a message into the open forum: its header first, then its issues."""
    forum = current(turn)
    if forum is None:
        return [turn.reply("forum.none", turn.word("forum"))]
    _, data = people.dialogue_of(turn.session, turn.person.id)
    text = turn.incoming.text
    if data.get("step") == "header":
        step(turn, forum, "items")
        header = read_header(text, turn.now.astimezone(BANGKOK).date())
        if is_header(turn, header):
            fill(turn, forum, header, text)
            if len(text.strip().splitlines()) <= 1:
                return [*forum_words.first_help(turn, [turn.reading]), _headed(turn, forum)]
    if turn.incoming.sticker or (turn.reading.kind in ("thanks", "chitchat") and not turn.incoming.media):
        return [read_back(turn, forum)]
    return _add(turn, forum, split_list(without_adding(text)) if text else [])


def shown_again(turn: Turn) -> list[Reply] | None:
    """The volunteer wants to see what was noted, whatever they were asked for; None where a message says more."""
    forum = current(turn)
    incoming = turn.incoming
    if forum is None or incoming.media or len(incoming.text) > WISH or "\n" in incoming.text.strip():
        return None
    if not turn.desk.reader.manner(incoming.text.strip()).asks_list:
        return None
    if people.dialogue_of(turn.session, turn.person.id)[1].get("step") == "edit":
        step(turn, forum, "items")  # what comes next must not take the place of an issue
    return [read_back(turn, forum)]


def done(turn: Turn) -> list[Reply]:
    """The volunteer has no more: read it back, with the button that submits."""
    forum = current(turn)
    return [turn.reply("forum.none", turn.word("forum")) if forum is None else read_back(turn, forum)]


def _headed(turn: Turn, forum: Forum) -> Reply:
    return turn.reply(
        "forum.header",
        *_consent(turn, forum),
        name=forum.name or turn.say("forum.unnamed"),
        place=forum.place or "–",
        date=day_of(turn, forum),
        headcount=forum.headcount or "–",
    )


def _consent(turn: Turn, forum: Forum) -> tuple[Button, ...]:
    return () if forum.consented else (turn.press("forum_consent", "forum.consent", forum.id),)


def consent(turn: Turn) -> list[Reply]:
    """The volunteer says that the hall knows where its words go."""
    forum = current(turn)
    if forum is None:
        return [turn.reply("forum.none", turn.word("forum"))]
    if not forum.consented:
        forum.consented = True
        people.consent(turn.session, turn.person.id, "forum", NOTICE_VERSION, turn.now, given=True, forum_id=forum.id)
    return [turn.reply("forum.consented")]


def _add(turn: Turn, forum: Forum, texts: list[str]) -> list[Reply]:
    attached = [Attached(medium.kind, medium.ref, medium.name, message_key(turn)) for medium in turn.incoming.media]
    if attached and not texts:
        return [_add_media(turn, forum, attached)]
    if not texts:
        return [turn.reply("forum.say_items")]
    readings = [forum_words.understood(turn, forum, text) for text in texts[:MANY]]
    for text, reading in zip(texts, readings, strict=False):
        forums.add_item(
            turn.session, forum.id, text, reading.category, turn.now, message=message_key(turn), media=attached
        )
        attached = []
    items = forums.items(turn.session, forum.id)
    help_first = forum_words.first_help(turn, readings)
    if len(texts) == 1 and len(items) > BRIEF:
        said = forum_words.shown(turn, readings[0])
        return [*help_first, turn.reply("forum.noted", *_buttons(turn, forum, items), number=len(items), text=said)]
    replies = [*help_first, read_back(turn, forum)]
    if len(texts) > MANY:
        replies.append(turn.reply("forum.too_many", kept=MANY, given=len(texts)))
    return replies


def _add_media(turn: Turn, forum: Forum, attached: list[Attached]) -> Reply:
    items = forums.items(turn.session, forum.id)
    if not items:
        return turn.reply("forum.photo_first")
    forums.attach(turn.session, items[-1], [*forums.attached(turn.session, items[-1]), *attached])
    return turn.reply("forum.photo_kept", *_buttons(turn, forum, items), number=len(items))


def _buttons(turn: Turn, forum: Forum, items: list[ForumItem]) -> tuple[Button, ...]:
    """What can be done with a forum; the one that submits says and knows how many."""
    submit_all = turn.press("forum_submit", "forum.submit", forum.id, len(items), count=len(items))
    look = turn.press("forum_look", "forum.look", forum.id)
    return (submit_all, look, *_consent(turn, forum), turn.press("forum_stop", "forum.stop", forum.id))


def look(turn: Turn) -> list[Reply]:
    """Read it all back."""
    return done(turn)


def read_back(turn: Turn, forum: Forum) -> Reply:
    """All issues so far, numbered from 1 as they stand, with what can be done. A hall may look on."""
    items = forums.items(turn.session, forum.id)
    if not items:
        return turn.reply("forum.say_items", *_consent(turn, forum), turn.press("forum_stop", "forum.stop", forum.id))
    rows = tuple(forum_words.row(turn, forum, number, item) for number, item in enumerate(items, 1))
    shown = Card(
        turn.say("forum.read_back", name=forum.name or turn.say("forum.unnamed"), count=len(items)),
        rows,
        "case",
        turn.say("forum.how"),
    )
    submit_all, _, *others = _buttons(turn, forum, items)
    return Reply(spoken(shown), card=shown, buttons=(submit_all, *others))


def submit_now(turn: Turn) -> list[Reply]:
    """Submit by word."""
    forum = current(turn)
    if forum is None:
        return [turn.reply("forum.none", turn.word("forum"))]
    return submit(turn.but(args=(str(forum.id),)))


def stop_now(turn: Turn) -> list[Reply]:
    """Stop by word."""
    return stop(turn.but(args=()))


def submit(turn: Turn) -> list[Reply]:
    """Every issue becomes a report with a code of its own; a second press only shows the codes again."""
    forum = forums.forum(turn.session, turn.number())
    if forum is None or forum.volunteer_id != turn.person.id or forum.status == "cancelled":
        return [turn.reply("oops.not_yours", turn.word("forum"))]
    items = forums.items(turn.session, forum.id)
    if not items:
        return [turn.reply("forum.say_items")]
    if forum.status == "open" and turn.number(1) not in (0, len(items)):
        return [turn.reply("forum.changed"), read_back(turn, forum)]  # an old button: it promised another number
    if forum.status == "open":
        for item in items:
            _file(turn, forum, item)
        forum.status, forum.submitted_at = "submitted", turn.now
        people.set_dialogue(turn.session, turn.person.id, "", {}, turn.now)
        audit.note(
            turn.session,
            "forum.submitted",
            "forum",
            turn.now,
            actor_id=turn.person.id,
            subject_id=forum.id,
            items=len(items),
        )
    filed = [reports.by_id(turn.session, item.report_id) for item in items if item.report_id]
    rows = tuple(
        Row(report.code, _about(turn, report), turn.desk.postback("rep.show", report.id)) for report in filed if report
    )
    shown = Card(turn.say("forum.submitted", count=len(rows)), rows, "receipt", turn.say("forum.after"))
    return [Reply(spoken(shown), card=shown, buttons=(turn.word("forum"), turn.word("status")))]


def _about(turn: Turn, report: Report) -> str:
    """What one of the reports is about; of one that has become private no more than that it is: phones are shared."""
    about = heading(turn.desk, report, turn.lang)
    return about if report.private else f"{category_name(turn.desk, report, turn.lang)} — {about}"


def _file(turn: Turn, forum: Forum, item: ForumItem) -> None:
    province = turn.desk.province(forum.province)
    pieces = forums.pieces(turn.session, item)
    text = forums.text_of(turn.session, item)
    code = province.code if province else None
    reading = turn.desk.reader.read(text, code)
    if reading.place is None:
        reading = replace(reading, place=turn.desk.reader.locate(f"{forum.name} {forum.place}", code))
    report = file_report(
        turn.session,
        turn.desk,
        reading,
        forums.words_of(turn.session, item),
        turn.now,
        province=province,
        relayed_by_id=turn.person.id,
        forum_id=forum.id,
        message=item.message_key,
    )
    for piece in pieces[1:]:
        if words := forums.words_of(turn.session, piece):
            reports.add_part(turn.session, report, words, turn.now, message=piece.message_key)
    for one in (one for piece in pieces for one in forums.attached(turn.session, piece)):
        media.promise(
            turn.session,
            report,
            one.kind,
            turn.incoming.channel,
            one.ref,
            turn.now,
            name=one.name,
            message=one.message,
        )
    item.report_id = report.id


def stop(turn: Turn) -> list[Reply]:
    """Leave forum mode. Nothing noted is thrown away without being asked for: a second press does it."""
    forum = current(turn)
    if forum is None:
        return [turn.reply("forum.none", turn.word("forum"))]
    items = forums.items(turn.session, forum.id)
    if items and len(turn.args) < 2:
        submit_button = turn.press("forum_submit", "forum.submit", forum.id, len(items), count=len(items))
        drop = turn.press("forum_drop", "forum.stop", forum.id, 1)
        return [turn.reply("forum.sure", submit_button, drop, count=len(items))]
    forum.status = "cancelled"
    people.set_dialogue(turn.session, turn.person.id, "", {}, turn.now)
    return [turn.reply("forum.stopped", turn.word("forum"))]
