"""Erasing a person from the live database: at once, in one transaction, all that `storage.holdings` counts.

Rows that others count on stay as empty shells: reports, timelines, digests that name their ids. What is in a backup
goes with the backup, within the days that the law gives.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from storage import audit, quoting
from storage.models import (
    Backing,
    Consent,
    Digest,
    Due,
    Erasure,
    Forum,
    ForumItem,
    Identity,
    Inbox,
    Medium,
    Outbox,
    Person,
    Report,
    ReportEvent,
    ReportPart,
    Role,
)
from storage.outbox import NOBODY
from storage.people import end_dialogue
from storage.quoting import Quoted
from storage.reports import CLOSED, words_of
from storage.vault import vault_of

DUE = timedelta(days=90)  # PDPA s.33 with the ministry's rule on erasure: 90 days, backups included
DIGESTS = 2_000  # newest digests in which an erased voice is looked for


def take(session: Session, person_id: int, now: datetime) -> Erasure | None:
    """Begin to erase a person; None when somebody else has. On PostgreSQL the second waits for the first."""
    mine = update(Person).where(Person.id == person_id, Person.erased_at.is_(None)).values(erased_at=now)
    if not session.connection().execute(mine).rowcount:
        return None
    while True:
        receipt = "".join(secrets.choice("0123456789") for _ in range(7))
        if session.scalar(select(Erasure.id).where(Erasure.receipt == receipt)) is None:
            break
    row = Erasure(person_id=person_id, receipt=receipt, asked_at=now, due_at=now + DUE)
    session.add(row)
    session.flush()
    audit.note(session, "erased", "person", now, subject_id=person_id, erasure=row.id)
    return row


def newest_of(session: Session, person_id: int) -> Erasure | None:
    """A person's newest request."""
    return session.scalar(select(Erasure).where(Erasure.person_id == person_id).order_by(Erasure.id.desc()).limit(1))


def unfinished(session: Session, before: datetime, limit: int) -> list[Erasure]:
    """Requests from before a time whose last traces are still there."""
    old = select(Erasure).where(Erasure.done_at.is_(None), Erasure.asked_at < before)
    return list(session.scalars(old.order_by(Erasure.id).limit(limit)))


def reports_of(session: Session, person_id: int) -> list[Report]:
    """The reports that are to go: the person's own."""
    return list(session.scalars(select(Report).where(Report.reporter_id == person_id, Report.erased_at.is_(None))))


def person(session: Session, person_id: int, now: datetime, *, inbox_id: int | None) -> None:
    """Blank everything that is held about a person.

    `inbox_id` is the row of the event that asks for it: what their chats said before goes, it and what follows stay
    for the one who says it, a stranger now. None: everything goes, also what waits.
    """
    found = reports_of(session, person_id)
    _quotes(session, found, person_id)
    _events(session, found, person_id, inbox_id)
    for first in range(0, len(found), 500):
        _reports(session, found[first : first + 500], now)
    _relayed(session, person_id)
    _chats(session, quoting.chats_of(session, [person_id]), inbox_id)
    _standing(session, person_id, now)
    row = session.get_one(Person, person_id, populate_existing=True)
    row.language, row.province, row.tambon_code = "th", "", ""
    row.noticed_at = row.muted_at = row.paused_at = row.banned_at = row.burst_at = None
    row.open_report_id = row.quiet_until = row.awaited_by_id = None
    row.burst, row.erased_at = 0, row.erased_at or now
    session.flush()


def _quotes(session: Session, found: Sequence[Report], person_id: int) -> None:
    """What other chats were told of the reports, officers' drafts, and digests that quote them."""
    texts = [text for row in found for text in (row.summary, row.masked_text, words_of(session, row.id)) if text]
    codes, ids = tuple(row.code for row in found), tuple(row.id for row in found)
    quoted = Quoted(tuple(dict.fromkeys(texts)), codes, ids, all_of_it=True)
    quoting.blank_answers(session, quoted, quoting.chats_of_team(session))
    quoting.blank_joint(session, quoted)
    quoting.blank_dialogues(session, quoted, person_id)
    _digests(session, found)


def _events(session: Session, found: Sequence[Report], person_id: int, inbox_id: int | None) -> None:
    """The events that became these reports or a forum's items, also those that came in a group."""
    ids = [row.id for row in found]
    noted = select(Forum.id).where(Forum.volunteer_id == person_id)
    keys = set(session.scalars(select(ForumItem.message_key).where(ForumItem.forum_id.in_(noted))))
    for first in range(0, len(ids), 500):
        some = ids[first : first + 500]
        keys |= set(session.scalars(select(ReportPart.message_key).where(ReportPart.report_id.in_(some))))
        keys |= set(session.scalars(select(Medium.message_key).where(Medium.report_id.in_(some))))
    known = [key for key in keys if key is not None]
    for first in range(0, len(known), 500):
        events = update(Inbox).where(Inbox.message_key.in_(known[first : first + 500]))
        events = events if inbox_id is None else events.where(Inbox.id < inbox_id)
        session.execute(events.values(payload_sealed=None))


