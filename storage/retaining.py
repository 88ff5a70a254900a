"""How long things are kept, and their end, a page at a time: no transaction holds up the others for long."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update
from sqlalchemy.orm import Session

from storage.models import Base, Dialogue, Inbox, Invite, Outbox, Tombstone

PAGE = 500  # rows of one transaction


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of thing, how many days it is kept and why. `blanks` names the column that ends; '': the row does."""

    kind: str
    days: int
    why: str
    table: type[Base]
    old: Callable[[datetime], ColumnElement[bool]]
    blanks: str = ""


RULES = (
    Rule(
        "raw events",
        30,
        "long enough to look into a complaint; what was said stands in the reports",
        Inbox,
        lambda before: and_(
            Inbox.state.in_(("done", "ignored")), Inbox.payload_sealed.is_not(None), Inbox.done_at < before
        ),
        "payload_sealed",
    ),
    Rule(
        "answers",
        30,
        "the local chat page reads them; on a platform they go once they are sent",
        Outbox,
        lambda before: and_(Outbox.state != "waiting", Outbox.body_sealed.is_not(None), Outbox.created_at < before),
        "body_sealed",
    ),
    Rule(
        "dialogues",
        30,
        "a question that nobody answered for a month; an open forum stays",
        Dialogue,
        lambda before: and_(Dialogue.updated_at < before, Dialogue.name != "forum"),
    ),
    Rule(
        "tombstones",
        180,
        "platforms repeat a message for days; half a year is on the safe side",
        Tombstone,
        lambda before: Tombstone.at < before,
    ),
    Rule(
        "invites",
        90,
        "who joined by which code stands in the audit trail",
        Invite,
        lambda before: or_(Invite.used_at < before, and_(Invite.used_at.is_(None), Invite.expires_at < before)),
    ),
)


def count(session: Session, rule: Rule, now: datetime) -> int:
    """How many rows a rule would end."""
    old = rule.old(now - timedelta(days=rule.days))
    return session.scalar(select(func.count()).select_from(rule.table).where(old)) or 0


def page(session: Session, rule: Rule, now: datetime) -> int:
    """End a page of what a rule ends; how many rows: 0 when nothing is left."""
    key = rule.table.__mapper__.primary_key[0]
    old = rule.old(now - timedelta(days=rule.days))
    ids = list(session.scalars(select(key).where(old).order_by(key).limit(PAGE)))
    if ids:
        mine = key.in_(ids)
        ends = update(rule.table).values({rule.blanks: None}) if rule.blanks else delete(rule.table)
        session.execute(ends.where(mine, old).execution_options(synchronize_session=False))
    return len(ids)
