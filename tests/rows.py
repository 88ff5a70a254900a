"""Rows with values of every kind for every table, whatever they mean."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Boolean, Column, Float, Integer, LargeBinary, String, Table, delete, insert, select
from sqlalchemy.types import JSON

from storage import marks
from storage.models import Base, Mark, Tombstone
from storage.models.base import UtcDateTime
from tests import rig
from tests.rig import WEDNESDAY

ODD = "ก\\.\t\n'\"\\N, น้ำ 🙂"  # what means something to PostgreSQL's COPY
MANY = 2_500  # rows of one of the tables
LATER = {("forum_item", "merged_into_id"): 2}  # what names a later row of its own table
NOT_FILLED = ("blob", "lease")


def fill(database: rig.Database) -> None:
    """Two rows for every table, what may be empty so in the second; the mark of the key stays."""
    with database.engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        connection.execute(delete(Mark).where(Mark.name != marks.KEY))
        for table in Base.metadata.sorted_tables:
            if table.name not in NOT_FILLED:
                rows = [{column.name: value_for(column, number) for column in table.columns} for number in (1, 2)]
                rows[1].update({column.name: None for column in table.columns if column.nullable})
                for row in rows:
                    connection.execute(insert(table), row)
        stones = [{"message_key": number.to_bytes(20, "big"), "at": WEDNESDAY} for number in range(MANY)]
        connection.execute(insert(Tombstone), stones)


def value_for(column: Column[Any], number: int) -> Any:
    """A value that a column can take, different for each number."""
    kind = column.type
    if column.foreign_keys or isinstance(kind, Integer):
        return LATER.get((column.table.name, column.name), number)
    if isinstance(kind, String):
        return f"{number} {ODD}"[: kind.length]
    values: dict[type, Any] = {
        Boolean: number == 1,
        Float: 0.1 + 0.2 * number,
        JSON: {"z": ODD, "a": [1, 0.1, None, True, "\x00", "\ud800"]},
        LargeBinary: bytes([number, 0, 255, 92]) * 5,
        UtcDateTime: datetime(9999, 12, 31, tzinfo=UTC) if number == 1 else WEDNESDAY + timedelta(microseconds=1),
    }
    return next(value for known, value in values.items() if isinstance(kind, known))


def rows_of(database: rig.Database, table: Table) -> list[tuple[Any, ...]]:
    """Every row of a table."""
    with database.engine.connect() as connection:
        return sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
