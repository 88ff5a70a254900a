"""Many reports at once: written in one go by an import, read in pages by an export."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterator, Sequence

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from storage.models import Report, ReportEvent, ReportPart
from storage.paused import in_use
from storage.vault import vault_of

# A digit more than codes of people's own reports begin with: an import must not use up the short ones.
CODE_DIGITS = (6, 6, 7, 7, 8, 9)
PAGE = 1000


def one_at_a_time(session: Session, province: str) -> None:
    """Let no two imports of a province look for what is there and write what is not: SQLite has one writer anyway."""
    if session.connection().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"import {province}", 0))))


def known_keys(session: Session, province: str, keys: Collection[str]) -> set[str]:
    """Those of some source keys that a province's reports have already."""
    found = session.scalars(select(Report.source_key).where(Report.province == province, Report.source_key.in_(keys)))
    return {key for key in found if key is not None}


def new_codes(session: Session, abbr: str, count: int) -> list[str]:
    """Free codes, all different."""
    codes: set[str] = set()
    for digits in CODE_DIGITS:
        least = 10 ** (digits - 1)
        drawn = {f"{abbr}-{secrets.randbelow(9 * least) + least}" for _ in range(count - len(codes))} - codes
        codes |= drawn - set(session.scalars(select(Report.code).where(Report.code.in_(drawn))))
        if len(codes) == count:
            return list(codes)
    raise RuntimeError(f"no {count} free report codes found for {abbr}")


def add_many(session: Session, reports: Sequence[Report], texts: Sequence[str]) -> None:
    """Write new reports, the words of each, and the first line of each timeline, at the time of the report."""
    if not reports:  # an INSERT of no rows would be one row of defaults
        return
    session.add_all(reports)
    session.flush()
    vault = vault_of(session)
    pairs = list(zip(reports, texts, strict=True))
    session.execute(
        insert(ReportPart),
        [
            {"report_id": report.id, "at": report.created_at, "text_sealed": vault.seal(text, "text")}
            for report, text in pairs
        ],
    )
    session.execute(
        insert(ReportEvent),
        [{"report_id": report.id, "at": report.created_at, "kind": "received", "data": {}} for report in reports],
    )


def pages(session: Session, province: str) -> Iterator[list[tuple[Report, str]]]:
    """The reports of a province that are in use, oldest row first, each with its words, in pages of 1,000."""
    after = 0
    while True:
        found = list(
            session.scalars(
                select(Report)
                .where(Report.province == province, Report.erased_at.is_(None), in_use(), Report.id > after)
                .order_by(Report.id)
                .limit(PAGE)
            )
        )
        if not found:
            return
        after = found[-1].id
        words = _words(session, [report.id for report in found])
        session.expunge_all()
        yield [(report, words.get(report.id, "")) for report in found]


def _words(session: Session, ids: Sequence[int]) -> dict[int, str]:
    """What was said, unmasked, by report id: the newest version of every message that was not taken back."""
    vault = vault_of(session)
    said: dict[int, list[str]] = {}
    rows = session.execute(
        select(ReportPart.report_id, ReportPart.text_sealed)
        .where(ReportPart.report_id.in_(ids), ReportPart.removed_at.is_(None), ReportPart.text_sealed.is_not(None))
        .order_by(ReportPart.id)
    )
    for report_id, sealed in rows:
        said.setdefault(report_id, []).append(vault.open(sealed, "text"))
    return {report_id: "\n".join(filter(None, parts)) for report_id, parts in said.items()}
