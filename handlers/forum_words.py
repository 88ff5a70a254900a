"""The words of a forum's issues: how they are understood, and what a screen in a hall may show of them."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.alarm import hotlines
from handlers.filing import PRIVATE
from handlers.messages import Reply, Row
from handlers.turn import Turn
from handlers.wording import core_name
from nlp.reading import Reading
from storage import forums
from storage.models import Forum, ForumItem

# A tip is kept secret as well, but nobody who gives one needs help now.
PERILOUS = ("self_harm", "violence", "abuse_child", "sexual")


def understood(turn: Turn, forum: Forum, text: str) -> Reading:
    """How an issue is understood, in the forum's province."""
    province = turn.desk.province(forum.province)
    return turn.desk.reader.read(text, province.code if province else None)


def shown(turn: Turn, reading: Reading) -> str:
    """An issue's words with people's names and numbers masked; of a secret one no more than that it is."""
    return turn.say("status.private") if reading.sensitive in PRIVATE else reading.masked_text


def shown_item(turn: Turn, forum: Forum, item: ForumItem) -> str:
    """The same of an item that is kept."""
    return shown(turn, understood(turn, forum, forums.text_of(turn.session, item)))


def row(turn: Turn, forum: Forum, number: int, item: ForumItem) -> Row:
    """A line of the read-back; a secret issue's category would tell what it is about."""
    reading = understood(turn, forum, forums.text_of(turn.session, item))
    if reading.sensitive in PRIVATE:
        return Row(f"{number}. {shown(turn, reading)}", "")
    return Row(f"{number}. {core_name(turn.desk, item.category, turn.lang)}", shown(turn, reading))


def first_help(turn: Turn, readings: Sequence[Reading]) -> list[Reply]:
    """One card of numbers where somebody is in danger in any of the issues: the gravest says which."""
    perilous = [one for one in readings if one.urgency == "emergency" or one.sensitive in PERILOUS]
    perilous.sort(key=lambda one: one.urgency != "emergency")
    return [hotlines(turn.but(reading=perilous[0]))] if perilous else []
