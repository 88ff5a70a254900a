"""What a check of the installation needs to know: one sealed value of each kind, and what waits for its bytes."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from storage.models import Inbox, Medium, Outbox, ReportPart
from storage.vault import vault_of


def open_samples(session: Session) -> int:
    """Open the newest sealed value of every kind and tell how many there were.

    :raises SealBroken: our key opens one of them not.
    """
    kinds = ((ReportPart.text_sealed, ReportPart.id, "text"), (Inbox.payload_sealed, Inbox.id, "inbox"))
    opened = 0
    for column, key, purpose in (*kinds, (Outbox.chat_sealed, Outbox.id, "chat")):
        sealed = session.scalar(select(column).where(column.is_not(None)).order_by(key.desc()).limit(1))
        if sealed is not None:
            vault_of(session).open_bytes(sealed, purpose)
            opened += 1
    return opened


def media_counts(session: Session) -> dict[str, int]:
    """How many media stand in each state."""
    rows = session.execute(select(Medium.state, func.count()).group_by(Medium.state))
    return {row[0]: row[1] for row in rows}
