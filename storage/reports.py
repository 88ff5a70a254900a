"""Reports: opened, added to, changed, found. A report's words are its parts; everything else stands on its row."""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, func, insert, not_, or_, select
from sqlalchemy.orm import Session

from storage import spots
from storage.models import Medium, Report, ReportEvent, ReportPart
from storage.models.reports import OPEN_TO_STAFF
from storage.vault import vault_of

UNDERSTOOD = 6000  # letters of a report that are understood together; all of them are kept
CODE_DIGITS = (5, 5, 5, 6, 6, 7, 8, 9)  # one more digit when the shorter codes of a province run out

NOT_A_VOICE = ("spam", "chitchat", "thanks")
# Built once: writing a message's rows and looking at them is what the house does most, and the unit of work costs
# several times this.
_HAPPENED = select(ReportEvent.id).where(
    ReportEvent.report_id == bindparam("report"),
    ReportEvent.kind == bindparam("kind"),
    ReportEvent.at >= bindparam("since"),
)
_WORDS = (
    select(ReportPart.text_sealed)
    .where(ReportPart.report_id == bindparam("report"), ReportPart.removed_at.is_(None))
    .order_by(ReportPart.id)
)
INSERT_PART = insert(ReportPart.__table__).returning(ReportPart.id)  # type: ignore[arg-type]
_CODE = select(Report.__table__.c.id).where(Report.__table__.c.code == bindparam("code"))
INSERT_EVENT = insert(ReportEvent.__table__)  # type: ignore[arg-type]
OVER = ("closed_confirmed", "closed_unconfirmed", "not_ours", "cannot", "cancelled")
# To the team one that joined another is closed too; the one who told it may still add: their words stay their own.
CLOSED = (*OVER, "duplicate")


def for_roster() -> ColumnElement[bool]:
    """The same as `Report.for_roster`, in SQL."""
    open_to_staff = or_(Report.sensitive.is_(None), Report.sensitive.in_([s for s in OPEN_TO_STAFF if s]))
    return and_(Report.private.is_(True), not_(open_to_staff))


def new_code(session: Session, abbr: str, taken: Collection[str] = ()) -> str:
    """A free code such as ชร-48271: digits are random, so that a code tells nothing about how many there are."""
    for digits in CODE_DIGITS:
        code = f"{abbr}-{secrets.randbelow(9 * 10 ** (digits - 1)) + 10 ** (digits - 1)}"
        if code not in taken and session.connection().execute(_CODE, {"code": code}).first() is None:
            return code
    raise RuntimeError(f"no free report code found for {abbr}")


def seal_source(session: Session, source: Mapping[str, Any] | None) -> bytes | None:
    """The columns that a row was imported from, sealed: a table may hold names and numbers of people."""
    return vault_of(session).seal(json.dumps(dict(source), ensure_ascii=False), "source") if source else None


def source_of(session: Session, report: Report) -> dict[str, Any]:
    """The columns that a report was imported from; {} when it was not."""
    if report.source_sealed is None:
        return {}
    columns: dict[str, Any] = json.loads(vault_of(session).open(report.source_sealed, "source"))
    return columns


def add(session: Session, report: Report, text: str | None, now: datetime, *, message: bytes | None = None) -> Report:
    """Write a new report, its first words and the first line of its timeline."""
    session.add(report)
    session.flush()
    if text is not None:
        add_part(session, report, text, now, message=message)
    add_event(session, report.id, "received", now, actor_id=report.relayed_by_id or report.reporter_id)
    return report


def add_part(session: Session, report: Report, text: str, now: datetime, *, message: bytes | None = None) -> int:
    """Add a message's words to a report; returns the part's row id."""
    report.updated_at = now
    values = {
        "report_id": report.id,
        "at": now,
        "message_key": message,
        "text_sealed": vault_of(session).seal(text, "text"),
        "version": 1,
    }
    return int(session.connection().execute(INSERT_PART, values).scalar_one())


def part_text(session: Session, part: ReportPart) -> str:
    """The words of one message; '' when they were taken back."""
    return vault_of(session).open(part.text_sealed, "text") if part.text_sealed else ""


