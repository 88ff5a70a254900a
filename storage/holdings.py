"""What is held about a person, counted and listed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from storage import quoting
from storage.models import (
    Backing,
    Base,
    Consent,
    Dialogue,
    Erasure,
    Forum,
    ForumItem,
    Identity,
    Inbox,
    Medium,
    Outbox,
    Report,
    ReportPart,
    Role,
)


@dataclass(frozen=True, slots=True)
class Held:
    """How many there are of each kind. `files` are pictures, voices, videos and files; `places` what tells where.

    `events` and `answers` are what came and what was said in the person's chats, as far as it is still kept.
    """

    accounts: int
    reports: int
    words: int
    files: int
    places: int
    relayed: int
    forums: int
    items: int
    backing: int
    roles: int
    consents: int
    dialogue: int
    events: int
    answers: int


def held(session: Session, person_id: int) -> Held:
    """Count everything that is held about a person."""

    def count(table: type[Base], *where: ColumnElement[bool]) -> int:
        return session.scalar(select(func.count()).select_from(table).where(*where)) or 0

    own = select(Report.id).where(Report.reporter_id == person_id, Report.erased_at.is_(None))
    noted = select(Forum.id).where(Forum.volunteer_id == person_id)
    chats = quoting.chats_of(session, [person_id])
    unerased = (Report.reporter_id == person_id) & Report.erased_at.is_(None)
    return Held(
        accounts=count(Identity, Identity.person_id == person_id),
        reports=count(Report, unerased),
        words=count(ReportPart, ReportPart.report_id.in_(own), ReportPart.text_sealed.is_not(None)),
        files=count(Medium, Medium.report_id.in_(own), Medium.state != "removed"),
        places=count(Report, unerased, Report.place_sealed.is_not(None)),
        relayed=count(Report, Report.relayed_by_id == person_id),
        forums=count(Forum, Forum.volunteer_id == person_id),
        items=count(ForumItem, ForumItem.forum_id.in_(noted), ForumItem.text_sealed.is_not(None)),
        backing=count(Backing, Backing.person_id == person_id, Backing.left_at.is_(None)),
        roles=count(Role, Role.person_id == person_id, Role.revoked_at.is_(None)),
        consents=count(Consent, Consent.person_id == person_id),
        dialogue=count(Dialogue, Dialogue.person_id == person_id),
        events=count(Inbox, Inbox.chat_key.in_(chats), Inbox.payload_sealed.is_not(None)),
        answers=count(Outbox, Outbox.chat_key.in_(chats), Outbox.body_sealed.is_not(None)),
    )


def rows(session: Session, table: type[Any], *where: ColumnElement[bool]) -> list[Any]:
    """The rows of a table, oldest first."""
    return list(session.scalars(select(table).where(*where).order_by(*table.__table__.primary_key)))


def consents(session: Session, person_id: int) -> list[Consent]:
    """A person's decisions, oldest first."""
    return rows(session, Consent, Consent.person_id == person_id)


def roles(session: Session, person_id: int) -> list[Role]:
    """Every role that a person ever held, oldest first."""
    return rows(session, Role, Role.person_id == person_id)


def erasures(session: Session, person_id: int) -> list[Erasure]:
    """A person's requests to be erased, oldest first."""
    return rows(session, Erasure, Erasure.person_id == person_id)


def accounts(session: Session, person_id: int) -> list[Identity]:
    """A person's accounts, oldest first."""
    return rows(session, Identity, Identity.person_id == person_id)


def reports(session: Session, person_id: int) -> list[Report]:
    """A person's own reports, oldest first, those erased left out."""
    return rows(session, Report, Report.reporter_id == person_id, Report.erased_at.is_(None))


def relayed(session: Session, person_id: int) -> list[Report]:
    """The reports that a person told for others, oldest first."""
    return rows(session, Report, Report.relayed_by_id == person_id)


def parts(session: Session, report_id: int) -> list[ReportPart]:
    """Every version of every message of a report, oldest first."""
    return rows(session, ReportPart, ReportPart.report_id == report_id)


def forums(session: Session, person_id: int) -> list[Forum]:
    """The forums that a person noted, oldest first."""
    return rows(session, Forum, Forum.volunteer_id == person_id)


def items(session: Session, forum_id: int) -> list[ForumItem]:
    """Every item of a forum, oldest first."""
    return rows(session, ForumItem, ForumItem.forum_id == forum_id)


def backed(session: Session, person_id: int) -> list[tuple[Backing, str]]:
    """What a person stands or stood behind, oldest first, each with the code of their own telling of it.

    '' where they told nothing themselves: the other household's code is not theirs to have.
    """
    own = (Report.id == Backing.own_id) & (Report.reporter_id == person_id)
    mine = select(Backing, Report.code).outerjoin(Report, own)
    rows = session.execute(mine.where(Backing.person_id == person_id).order_by(Backing.id))
    return [(row[0], row[1] or "") for row in rows]
