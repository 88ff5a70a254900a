"""The ordered table: when a message is this, that handler answers. The first handler that answers ends the search."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from handlers import asking, case, changes, digest, forum, forum_changes, lane, privacy, queue, report, status
from handlers import help as kind_words
from handlers import people as joining
from handlers.messages import Reply
from handlers.turn import Turn
from storage import people

Handler = Callable[[Turn], "list[Reply] | None"]

EVENTS: Mapping[str, Handler] = {
    "follow": changes.followed,
    "unfollow": changes.unfollowed,
    "join": kind_words.group_hello,
    "leave": lambda _turn: [],
    "edit": changes.edited,
    "unsend": changes.unsent,
}

WORDS: Mapping[str, Handler] = {
    "new": report.begin,
    "status": status.own,
    "help": kind_words.show,
    "start": kind_words.welcome,
    "data": privacy.data,
    "forum": forum.begin,
    "queue": queue.new,
    "forum_done": forum.done,
    "digest": digest.this_week,
    "digest_last": digest.last_week,
    "leave": joining.leave,
    "thai": kind_words.thai,
    "english": kind_words.english,
}
LEADING = ("new", "forum", "digest", "digest_last")  # words that may stand before the rest of a message
PERSONAL = ("status", "data", "queue", "digest", "digest_last", "forum", "leave")  # never answered in a group

BUTTONS: Mapping[str, Handler] = {
    "rep.cat": asking.choose_category,
    "rep.prov": asking.choose_province,
    "rep.tam": asking.choose_tambon,
    "rep.skip": asking.skip,
    "rep.wrong": asking.wrong,
    "rep.split": report.split,
    "rep.show": status.show,
    "me.agree": privacy.agree,
    "me.notice": privacy.notice,
    "maybe.yes": kind_words.meant,
    "forum.bare": forum.bare,
    "forum.consent": forum.consent,
    "forum.submit": forum.submit,
    "forum.stop": forum.stop,
    "q": queue.view,
    "here": queue.here,
    "case": case.show,
    "case.accept": case.accept,
    "case.work": case.work,
    "case.ok": case.reviewed,
    "case.back": case.back,
    "case.reply": case.reply,
    "case.drop": case.drop,
    "dig": digest.again,
    "dig.in": digest.elsewhere,
    "dig.of": digest.cases,
    "dig.ok": digest.approve,
    "dig.back": digest.back,
}


def event(turn: Turn) -> list[Reply] | None:
    """What a platform tells that nobody said."""
    handler = EVENTS.get(turn.incoming.kind)
    return handler(turn) if handler else None


def button(turn: Turn) -> list[Reply] | None:
    """A sealed button."""
    if turn.incoming.kind != "postback":
        return None
    forget_asked(turn)
    opened = turn.desk.open_postback(turn.incoming.postback)
    handler = BUTTONS.get(opened[0]) if opened else None
    if handler is None or opened is None:
        return [turn.reply("oops.button", turn.word("help"))]
    return handler(turn.but(args=tuple(opened[1:])))


def banned(turn: Turn) -> list[Reply] | None:
    """Somebody whom an administrator has set aside."""
    return [turn.reply("oops.banned")] if turn.person.banned_at else None


def danger(turn: Turn) -> list[Reply] | None:
    """Life in danger and what must stay private come before anything else, a forum's items excepted."""
    if not lane.concerns(turn) or not turn.incoming.text:
        return None
    if forum.current(turn) is not None:
        return [lane.hotlines(turn), *forum.note(turn)] if turn.reading.urgency == "emergency" else None
    return lane.first_aid(turn)


def invite(turn: Turn) -> list[Reply] | None:
    """A one-use code."""
    return joining.join(turn) if joining.code_in(turn.incoming.text) else None


def word(turn: Turn) -> list[Reply] | None:
    """One of the words that always work, alone or, for some, before the rest of a message."""
    name = turn.desk.texts.word(turn.incoming.text)
    rest = ""
    if not name:
        name, rest = turn.desk.texts.leading_word(turn.incoming.text)
        if name not in LEADING or (name != "new" and len(rest) > 40 and "\n" not in rest):
            return None
    if name not in WORDS or (rest and forum.current(turn)):
        return None  # while a forum is noted, a word with something behind it begins an issue
    if turn.incoming.group and name in PERSONAL:
        return kind_words.group_hello(turn)
    if name == "forum_done" and forum.current(turn) is None:
        return None
    forget_asked(turn)
    return WORDS[name](turn.but(rest=rest))


def asked(turn: Turn) -> list[Reply] | None:
    """Words that an officer was asked for, in private; what comes without words is asked for again."""
    if turn.incoming.group:
        return None
    return case.words(turn) or digest.comment(turn)


def forget_asked(turn: Turn) -> None:
    """Whoever turns to something else is not answering any more: what comes next must not go to a villager."""
    if people.dialogue_of(turn.session, turn.person.id)[0] in ("case", "digest"):
        people.set_dialogue(turn.session, turn.person.id, "", {}, turn.now)


def noting(turn: Turn) -> list[Reply] | None:
    """In forum mode every message is one issue or several."""
    return forum_changes.change(turn) or forum.note(turn) if forum.current(turn) else None


def code(turn: Turn) -> list[Reply] | None:
    """A report's code."""
    found = status.code_in(turn.incoming.text)
    if found is None:
        return None
    if turn.incoming.group:
        return kind_words.group_hello(turn)
    forget_asked(turn)
    if turn.staff:
        for row in status.by_code(turn, *found):
            if seen := case.may_see(turn, row):
                return [case.shown(turn, seen[0])]
    return status.find(turn)


def nothing(turn: Turn) -> list[Reply] | None:
    """A sticker, or no words at all."""
    incoming = turn.incoming
    if incoming.media or incoming.pin or turn.reading.masked_text.strip(" \n.…!?-"):
        return kind_words.empty(turn) if incoming.sticker else None
    return kind_words.empty(turn)


def smalltalk(turn: Turn) -> list[Reply] | None:
    """Greetings, thanks and spam."""
    if turn.incoming.media or turn.incoming.pin or turn.reading.kind not in ("thanks", "chitchat", "spam"):
        return None
    return kind_words.smalltalk(turn)


TABLE: tuple[Handler, ...] = (
    event,
    banned,
    button,
    invite,
    danger,
    word,
    code,
    asked,
    noting,
    asking.answer,
    nothing,
    smalltalk,
    report.tell,
)


def route(turn: Turn) -> list[Reply]:
    """Answer a turn."""
    for handler in TABLE:
        replies = handler(turn)
        if replies is not None:
            return replies
    raise AssertionError("the table's last row answers everything")
