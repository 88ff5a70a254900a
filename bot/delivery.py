"""What is sent, by which way, and what a failure means."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

import structlog
from prometheus_client import Counter, Histogram
from sqlalchemy.orm import Session

from bot.channels.base import Channel, Parcel, SendFailed
from bot.channels.local import LocalChannel
from bot.letters import load_replies
from storage import outbox, people
from storage.outbox import Outgoing

GIVE_UP = timedelta(hours=24)  # LINE forgets a retry key after 24 hours; an answer a day late helps nobody
FIRST_WAIT, LONGEST_WAIT = 1.0, 300.0  # seconds
MENU = b'"menu"'  # few parcels bring one: all others are not read again
MONTH_WAIT = 3600.0  # seconds: a used-up monthly quota is looked at again each hour

log = structlog.get_logger()
SENT = Counter("sansiang_sent", "Parcels by how sending ended", ["channel", "outcome"])
AGE = Histogram("sansiang_answer_seconds", "From the event kept to its answer handed over", ["channel"])


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a try ended. `wait` is seconds until the next try, for 'again'."""

    state: Literal["sent", "again", "failed", "blocked"]
    wait: float = 0.0
    error: str = ""
    keep_token: bool = False


async def send(channel: Channel, outgoing: Outgoing, now: datetime) -> Outcome:
    """Try once; no transaction is open meanwhile. The free reply token goes first while it lives."""
    fresh = outgoing.token if outgoing.token_until and now < outgoing.token_until else ""
    try:
        replies = load_replies(outgoing.body)
        if not replies:
            return Outcome("sent")  # what it repeated was taken back while it waited: there is nothing left to say
        await channel.send(Parcel(outgoing.chat, replies, outgoing.retry_key, fresh))
    except SendFailed as failure:
        outcome = judge(failure, outgoing, now)
        log.warning(
            "not sent",
            outbox=outgoing.id,
            channel=channel.name,
            failure=failure.failure,
            reason=failure.reason,
            then=outcome.state,
        )
    except Exception as error:
        # Ours or the platform library's fault. Nobody knows how far it came, and the next try would meet it again.
        log.exception("sending failed", outbox=outgoing.id, channel=channel.name)
        outcome = Outcome("failed", error=type(error).__name__)
    else:
        outcome = Outcome("sent")
        AGE.labels(channel.name).observe(max((now - outgoing.created_at).total_seconds(), 0))
    SENT.labels(channel.name, outcome.state).inc()
    return outcome


def judge(failure: SendFailed, outgoing: Outgoing, now: datetime) -> Outcome:
    """What a failure means for a parcel.

    Nobody knows whether an unsure one arrived: it goes again, by push with its retry key, because a rare duplicate
    is better than a miss.
    """
    if failure.failure == "blocked":
        return Outcome("blocked", error=failure.reason)
    if failure.failure == "never" or now - outgoing.created_at > GIVE_UP:
        return Outcome("failed", error=failure.reason)
    if failure.failure == "token":
        return Outcome("again", 0.0, failure.reason)
    wait = failure.retry_after or min(FIRST_WAIT * 2 ** min(outgoing.attempts, 10), LONGEST_WAIT)
    if failure.failure == "quota":
        return Outcome("again", MONTH_WAIT, failure.reason)
    return Outcome("again", wait, failure.reason, keep_token=failure.failure == "again")


def settle(session: Session, outgoing: Outgoing, outcome: Outcome, now: datetime) -> Outgoing:
    """Write how a try ended; returns the parcel as it stands now."""
    if outcome.state == "again":
        at = now + timedelta(seconds=outcome.wait)
        return outbox.postpone(session, outgoing, at, outcome.error, keep_token=outcome.keep_token)
    keep_body = outgoing.channel == LocalChannel.name
    outbox.settle(session, outgoing, outcome.state, now, outcome.error, keep_body=keep_body)
    if MENU in outgoing.body and all(reply.silent for reply in load_replies(outgoing.body)):
        outbox.forget_chat(session, outgoing)  # it was written for an account that is erased
    if outcome.state == "blocked":
        people.set_blocked(session, outgoing.channel, outgoing.chat, now)
    return replace(outgoing, attempts=outgoing.attempts + 1)