def add_event(
    session: Session,
    report_id: int,
    kind: str,
    now: datetime,
    *,
    actor_id: int | None = None,
    agency: str = "",
    note: str = "",
    public: bool = True,
    **data: Any,
) -> None:
    """Add a line to a report's timeline; `note` is somebody's words and is sealed."""
    values = {
        "report_id": report_id,
        "at": now,
        "kind": kind,
        "actor_id": actor_id,
        "agency": agency,
        "data": data,
        "note_sealed": vault_of(session).seal(note, "note") if note else None,
        "public": public,
    }
    session.connection().execute(INSERT_EVENT, values)


def note_of(session: Session, event: ReportEvent) -> str:
    """The words of a timeline line, '' when there are none."""
    return vault_of(session).open(event.note_sealed, "note") if event.note_sealed else ""


def timeline(session: Session, report_id: int, *, public_only: bool) -> list[ReportEvent]:
    """A report's timeline, oldest first."""
    statement = select(ReportEvent).where(ReportEvent.report_id == report_id).order_by(ReportEvent.id)
    return list(session.scalars(statement.where(ReportEvent.public) if public_only else statement))


def happened_since(session: Session, report_id: int, kind: str, since: datetime) -> bool:
    """Whether a line of a kind came into a report's timeline at a time or later."""
    wanted = {"report": report_id, "kind": kind, "since": since}
    return session.connection().execute(_HAPPENED, wanted).first() is not None


def words_of(session: Session, report_id: int) -> str:
    """What was said, unmasked: the newest version of every message that was not taken back, in order."""
    if any(isinstance(changed, ReportPart) for changed in session.dirty):
        session.flush()  # not for anything else: what a turn changes is best written once, at its end
    vault, parts = vault_of(session), session.connection().execute(_WORDS, {"report": report_id}).scalars()
    return "\n".join(text for sealed in parts if sealed and (text := vault.open(sealed, "text")))


def by_id(session: Session, report_id: int) -> Report | None:
    """The report of a row id; a session asks the database once for each."""
    report = session.get(Report, report_id)
    if report is not None:  # a session by itself forgets what nobody holds, and one turn asks several times
        session.info.setdefault("reports", {})[report_id] = report
    return report


def by_code(session: Session, code: str) -> Report | None:
    """The report of a whole code."""
    return session.scalar(select(Report).where(Report.code == code))


def by_digits(session: Session, digits: str, letters: Collection[str]) -> list[Report]:
    """The reports of a code's digits behind any of these letters: people leave the letters out."""
    codes = [f"{abbr}-{digits}" for abbr in letters]
    return list(session.scalars(select(Report).where(Report.code.in_(codes))))


def by_message(session: Session, key: bytes) -> tuple[Report, ReportPart] | None:
    """The report and part that a platform message became; the newest version of it."""
    row = session.execute(
        select(Report, ReportPart)
        .join(ReportPart, ReportPart.report_id == Report.id)
        .where(ReportPart.message_key == key)
        .order_by(ReportPart.id.desc())
        .limit(1)
    ).first()
    return None if row is None else (row[0], row[1])


def replace_part(session: Session, report: Report, part: ReportPart, text: str, now: datetime) -> None:
    """Put an edited message in the old one's place; the old version is kept, out of sight."""
    part.removed_at = now
    session.add(
        ReportPart(
            report_id=report.id,
            at=part.at,
            message_key=part.message_key,
            text_sealed=vault_of(session).seal(text, "text"),
            version=part.version + 1,
        )
    )
    report.updated_at = now
    session.flush()


def replace_words(session: Session, report: Report, text: str, now: datetime, *, message: bytes | None = None) -> None:
    """Put new words in the place of all that were said; the old ones are kept, out of sight."""
    for part in session.scalars(
        select(ReportPart).where(ReportPart.report_id == report.id, ReportPart.removed_at.is_(None))
    ):
        part.removed_at = now
    session.flush()
    add_part(session, report, text, now, message=message)


def drop_part(session: Session, part: ReportPart, now: datetime) -> None:
    """Take a message out of its report, because it becomes one of its own."""
    part.text_sealed, part.removed_at, part.message_key = None, now, None
    session.flush()


