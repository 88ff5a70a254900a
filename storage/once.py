"""Rows that several processes may want to write at the same moment, and that may be there only once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from storage.models import Base


def insert_new(session: Session, table: type[Base], **values: Any) -> bool:
    """Write a row unless one with its key is there; whether it was written.

    On PostgreSQL whoever comes second waits until the first has committed.
    """
    # Inline, and asked to remember: else SQLAlchemy lets PostgreSQL return the new row's key, and says -1 were written.
    new = _insert(session, table).values(**values).on_conflict_do_nothing().inline()
    written = session.connection().execute(new, execution_options={"preserve_rowcount": True})
    return bool(written.rowcount)


def put(session: Session, table: type[Base], key: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    """Write a row, or change the one with its key, in one step: it cannot go away between two."""
    new = _insert(session, table).values(**key, **values).on_conflict_do_update(index_elements=[*key], set_={**values})
    session.connection().execute(new)


def _insert(session: Session, table: type[Base]) -> Any:
    dialect = session.connection().dialect.name
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
