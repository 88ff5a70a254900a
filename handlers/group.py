"""What stays out of a group's sight: buttons about one person's own matters, and what they show."""

from __future__ import annotations

from dataclasses import replace

from handlers.buttons import Handler
from handlers.desk import Desk
from handlers.messages import Button, Recipient, Reply
from handlers.turn import Turn
from storage import people

# Actions that show or change something of one report, one person or the team, by how they begin.
PERSONAL = ("rep.", "same.", "heard.", "me.", "key.", "case", "end.", "dig", "q", "here", "park", "forum.")


def personal(action: str) -> bool:
    """Whether an action is not for a group's eyes."""
    return action.startswith(PERSONAL)


def in_private(turn: Turn, handler: Handler) -> list[Reply] | None:
    """Do in private what a button in a group asks for; whoever never wrote to us in private is told to, no more."""
    incoming = turn.incoming
    if not incoming.user or not people.wrote_in_private(turn.session, turn.person.id):
        return [turn.reply("help.in_private")]
    own = Recipient(incoming.channel, incoming.user)
    alone = turn.but(incoming=replace(incoming, chat=incoming.user, group=False))
    return [reply if reply.to else replace(reply, to=own) for reply in handler(alone) or []]


def without_personal(turn: Turn, replies: list[Reply]) -> list[Reply]:
    """Replies from which, where a group hears them, the personal buttons are taken."""
    if not turn.incoming.group:
        return replies
    return [reply if reply.to else _bare(turn.desk, reply) for reply in replies]


def _bare(desk: Desk, reply: Reply) -> Reply:
    return replace(reply, buttons=tuple(button for button in reply.buttons if not _is_personal(desk, button)))


def _is_personal(desk: Desk, button: Button) -> bool:
    opened = desk.open_postback(button.postback) if button.postback else None
    return opened is not None and personal(opened[0])
