"""The conversation: `respond(incoming, reading, desk, session)` → replies. No SDK, no HTTP, no clock."""

from __future__ import annotations

import re

from sqlalchemy.orm import Session

from handlers.desk import Desk
from handlers.group import without_personal
from handlers.messages import Incoming, Reply
from handlers.people import code_in
from handlers.privacy import with_rest
from handlers.router import route
from handlers.timers import go_off
from handlers.turn import Turn
from nlp.reading import Reading
from storage import people

THAI = re.compile(r"[\u0e01-\u0e5b]")
ENGLISH = re.compile(r"[A-Za-z]{2,}[ ,.']+[A-Za-z]{2,}[ ,.']+[A-Za-z]{2,}")  # three words: "ok", "Like" decide nothing


def respond(incoming: Incoming, reading: Reading, desk: Desk, session: Session) -> list[Reply]:
    """Answer one event: write what it changes with `session`, which the caller commits, and return what is said."""
    if incoming.kind == "timer":
        replies = go_off(incoming, desk, session)
        session.flush()
        return replies
    person, roles = people.meet(session, incoming.channel, incoming.user or incoming.chat, incoming.at)
    if not incoming.group:
        people.note_private(session, person.id, incoming.channel, incoming.user or incoming.chat, incoming.at)
    if not code_in(incoming.text):
        person.language = language_of(incoming.text, person.language)
    turn = Turn(incoming, reading, desk, session, person, tuple(roles), incoming.at)
    replies = without_personal(turn, with_rest(turn, route(turn)))
    session.flush()
    return replies


def language_of(text: str, current: str) -> str:
    """The language to answer in: the one that is written. Many Thai phones are set to English, so they do not count."""
    if THAI.search(text):
        return "th"
    return "en" if ENGLISH.search(text) else current
