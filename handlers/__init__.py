"""The conversation: `respond(incoming, reading, desk, session)` → replies. No SDK, no HTTP, no clock."""

from __future__ import annotations

from sqlalchemy.orm import Session

from handlers.desk import Desk
from handlers.messages import Incoming, Reply
from handlers.router import route
from handlers.turn import Turn
from nlp.reading import Reading
from storage import people


def respond(incoming: Incoming, reading: Reading, desk: Desk, session: Session) -> list[Reply]:
    """Answer one event: write what it changes with `session`, which the caller commits, and return what is said."""
    person = people.person_of(session, incoming.channel, incoming.user or incoming.chat, incoming.at)
    if incoming.language.startswith("en") and person.noticed_at is None and person.open_report_id is None:
        person.language = "en" if not incoming.text or incoming.text.isascii() else "th"
    roles = tuple(people.roles_of(session, person.id))
    replies = route(Turn(incoming, reading, desk, session, person, roles, incoming.at))
    session.flush()
    return replies