def parts_of_message(session: Session, key: bytes) -> list[tuple[Report, ReportPart]]:
    """The reports and living parts that a platform message became: several, where it was a pasted list."""
    rows = session.execute(
        select(Report, ReportPart)
        .join(ReportPart, ReportPart.report_id == Report.id)
        .where(ReportPart.message_key == key, ReportPart.removed_at.is_(None))
        .order_by(ReportPart.id)
    )
    return [(row[0], row[1]) for row in rows]


def forget_message(session: Session, key: bytes, now: datetime) -> list[Report]:
    """Forget the words, media and place of a message that was taken back; returns the reports it was part of."""
    parts = list(session.scalars(select(ReportPart).where(ReportPart.message_key == key)))
    media = list(session.scalars(select(Medium).where(Medium.message_key == key)))
    for part in parts:
        part.text_sealed, part.removed_at = None, now
    for medium in media:
        medium.state, medium.heard_sealed = "removed", None
        medium.ref_sealed = medium.name_sealed = vault_of(session).seal("", "ref")
        medium.heard_sealed = None
    session.flush()
    pinned = set(session.scalars(select(Report.id).where(Report.place_key == key)))
    ids = {part.report_id for part in parts} | {medium.report_id for medium in media} | pinned
    touched = [report for report in (session.get(Report, report_id) for report_id in sorted(ids)) if report]
    for report in touched:
        if report.id in pinned or report.place_source == "text":  # what the other words tell is read again
            report.place_sealed = report.place_key = None
            report.tambon_code = report.amphoe_code = report.place_source = ""
        elif report.place_sealed is not None:  # a pin stays, the words beside it may be the message's
            report.place_sealed = spots.seal(session, replace(spots.of(session, report), words=""))
    session.flush()
    return touched


def of_person(session: Session, person_id: int, limit: int = 10, offset: int = 0) -> list[Report]:
    """A person's own reports, newest first, relayed ones not included."""
    mine = select(Report).where(Report.reporter_id == person_id).order_by(Report.id.desc())
    return list(session.scalars(mine.offset(offset).limit(limit)))


def open_of(session: Session, person_id: int) -> list[Report]:
    """A person's own reports that are not over and joined no other, oldest first."""
    mine = select(Report).where(Report.reporter_id == person_id, Report.status.not_in(CLOSED))
    return list(session.scalars(mine.where(Report.erased_at.is_(None)).order_by(Report.id)))


def newest_of(session: Session, person_id: int) -> Report | None:
    """The report that a person told last."""
    mine = select(Report).where(Report.reporter_id == person_id)
    return session.scalar(mine.order_by(Report.updated_at.desc(), Report.id.desc()).limit(1))


def confided(session: Session, person_id: int, since: datetime) -> Report | None:
    """The report for the roster that a person told last, if anything happened to it at a time or later."""
    mine = select(Report).where(Report.reporter_id == person_id, Report.updated_at >= since, for_roster())
    newest = mine.where(Report.erased_at.is_(None)).order_by(Report.updated_at.desc(), Report.id.desc())
    return session.scalar(newest.limit(1))


def relayed_by(session: Session, person_id: int, limit: int = 30, offset: int = 0) -> list[Report]:
    """The reports that a volunteer relayed, newest first."""
    relayed = select(Report).where(Report.relayed_by_id == person_id).order_by(Report.id.desc())
    return list(session.scalars(relayed.offset(offset).limit(limit)))


def count_of(session: Session, person_id: int) -> tuple[int, int]:
    """How many reports a person told, and how many they relayed."""
    told = select(func.count()).select_from(Report).where(Report.reporter_id == person_id)
    relayed = select(func.count()).select_from(Report).where(Report.relayed_by_id == person_id)
    return session.scalar(told) or 0, session.scalar(relayed) or 0


def by_ids(session: Session, ids: Collection[int], offset: int = 0, limit: int = 5) -> list[Report]:
    """Reports of a list of ids, newest first, a page of them."""
    chosen = sorted(ids, reverse=True)[offset : offset + limit]
    return list(session.scalars(select(Report).where(Report.id.in_(chosen)).order_by(Report.id.desc())))
