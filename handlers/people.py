"""Joining by a one-use code, and leaving."""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection
from dataclasses import replace

from handlers.messages import Menu, Reply
from handlers.owning import own_button, presses
from handlers.turn import STAFF, Turn
from storage import audit, people

# Letters and digits that nobody mixes up when reading them aloud or copying them by hand (Crockford's base 32).
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
# Anywhere in a message: people wrap a code in a sentence, and a code must never become a report that others read.
CODE = re.compile(r"(?<![0-9A-Za-z])SS[-\s]?([0-9A-Za-z]{4})[-\s]?([0-9A-Za-z]{4})(?![0-9A-Za-z])", re.IGNORECASE)
LONGEST = 200  # letters of a message in which a code is looked for
LOOKALIKES = str.maketrans("OIL", "011")


def new_code() -> str:
    """A one-use code such as SS-7K2M-Q9XD: 40 random bits."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(8))
    return f"SS-{letters[:4]}-{letters[4:]}"


def code_in(text: str) -> str:
    """The code that stands in a message, in its one spelling; '' when there is none."""
    found = CODE.search(text[:LONGEST])
    if found is None or ("-" not in found[0] and (found[1] + found[2]).islower() and (found[1] + found[2]).isalpha()):
        return ""  # "ss" and two English words
    return "SS-" + f"{found[1]}-{found[2]}".upper().translate(LOOKALIKES)


def menu_for(roles: Collection[str]) -> Menu:
    """The menu of somebody who holds these roles."""
    if any(role in STAFF for role in roles):
        return "staff"
    return "volunteer" if "volunteer" in roles else "villager"


def join(turn: Turn) -> list[Reply]:
    """Take a role by its code. A code works once, for seven days."""
    invite = people.find_invite(turn.session, code_in(turn.incoming.text))
    if invite is None:
        audit.note(
            turn.session, "invite.unknown", "person", turn.now, actor_id=turn.person.id, subject_id=turn.person.id
        )
        return [turn.reply("join.unknown")]
    if not people.use_invite(turn.session, invite.id, turn.person.id, turn.now):
        return [turn.reply("join.used")]
    people.grant(
        turn.session,
        turn.person.id,
        invite.role,
        invite.province,
        turn.now,
        agency=invite.agency,
        amphoe=invite.amphoe,
        sensitive=invite.sensitive,
    )
    turn.person.province = invite.province
    audit.note(
        turn.session,
        "role.granted",
        "person",
        turn.now,
        actor_id=turn.person.id,
        subject_id=turn.person.id,
        role=invite.role,
    )
    province = turn.desk.province(invite.province)
    place = province.name(turn.lang) if province else invite.province
    menu = menu_for({invite.role, *(role.role for role in turn.roles)})
    if invite.role == "volunteer":
        welcome = turn.reply("join.volunteer", turn.word("forum"), turn.word("help"), province=place)
        return [replace(welcome, menu=menu)]
    who = " ".join(part for part in (invite.agency, place) if part)
    welcome = turn.reply("join.staff", turn.word("queue"), turn.word("digest"), turn.word("help"), who=who)
    return [replace(welcome, menu=menu)]


def leave(turn: Turn) -> list[Reply]:
    """Ask once more: a slip of the finger must not cost anybody their place in the team."""
    if not turn.roles:
        return [turn.reply("join.no_role")]
    sure = presses(turn, "leave_yes", "me.left")
    return [turn.reply("join.leave_sure", sure, presses(turn, "leave_no", "me.stay"))]


def stay(turn: Turn) -> list[Reply]:
    """Do not leave."""
    return [turn.reply("join.stayed" if turn.roles else "join.no_role", turn.word("help"))]


def left(turn: Turn) -> list[Reply]:
    """Give every role back, at once."""
    if not own_button(turn):
        return [turn.reply("erase.not_yours", turn.word("data"))]
    if not people.revoke(turn.session, turn.person.id, turn.now):
        return [turn.reply("join.no_role")]
    audit.note(turn.session, "role.left", "person", turn.now, actor_id=turn.person.id, subject_id=turn.person.id)
    return [replace(turn.reply("join.left"), menu=menu_for(()))]
