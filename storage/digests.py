"""Digests: counted from the reports, kept as they were answered."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, not_, or_, select
from sqlalchemy.orm import Session

from storage.models import Digest, Report
from storage.paused import in_use
from storage.reports import NOT_A_VOICE, for_roster
from storage.vault import vault_of


@dataclass(frozen=True, slots=True)
class Line:
    """What counting needs of one report."""

    id: int
    kind: str
    category: str
    sub: str
    amphoe_code: str
    tambon_code: str
    urgency: str
    status: str
    sure: bool
    private: bool  # for the sensitive roster: counted apart
    relayed: bool
    agency: str
    quotable: bool = True  # somebody's life in danger is counted, not quoted


def lines(session: Session, province: str, starts: datetime, ends: datetime, **filters: str) -> list[Line]:
    """The voices of a province with `starts <= created_at < ends`, oldest first.

    :param filters: amphoe_code, tambon_code, agency: equal to a column; category: see `labelled`; '' means any.
    """
    wanted: list[ColumnElement[bool]] = [
        Report.province == province,
        Report.created_at >= starts,
        Report.created_at < ends,
        Report.erased_at.is_(None),
        Report.status.not_in(("cancelled", "duplicate")),  # one problem is one, however many households tell it
        Report.kind.not_in(NOT_A_VOICE),
        in_use(),
    ]
    columns = {"amphoe_code": Report.amphoe_code, "tambon_code": Report.tambon_code, "agency": Report.agency}
    wanted += [columns[name] == value for name, value in filters.items() if value and name != "category"]
    if labels := filters.get("category", ""):
        wanted.append(labelled(labels))
    rows = session.execute(
        select(
            Report.id,
            Report.kind,
            Report.category,
            Report.sub,
            Report.amphoe_code,
            Report.tambon_code,
            Report.urgency,
            Report.status,
            Report.sure,
            for_roster(),
            Report.relayed_by_id.is_not(None),
            Report.agency,
            Report.private.is_(False),
        )
        .where(*wanted)
        .order_by(Report.id)
    )
    return [Line(*row) for row in rows]


def labelled(labels: str) -> ColumnElement[bool]:
    """Whether a report has one of some core labels.

    :param labels: 'slug' or 'slug/sub', joined by commas; '!slug/sub' takes a part of another one out again.
    """

    def one(label: str) -> ColumnElement[bool]:
        slug, _, sub = label.partition("/")
        return and_(Report.category == slug, Report.sub == sub) if sub else Report.category == slug

    names = labels.split(",")
    without = [not_(one(name[1:])) for name in names if name.startswith("!")]
    return and_(or_(*(one(name) for name in names if not name.startswith("!"))), *without)


def keep(
    session: Session,
    province: str,
    starts_on: str,
    ends_on: str,
    filters: Mapping[str, str],
    content: Mapping[str, Any],
    asked_by_id: int | None,
    now: datetime,
) -> Digest:
    """Keep an answer as a draft; the hash is of its figures in canonical JSON.

    The newest digest with the same question and the same figures is returned instead of a copy of it.
    """
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    asked_before = session.scalars(
        select(Digest)
        .where(
            Digest.province == province,
            Digest.starts_on == starts_on,
            Digest.ends_on == ends_on,
            Digest.sha256 == sha256,
        )
        .order_by(Digest.id.desc())
    )
    for same in asked_before:
        if same.filters == dict(filters):
            return same
    digest = Digest(
        province=province,
        starts_on=starts_on,
        ends_on=ends_on,
        filters=dict(filters),
        content=dict(content),
        sha256=sha256,
        asked_by_id=asked_by_id,
        asked_at=now,
        status="draft",
    )
    session.add(digest)
    session.flush()
    return digest


def by_id(session: Session, digest_id: int) -> Digest | None:
    """The digest of a row id."""
    return session.get(Digest, digest_id)


def decide(session: Session, digest: Digest, status: str, person_id: int, now: datetime, comment: str = "") -> None:
    """Approve or return a digest; its figures stay as they are."""
    digest.status, digest.decided_by_id, digest.decided_at = status, person_id, now
    digest.comment_sealed = vault_of(session).seal(comment, "note") if comment else None
    session.flush()


def comment_of(session: Session, digest: Digest) -> str:
    """Why a digest was returned; '' when it was not."""
    return vault_of(session).open(digest.comment_sealed, "note") if digest.comment_sealed else ""
