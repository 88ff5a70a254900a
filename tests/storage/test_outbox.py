from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from storage import outbox
from storage.models import Outbox
from storage.outbox import Outgoing
from tests.rig import WEDNESDAY, Database

SOON = WEDNESDAY + timedelta(seconds=50)


def post(session: Session, body: bytes = b"said", chat: str = "U1", inbox_id: int | None = None) -> Outgoing:
    return outbox.post(
        session, "line", chat, body, WEDNESDAY, quota="status", inbox_id=inbox_id, token="reply", token_until=SOON
    )


def row(session: Session, outgoing: Outgoing) -> Outbox:
    session.expire_all()
    return session.get_one(Outbox, outgoing.id)


def test_a_parcel_comes_back_as_it_was_posted(database: Database) -> None:
    with database.sessions.begin() as session:
        posted = post(session)
    with database.readers() as session:
        (found,) = outbox.all_unsent(session)
    assert (found.chat, found.body, found.token, found.token_until) == ("U1", b"said", "reply", SOON)
    assert found.retry_key == posted.retry_key
    assert found.chat_key == posted.chat_key


def test_every_parcel_has_a_retry_key_of_its_own(database: Database) -> None:
    with database.sessions.begin() as session:
        assert len({post(session).retry_key for _ in range(20)}) == 20


def test_unsent_parcels_come_oldest_first_in_pages(database: Database) -> None:
    with database.sessions.begin() as session:
        ids = [post(session).id for _ in range(505)]
    with database.readers() as session:
        assert [found.id for found in outbox.all_unsent(session)] == ids


def test_a_settled_parcel_is_not_sent_again_and_its_token_is_forgotten(database: Database) -> None:
    with database.sessions.begin() as session:
        sent, failed = post(session), post(session)
        outbox.settle(session, sent, "sent", SOON)
        outbox.settle(session, failed, "failed", SOON, "refused" * 200)
        assert list(outbox.all_unsent(session)) == []
        assert (row(session, sent).sent_at, row(session, sent).token_sealed) == (SOON, None)
        assert row(session, failed).sent_at is None
        assert len(row(session, failed).error) == 500
        assert outbox.counts(session) == {("line", "sent"): 1, ("line", "failed"): 1}


@pytest.mark.parametrize("state", ["sent", "failed", "blocked"])
def test_what_a_settled_parcel_said_is_forgotten_unless_it_is_read_there(database: Database, state: str) -> None:
    with database.sessions.begin() as session:
        gone, kept = post(session), post(session)
        outbox.settle(session, gone, state, SOON)
        outbox.settle(session, kept, state, SOON, keep_body=True)
        assert row(session, gone).body_sealed is None
        assert row(session, kept).body_sealed is not None


def test_a_postponed_parcel_keeps_its_retry_key_and_counts_its_tries(database: Database) -> None:
    with database.sessions.begin() as session:
        posted = post(session)
        once = outbox.postpone(session, posted, SOON, "429", keep_token=True)
        assert (once.attempts, once.token, once.next_at) == (1, "reply", SOON)
        twice = outbox.postpone(session, once, SOON, "time-out", keep_token=False)
        assert (twice.attempts, twice.token, twice.retry_key) == (2, "", posted.retry_key)
        session.expire_all()
        (found,) = outbox.all_unsent(session)
        assert (found.attempts, found.token, found.next_at) == (2, "", SOON)


def test_what_was_said_to_a_chat_is_what_was_sent_to_it(database: Database) -> None:
    with database.sessions.begin() as session:
        one, two, _waiting = post(session, b"one"), post(session, b"two"), post(session, b"three")
        other = post(session, b"other", "U2")
        for parcel in (one, two, other):
            outbox.settle(session, parcel, "sent", SOON, keep_body=True)
        said = outbox.said_to(session, "line", "U1")
        assert [(row.id, row.body, row.at) for row in said] == [
            (one.id, b"one", WEDNESDAY),
            (two.id, b"two", WEDNESDAY),
        ]
        assert [row.id for row in outbox.said_to(session, "line", "U1", after=one.id)] == [two.id]
        assert outbox.said_to(session, "telegram", "U1") == []


def test_answers_are_complete_or_not_told(database: Database) -> None:
    with database.sessions.begin() as session:
        one, two = post(session, b"one", inbox_id=7), post(session, b"two", inbox_id=7)
        outbox.settle(session, one, "sent", SOON, keep_body=True)
        assert outbox.answers_to(session, 7, "line", "U1") is None
        outbox.settle(session, two, "sent", SOON, keep_body=True)
        assert [row.body for row in outbox.answers_to(session, 7, "line", "U1") or []] == [b"one", b"two"]
        assert outbox.answers_to(session, 8, "line", "U1") == []


def test_what_is_settled_stays_so(database: Database) -> None:
    """A process that stood still meanwhile tells of a failure when another has long sent the parcel."""
    with database.sessions.begin() as session:
        posted = post(session, b"one")
        outbox.settle(session, posted, "sent", SOON)
        outbox.settle(session, posted, "failed", SOON)
        outbox.postpone(session, posted, SOON, "429", keep_token=False)
        assert outbox.counts(session) == {("line", "sent"): 1}
        assert session.query(Outbox).one().attempts == 1


@pytest.mark.postgresql
def test_a_chat_is_looked_after_when_its_oldest_parcel_may_go_and_nobody_has_it(database: Database) -> None:
    hour = timedelta(hours=1)

    def chats(session: Session, now: datetime) -> int:
        return len(outbox.chats_to_send(session, ["line"], now, now + timedelta(minutes=5)))

    with database.sessions.begin() as session:
        leased = outbox.post(session, "line", "U1", b"[]", WEDNESDAY, quota="status", leased_until=WEDNESDAY + hour)
        outbox.post(session, "line", "U1", b"[]", WEDNESDAY, quota="status")
        assert chats(session, WEDNESDAY) == 0, "what comes behind does not overtake"
        assert chats(session, WEDNESDAY + hour) == 1, "whoever had it is dead"
        outbox.postpone(session, leased, WEDNESDAY + 2 * hour, "quota", keep_token=False)
        assert chats(session, WEDNESDAY) == 1, "for what waits for hours nobody waits"
        assert chats(session, WEDNESDAY + 2 * hour - timedelta(minutes=1)) == 0, "for what waits a minute they do"
