"""The ordered table: when a message is this, that handler answers. The first handler that answers ends the search."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from handlers import (
    answering,
    belonging,
    case,
    case_ends,
    changes,
    digest,
    erasing,
    fixing,
    flood,
    forum,
    forum_changes,
    group,
    lane,
    left_behind,
    pins,
    privacy,
    queue,
    report,
    soothing,
    status,
    wants,
)
from handlers import help as kind_words
from handlers import people as joining
from handlers.buttons import BUTTONS, Handler
from handlers.filing import NOWHERE
from handlers.messages import Reply
from handlers.turn import Turn
from storage import people

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
    "forum_submit": forum.submit_now,
    "forum_stop": forum.stop_now,
    "digest": digest.this_week,
    "digest_last": digest.last_week,
    "leave": joining.leave,
    "thai": kind_words.thai,
    "english": kind_words.english,
}
DIGITS = 5, 9  # of a report's code
PLACE = 40  # letters: no amphoe's name is longer
IN_FORUM = ("forum_done", "forum_submit", "forum_stop")  # mean something only while a forum is noted
LEADING = ("new", "forum", "digest", "digest_last")  # words that may stand before the rest of a message
PERSONAL = ("status", "data", "queue", "digest", "digest_last", "forum", "leave")  # never answered in a group


def event(turn: Turn) -> list[Reply] | None:
    """What a platform tells that nobody said."""
    handler = EVENTS.get(turn.incoming.kind)
    return handler(turn) if handler else None


def button(turn: Turn) -> list[Reply] | None:
    """A sealed button."""
    if turn.incoming.kind != "postback":
        return None
    opened = turn.desk.open_postback(turn.incoming.postback)
    if opened is None or opened[0] not in ("case.send", "end.send"):
        forget_asked(turn)
    handler = BUTTONS.get(opened[0]) if opened else None
    if handler is None or opened is None:
        return [turn.reply("oops.button", turn.word("help"))]
    pressed = turn.but(args=tuple(opened[1:]))
    if turn.incoming.group and group.personal(opened[0]):
        return group.in_private(pressed, lambda alone: erasing.gone(alone, opened[0]) or handler(alone))
    return erasing.gone(pressed, opened[0]) or handler(pressed)


def banned(turn: Turn) -> list[Reply] | None:
    """Somebody whom an administrator has set aside."""
    return [turn.reply("oops.banned")] if turn.person.banned_at else None


def danger(turn: Turn) -> list[Reply] | None:
    """Life in danger and what must stay private come before anything else, a forum's items excepted."""
    if not lane.concerns(turn) or not turn.incoming.text or _officer_writes(turn):
        return None
    if forum.current(turn) is not None:
        return None  # an item of a list, which says itself what numbers it needs
    if "\n" in turn.incoming.text and (opened := leading(turn, ("forum",))):
        return opened
    return lane.first_aid(turn)


def invite(turn: Turn) -> list[Reply] | None:
    """A one-use code."""
    return joining.join(turn) if joining.code_in(turn.incoming.text) else None


def _officer_writes(turn: Turn) -> bool:
    """Whether what comes is the words that an officer was asked for: they may speak of danger, and go to a villager."""
    return not turn.incoming.group and people.dialogue_of(turn.session, turn.person.id)[0] in ("case", "digest")


def word(turn: Turn) -> list[Reply] | None:
    """One of the words that always work, alone in its message."""
    name = turn.desk.texts.word(turn.incoming.text)
    if name not in WORDS or (name in IN_FORUM and forum.current(turn) is None):
        return None
    if turn.incoming.group and name in PERSONAL:
        return kind_words.group_hello(turn)
    forget_asked(turn)
    return WORDS[name](turn)


