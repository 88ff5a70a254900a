"""Changing what was noted of a forum, by the numbers of its read-back."""

from __future__ import annotations

import re

from pythainlp.util import thai_digit_to_arabic_digit

from handlers import forum_words
from handlers.forum import current, read_back, step
from handlers.messages import Reply
from handlers.turn import Turn
from storage import forums, people
from storage.models import Forum, ForumItem

NUMBER = re.compile(r"\d+")
# The number follows the word at once, and where several are named there is nothing else: otherwise the words begin
# an issue, such as a village that wants its pump repaired in three places.
ONE = re.compile(r"^(\d+)\s*[.:)–-]?\s*", re.ASCII)
SEVERAL = re.compile(r"^\d+(?:[\s,+&]+\d+)*$", re.ASCII)


def change(turn: Turn) -> list[Reply] | None:
    """'แก้ 3 …', 'ลบ 4', 'รวม 2 5': numbers are those of the read-back; None when a message is none of these."""
    forum = current(turn)
    if forum is None:
        return None
    _, data = people.dialogue_of(turn.session, turn.person.id)
    if data.get("step") == "edit":
        return _edited(turn, forum, int(data["number"]), turn.incoming.text)
    verb, rest = turn.desk.texts.leading_word(thai_digit_to_arabic_digit(turn.incoming.text))
    if verb not in ("forum_edit", "forum_delete", "forum_merge"):
        return None
    one = ONE.match(rest)
    if one is None or (verb != "forum_edit" and not SEVERAL.match(rest)):
        return None
    becomes = turn.desk.texts.leading_word(rest[one.end() :])
    words = becomes[1] if becomes[0] == "forum_becomes" else rest[one.end() :].strip()
    wanted = [int(one[1])] if verb == "forum_edit" else [int(number) for number in NUMBER.findall(rest)]
    if verb == "forum_merge" and len(wanted) < 2:
        return [turn.reply("forum.how")]
    items = forums.items(turn.session, forum.id)
    if any(not 0 < number <= len(items) for number in wanted):
        return [turn.reply("forum.no_number", count=len(items))]
    chosen = [items[number - 1] for number in wanted]
    if verb == "forum_delete":
        for item in chosen:
            item.removed_at = turn.now
    elif verb == "forum_merge":
        first, *others = dict.fromkeys(chosen)
        forums.merge(turn.session, first, others)
    else:
        text = words
        if not text:
            step(turn, forum, "edit", number=wanted[0])
            now = forum_words.shown_item(turn, forum, chosen[0])
            return [turn.reply("forum.edit_what", number=wanted[0], text=now)]
        return _set_text(turn, forum, chosen[0], text)
    turn.session.flush()
    return [read_back(turn, forum)]


def _edited(turn: Turn, forum: Forum, number: int, text: str) -> list[Reply]:
    step(turn, forum, "items")
    items = forums.items(turn.session, forum.id)
    if 0 < number <= len(items) and text.strip():
        return _set_text(turn, forum, items[number - 1], text.strip())
    return [read_back(turn, forum)]


def _set_text(turn: Turn, forum: Forum, item: ForumItem, text: str) -> list[Reply]:
    reading = forum_words.understood(turn, forum, text)
    forums.set_text(turn.session, item, text, reading.category)
    turn.session.flush()
    return [*forum_words.first_help(turn, [reading]), read_back(turn, forum)]
