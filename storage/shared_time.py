"""The database server's clock."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import DateTime, func, select
from sqlalchemy.orm import Session


def server_time(session: Session) -> datetime:
    """The server's time, at this moment and not at the transaction's beginning (PostgreSQL)."""
    at = session.execute(select(func.clock_timestamp(type_=DateTime(timezone=True)))).scalar_one()
    return at.astimezone(UTC)