def leading(turn: Turn, words: Collection[str] = LEADING) -> list[Reply] | None:
    """A word that asks for something, and behind it what is asked for."""
    name, rest = turn.desk.texts.leading_word(turn.incoming.text)
    if name not in words or (turn.incoming.group and name in PERSONAL):
        return None
    if name.startswith("digest") and (turn.staff is None or len(rest) > PLACE):
        return None
    if name == "forum" and turn.role("volunteer", "staff", "coordinator", "admin") is None:
        return None
    return WORDS[name](turn.but(rest=rest))


def asked(turn: Turn) -> list[Reply] | None:
    """Words that an officer was asked for, in private; what comes without words is asked for again."""
    if turn.incoming.group:
        return None
    return case_ends.which(turn) or case.words(turn) or digest.comment(turn)


def forget_asked(turn: Turn) -> None:
    """Whoever turns to something else is not answering any more: what comes next must not go to a villager."""
    if people.dialogue_of(turn.session, turn.person.id)[0] in ("case", "digest"):
        people.set_dialogue(turn.session, turn.person.id, "", {}, turn.now)


def noting(turn: Turn) -> list[Reply] | None:
    """In forum mode every message is one issue or several."""
    if forum.current(turn) is None:
        return None
    return forum.shown_again(turn) or forum_changes.change(turn) or forum.note(turn)


def code(turn: Turn) -> list[Reply] | None:
    """A report's code."""
    found = status.code_in(turn.incoming.text)
    if found is None or case_ends.wants_code(turn) or not _looks_like_ours(turn, *found):
        return None
    if turn.incoming.group:
        return kind_words.group_hello(turn)
    forget_asked(turn)
    if turn.staff:
        for row in status.by_code(turn, *found):
            if seen := case.may_see(turn, row):
                return [case.shown(turn, seen[0])]
            if after := left_behind.goes_on(turn, row):
                return after
    return status.find(turn)


def _looks_like_ours(turn: Turn, letters: str, digits: str) -> bool:
    """With a digit too few or too many only what begins like a code of ours is one; it might be a number plate."""
    known = {NOWHERE, *(province.abbr for province in turn.desk.directory.provinces.values())}
    return DIGITS[0] <= len(digits) <= DIGITS[1] or letters in known


def nothing(turn: Turn) -> list[Reply] | None:
    """A sticker, or no words at all."""
    incoming = turn.incoming
    if incoming.media or incoming.pin or any(letter.isalnum() for letter in incoming.text):
        return kind_words.empty(turn) if incoming.sticker else None
    return kind_words.empty(turn)


def smalltalk(turn: Turn) -> list[Reply] | None:
    """Greetings, thanks and spam."""
    if turn.incoming.media or turn.incoming.pin or turn.reading.kind not in ("thanks", "chitchat", "spam"):
        return None
    told = belonging.open_report(turn)
    if told is None and turn.desk.reader.manner(turn.incoming.text).phone:
        return kind_words.number(turn)
    if told is None or turn.reading.kind != "chitchat":
        return kind_words.smalltalk(turn)
    # Just after a report nobody is greeted: a word or two more belong to it, a nod is answered with one.
    return kind_words.nod(turn, told) if turn.desk.reader.manner(turn.incoming.text).nod else None


TABLE: tuple[Handler, ...] = (
    event,
    banned,
    button,
    invite,
    word,
    wants.taken_back,
    danger,
    code,
    asked,
    noting,
    leading,
    soothing.heard,
    wants.plainly,
    fixing.in_words,
    answering.answer,
    nothing,
    smalltalk,
    report.tell,
)


def route(turn: Turn) -> list[Reply]:
    """Answer a turn."""
    beyond = flood.count(turn)
    if here := pins.without_stray_pin(turn):
        rest = here.incoming
        heard = _answers(here) if rest.text or rest.media else []
        return flood.calm(turn, beyond, [*heard, pins.abroad(turn)])
    return flood.calm(turn, beyond, _answers(turn))


def _answers(turn: Turn) -> list[Reply]:
    for handler in TABLE:
        replies = handler(turn)
        if replies is not None:
            return replies
    raise AssertionError("the table's last row answers everything")
