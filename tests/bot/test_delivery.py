"""What a failure means, and how it is written."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest

from bot import delivery
from bot.channels.base import Failure, SendFailed
from bot.delivery import GIVE_UP, LONGEST_WAIT, MONTH_WAIT, Outcome, judge
from bot.letters import dump_replies
from handlers.messages import Reply
from storage import outbox, people
from storage.models import Outbox
from storage.outbox import Outgoing
from tests.bot.wire import Wire
from tests.rig import WEDNESDAY, Database

SAID = dump_replies([Reply("รับเรื่องแล้วค่ะ")])


def parcel(attempts: int = 0, created_at: datetime = WEDNESDAY) -> Outgoing:
    return Outgoing(1, "wire", "U1", b"key", SAID, "retry-key", "status", created_at, attempts=attempts)


@pytest.mark.parametrize(
    ("failure", "retry_after", "attempts", "expected"),
    [
        ("again", None, 0, Outcome("again", 1.0, "why", keep_token=True)),
        ("again", None, 3, Outcome("again", 8.0, "why", keep_token=True)),
        ("again", None, 40, Outcome("again", LONGEST_WAIT, "why", keep_token=True)),
        ("again", 17.0, 5, Outcome("again", 17.0, "why", keep_token=True)),
        ("unsure", None, 0, Outcome("again", 1.0, "why")),
        ("unsure", None, 2, Outcome("again", 4.0, "why")),
        ("token", None, 0, Outcome("again", 0.0, "why")),
        ("token", None, 9, Outcome("again", 0.0, "why")),
        ("blocked", None, 0, Outcome("blocked", error="why")),
        ("quota", None, 0, Outcome("again", MONTH_WAIT, "why")),
        ("never", None, 0, Outcome("failed", error="why")),
    ],
)
def test_what_a_failure_means(failure: Failure, retry_after: float | None, attempts: int, expected: Outcome) -> None:
    assert judge(SendFailed(failure, "why", retry_after), parcel(attempts), WEDNESDAY) == expected


@pytest.mark.parametrize("failure", ["again", "unsure", "token", "quota"])
def test_a_day_later_it_is_given_up_and_shown(failure: Failure) -> None:
    late = parcel(created_at=WEDNESDAY - GIVE_UP - timedelta(seconds=1))
    assert judge(SendFailed(failure, "why"), late, WEDNESDAY).state == "failed"
    just = parcel(created_at=WEDNESDAY - GIVE_UP)
    assert judge(SendFailed(failure, "why"), just, WEDNESDAY).state == "again"


@pytest.mark.parametrize(("age", "token"), [(0, "reply-token"), (49.9, "reply-token"), (50, ""), (3600, "")])
def test_the_free_reply_token_goes_first_while_it_lives(age: float, token: str) -> None:
    wire = Wire()
    waiting = Outgoing(
        1, "wire", "U1", b"k", SAID, "key", "status", WEDNESDAY, "reply-token", WEDNESDAY + timedelta(seconds=50)
    )
    outcome = asyncio.run(delivery.send(wire, waiting, WEDNESDAY + timedelta(seconds=age)))
    assert outcome == Outcome("sent")
    assert (wire.sent[0].reply_token, wire.sent[0].retry_key, wire.sent[0].chat) == (token, "key", "U1")
    assert [reply.text for reply in wire.sent[0].replies] == ["รับเรื่องแล้วค่ะ"]


def test_every_try_carries_the_same_retry_key_and_an_unsure_one_drops_the_token(database: Database) -> None:
    wire = Wire(sending=[SendFailed("again", "503"), SendFailed("unsure", "time-out"), SendFailed("again", "429", 7)])
    until = WEDNESDAY + timedelta(seconds=50)
    with database.sessions.begin() as session:
        waiting = outbox.post(session, "wire", "U1", SAID, WEDNESDAY, quota="status", token="free", token_until=until)
    waits = []
    for _ in range(4):
        outcome = asyncio.run(delivery.send(wire, waiting, WEDNESDAY))
        waits.append(outcome.wait)
        with database.sessions.begin() as session:
            waiting = delivery.settle(session, waiting, outcome, WEDNESDAY)
    assert waits == [1.0, 2.0, 7.0, 0.0]
    assert [one.reply_token for one in wire.tried] == ["free", "free", "", ""]
    assert len({one.retry_key for one in wire.tried}) == 1
    with database.readers() as session:
        assert outbox.counts(session) == {("wire", "sent"): 1}
        assert list(outbox.all_unsent(session)) == []


def test_somebody_who_blocked_us_is_not_written_to_again(database: Database) -> None:
    wire = Wire(sending=[SendFailed("blocked", "403")])
    with database.sessions.begin() as session:
        person = people.person_of(session, "wire", "U1", WEDNESDAY)
        waiting = outbox.post(session, "wire", "U1", SAID, WEDNESDAY, quota="status")
        outcome = asyncio.run(delivery.send(wire, waiting, WEDNESDAY))
        delivery.settle(session, waiting, outcome, WEDNESDAY)
        assert people.account_of(session, person.id) is None
        assert outbox.counts(session) == {("wire", "blocked"): 1}


@pytest.mark.parametrize("outcome", [Outcome("sent"), Outcome("failed", error="400"), Outcome("again", 1.0, "500")])
def test_a_parcel_that_says_nothing_is_nobodys_once_it_is_settled(database: Database, outcome: Outcome) -> None:
    menu = Reply("", menu="villager")
    with database.sessions.begin() as session:
        for body in (dump_replies([menu]), dump_replies([Reply("ออกจากทีมแล้วค่ะ", menu="villager")])):
            waiting = outbox.post(session, "wire", "U1", body, WEDNESDAY, quota="status")
            delivery.settle(session, waiting, outcome, WEDNESDAY)
    with database.readers() as session:
        chats = [database.vault.open(row.chat_sealed, "chat") for row in session.query(Outbox).order_by(Outbox.id)]
        keys = [row.chat_key == outbox.NOBODY for row in session.query(Outbox).order_by(Outbox.id)]
    settled = outcome.state != "again"
    assert (chats, keys) == (["" if settled else "U1", "U1"], [settled, False])
