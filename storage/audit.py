"""The audit trail: who saw or changed what, in ids."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from storage.models import Audit


def note(
    session: Session,
    act: str,
    subject: str,
    now: datetime,
    *,
    actor_id: int | None = None,
    subject_id: int | None = None,
    **data: Any,
) -> None:
    """Add one act to the trail. `data` holds ids, words and counts, never what somebody said."""
    session.add(Audit(at=now, actor_id=actor_id, act=act, subject=subject, subject_id=subject_id, data=data))
