"""How long those waited whose worker was interrupted: told from the rows and from who asked Telegram when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from storage.models import Inbox, Outbox
from tests.kill.heard import Stop


@dataclass(frozen=True, slots=True)
class Wait:
    """What an interruption cost. `chats` had unanswered messages then, and `longest` is the seconds until each of
    them had its next answer; `poller` the seconds until another asked Telegram, None where the one interrupted did not.
    """

    how: str
    chats: int
    longest: float
    poller: float | None


def waits(session: Session, stops: Sequence[Stop], polls: Sequence[tuple[int, float]]) -> list[Wait]:
    """Measure every interruption of a run that came to rest."""
    first_sent = func.min(Outbox.sent_at)
    rows = session.execute(
        select(Inbox.chat_key, Inbox.received_at, first_sent)
        .join(Outbox, Outbox.inbox_id == Inbox.id)
        .group_by(Inbox.id)
    ).all()
    chats: dict[bytes, list[tuple[datetime, datetime]]] = defaultdict(list)
    for chat, received, sent in rows:
        chats[chat].append((received, sent))
    return [_wait(stop, list(chats.values()), polls) for stop in stops]


def _wait(stop: Stop, chats: Sequence[Sequence[tuple[datetime, datetime]]], polls: Sequence[tuple[int, float]]) -> Wait:
    at = datetime.fromtimestamp(stop.began, UTC)
    stranded = [chat for chat in chats if any(received < at < sent for received, sent in chat)]
    next_answers = [min(sent for _, sent in chat if sent > at) for chat in stranded]
    longest = max(((sent - at).total_seconds() for sent in next_answers), default=0.0)
    asked = [by for by, when in polls if when <= stop.began]
    others = [when for by, when in polls if when > stop.began and by != stop.by]
    poller = others[0] - stop.began if asked and asked[-1] == stop.by and others else None
    return Wait(stop.how, len(stranded), round(longest, 1), None if poller is None else round(poller, 1))
