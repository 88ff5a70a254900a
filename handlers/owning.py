"""Buttons that are for one person's fingers only: they carry whose they are and from which account."""

from __future__ import annotations

from handlers.messages import Button
from handlers.turn import Turn
from storage import people


def presses(turn: Turn, key: str, action: str) -> Button:
    """A button about the person who speaks: the person's id, and a mark of the account."""
    return turn.press(key, action, turn.person.id, mark(turn))


def mark(turn: Turn) -> str:
    """Eight letters by which the account that spoke is known again, also after its person was erased."""
    return people.account_mark(turn.session, turn.incoming.channel, turn.incoming.user or turn.incoming.chat)


def own_button(turn: Turn, *, erased: bool = False) -> bool:
    """Whether a button is about the one who pressed it, or, with `erased`, about who used this account before."""
    same = len(turn.args) > 1 and turn.args[1] == mark(turn)
    return same and (erased or turn.number() == turn.person.id) and not turn.incoming.group