def _digests(session: Session, found: Sequence[Report]) -> None:
    """Write down which digests lose a voice: their figures stay, and a voice is read from its report."""
    ids = {row.id for row in found}
    wanted = select(Digest.id, Digest.content).where(Digest.province.in_({row.province for row in found}))
    for digest_id, content in session.execute(wanted.order_by(Digest.id.desc()).limit(DIGESTS)):
        voices = ids & {group.get("voice") for group in content.get("groups", ())}
        if voices:
            at = max(row.updated_at for row in found)
            audit.note(session, "voice_erased", "digest", at, subject_id=digest_id, voices=len(voices))


def _reports(session: Session, found: Sequence[Report], now: datetime) -> None:
    ids = [row.id for row in found]
    for row in found:
        row.masked_text = row.summary = row.tambon_code = row.place_source = ""
        row.place_sealed = row.place_key = row.source_sealed = None
        row.alternatives, row.evidence = [], []
        row.on_behalf, row.rating = "", None
        row.status = row.status if row.status in CLOSED else "cancelled"
        row.erased_at, row.updated_at = now, now
    session.flush()
    session.execute(
        update(ReportPart)
        .where(ReportPart.report_id.in_(ids))
        .values(text_sealed=None, message_key=None, removed_at=now)
    )
    session.execute(update(ReportEvent).where(ReportEvent.report_id.in_(ids)).values(note_sealed=None))
    nothing = vault_of(session).seal("", "ref")
    session.execute(
        update(Medium)
        .where(Medium.report_id.in_(ids))
        .values(
            state="removed",
            ref_sealed=nothing,
            name_sealed=nothing,
            heard_sealed=None,
            message_key=None,
            album_key=None,
            error="",
        )
    )


def _relayed(session: Session, person_id: int) -> None:
    """What somebody told for others are those others' words: they stay, and lose the one who told them."""
    session.execute(update(Report).where(Report.relayed_by_id == person_id).values(relayed_by_id=None))
    noted = select(Forum.id).where(Forum.volunteer_id == person_id)
    session.execute(
        update(ForumItem)
        .where(ForumItem.forum_id.in_(noted))
        .values(text_sealed=None, media_sealed=None, message_key=None)
        .execution_options(synchronize_session=False)
    )
    mine = update(Forum).where(Forum.volunteer_id == person_id)
    session.execute(mine.values(name="", place="", held_on="", headcount=None))
    session.execute(mine.where(Forum.status == "open").values(status="cancelled"))


def _chats(session: Session, chats: Collection[bytes], inbox_id: int | None) -> None:
    """What was said in the person's own chats, by both sides."""
    events = update(Inbox).where(Inbox.chat_key.in_(chats))
    if inbox_id is not None:
        events = events.where(Inbox.id < inbox_id)
    session.execute(events.values(payload_sealed=None))
    session.execute(events.where(Inbox.state != "waiting").values(chat_key=NOBODY))
    nothing = vault_of(session).seal("", "chat")
    answers = update(Outbox).where(Outbox.chat_key.in_(chats))
    gone = {"body_sealed": None, "token_sealed": None, "chat_sealed": nothing, "chat_key": NOBODY}
    session.execute(answers.where(Outbox.state == "waiting").values(state="dropped"))
    session.execute(answers.values(gone))


def _standing(session: Session, person_id: int, now: datetime) -> None:
    """Roles, consents, what they stand behind, what they are in the middle of, and their accounts."""
    session.execute(update(Role).where(Role.person_id == person_id, Role.revoked_at.is_(None)).values(revoked_at=now))
    session.execute(update(Consent).where(Consent.person_id == person_id).values(report_id=None, forum_id=None))
    session.execute(delete(Backing).where(Backing.person_id == person_id))
    end_dialogue(session, person_id)
    session.execute(update(Person).where(Person.awaited_by_id == person_id).values(awaited_by_id=None))
    session.execute(delete(Identity).where(Identity.person_id == person_id))


def timers(session: Session, keys: Collection[str]) -> None:
    """Take away what was to happen about them."""
    session.execute(delete(Due).where(Due.key.in_(keys)))


def last_traces(session: Session, erasure: Erasure, inbox_id: int, now: datetime) -> None:
    """Take away the receipt itself and what came in between; then the request is done.

    `inbox_id` is the row of the event that asked; 0 where nobody asked in a chat.
    """
    asked = session.get(Inbox, inbox_id) if inbox_id else None
    if asked is not None and asked.chat_key != NOBODY:
        nothing = vault_of(session).seal("", "chat")
        gone = {"body_sealed": None, "token_sealed": None, "chat_sealed": nothing, "chat_key": NOBODY}
        answers = update(Outbox).where(Outbox.inbox_id == inbox_id, Outbox.chat_key == asked.chat_key)
        session.execute(answers.where(Outbox.state == "waiting").values(state="dropped"))
        session.execute(answers.values(gone))
        events = update(Inbox).where(Inbox.chat_key == asked.chat_key, Inbox.id <= inbox_id)
        session.execute(events.values(payload_sealed=None, chat_key=NOBODY))
    if reports_of(session, erasure.person_id):
        person(session, erasure.person_id, now, inbox_id=inbox_id)
    erasure.done_at = now
    session.flush()
