from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from storage import inbox, outbox, people, retaining
from storage.models import Dialogue, Inbox, Invite, Outbox, Person, Tombstone
from storage.retaining import PAGE, RULES
from tests.rig import WEDNESDAY, Database

BY_KIND = {rule.kind: rule for rule in RULES}


def fill(database: Database, count: int = 1) -> None:
    with database.sessions.begin() as session:
        arrivals = [inbox.Arrival("line", f"e{number}", "U1", b"words", f"M{number}") for number in range(count)]
        for waiting in inbox.keep(session, arrivals, WEDNESDAY):
            inbox.finish(session, waiting.id, "done", WEDNESDAY)
        inbox.keep(session, [inbox.Arrival("line", "waits", "U1", b"words")], WEDNESDAY)
        sent = outbox.post(session, "local", "U1", b"said", WEDNESDAY, quota="status")
        outbox.settle(session, sent, "sent", WEDNESDAY, keep_body=True)
        outbox.post(session, "local", "U1", b"waits", WEDNESDAY, quota="status")
        inbox.bury(session, "line", "M-1", WEDNESDAY)
        people.add_invite(session, "SS-1111-1111", "staff", "trat", WEDNESDAY - timedelta(days=7))
        for name in ("ask", "forum"):
            person = people.person_of(session, "line", name, WEDNESDAY)
            people.set_dialogue(session, person.id, name, {"forum": 1}, WEDNESDAY)


def left(database: Database) -> dict[str, int]:
    wanted = {
        "raw events": select(func.count()).where(Inbox.payload_sealed.is_not(None)),
        "answers": select(func.count()).where(Outbox.body_sealed.is_not(None)),
        "dialogues": select(func.count()).select_from(Dialogue),
        "tombstones": select(func.count()).select_from(Tombstone),
        "invites": select(func.count()).select_from(Invite),
    }
    with database.readers() as session:
        return {kind: session.scalar(statement) or 0 for kind, statement in wanted.items()}


@pytest.mark.parametrize("kind", list(BY_KIND))
def test_each_rule_ends_what_is_older_than_its_days_and_nothing_else(database: Database, kind: str) -> None:
    fill(database)
    rule, before = BY_KIND[kind], left(database)
    day = WEDNESDAY + timedelta(days=rule.days)
    with database.sessions.begin() as session:
        assert retaining.page(session, rule, day) == 0, "on its last day it is still there"
    later = day + timedelta(minutes=1)
    with database.readers() as session:
        assert retaining.count(session, rule, later) == 1
    assert left(database) == before, "counting writes nothing"
    with database.sessions.begin() as session:
        assert retaining.page(session, rule, later) == 1
        assert retaining.page(session, rule, later) == 0
    assert left(database) == {**before, kind: before[kind] - 1}
    with database.readers() as session:
        assert session.scalar(select(func.count()).select_from(Person)) == 2


def test_pages_have_a_bound(database: Database) -> None:
    fill(database, PAGE + 1)
    old = WEDNESDAY + timedelta(days=31)
    for expected in (PAGE, 1, 0):
        with database.sessions.begin() as session:
            assert retaining.page(session, BY_KIND["raw events"], old) == expected
