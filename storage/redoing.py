"""Writing the sealed words of a report anew, so that nothing of the old ones is left."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from storage.models import Inbox, Report, ReportPart
from storage.reports import part_text, replace_part


def rewrite(session: Session, report: Report, less: Callable[[str], str], now: datetime) -> list[str]:
    """Let every message of a report that `less` shortens be a new version, and blank the old ones; the old texts.

    Older versions that are out of sight are blanked too, and the events in which the messages came.
    """
    old = []
    for part in list(session.scalars(select(ReportPart).where(ReportPart.report_id == report.id))):
        said = part_text(session, part)
        left = less(said)
        if len(left) >= len(said.strip()):
            continue
        old.append(said)
        if part.removed_at is None:
            replace_part(session, report, part, left, now)
        part.text_sealed = None
        if part.message_key is not None:
            event = update(Inbox).where(Inbox.message_key == part.message_key, Inbox.state != "waiting")
            session.execute(event.values(payload_sealed=None))
    session.flush()
    return old
