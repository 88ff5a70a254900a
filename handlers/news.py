"""News to somebody who has not just spoken."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from sqlalchemy.orm import Session

from handlers.desk import Desk
from handlers.messages import Recipient, Reply
from storage import people
from storage.models import Person

Make = Callable[[Desk, str], Reply]


def to_person(session: Session, desk: Desk, person_id: int, make: Make) -> list[Reply]:
    """A reply to a person, in that person's language; none when they cannot or will not be reached."""
    person = session.get(Person, person_id)
    account = people.account_of(session, person_id)
    if person is None or account is None or person.muted_at or person.paused_at or person.erased_at:
        return []
    return [replace(make(desk, person.language), to=Recipient(*account))]
