"""All rows from one database into another, and fingerprints that tell whether both hold the same.

Rows pass through the tables' own types, so that what is true, a time or JSON on one side is so on the other. They go
in by COPY: several times as fast as INSERT, and one statement a table, so that a row may name a later one of its table.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import ColumnElement, Connection, String, Table, collate, func, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from storage import blobs, marks
from storage.models import Base, Blob, Lease, Mark, Medium

PAGE = 1000  # rows that are held in memory at a time
FILES = "blob"  # the table whose rows are files beside an SQLite database
# What processes hold that do not run any more; and files, which are looked at one by one.
_NOT_COPIED = {Lease.__tablename__, FILES}
_NOT_OURS = text("""
SELECT class.relname FROM pg_class AS class JOIN pg_namespace AS space ON space.oid = class.relnamespace
WHERE class.relkind IN ('r', 'p') AND space.nspname = current_schema() AND NOT EXISTS (
    SELECT FROM pg_depend AS needs
    WHERE needs.classid = 'pg_class'::regclass AND needs.objid = class.oid AND needs.deptype = 'e'
) ORDER BY class.relname
""")

Tell = Callable[[int], None]


class DoesNotFit(Exception):
    """A text is longer than its column; the text says which row's."""


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """How many rows a table has, and the SHA-256 of all their values in the order of their keys."""

    rows: int
    sha256: str


def tables() -> list[Table]:
    """The tables whose rows move, those that others refer to first."""
    return [table for table in Base.metadata.sorted_tables if table.name not in _NOT_COPIED]


def count(connection: Connection) -> int:
    """How many rows there are to move."""
    return sum(connection.scalar(select(func.count()).select_from(table)) or 0 for table in tables())


def filled(connection: Connection) -> str:
    """The first table that holds a row; '' when all are empty. Marks and leases are there from the first start on."""
    looked_at = [table for table in Base.metadata.sorted_tables if table.name not in (Lease.__tablename__, "mark")]
    return next((one.name for one in looked_at if connection.execute(select(1).select_from(one).limit(1)).first()), "")


def strangers(connection: Connection) -> list[str]:
    """Names of tables in a PostgreSQL database that are neither ours nor Procrastinate's nor an extension's."""
    ours = {*Base.metadata.tables, "alembic_version"}
    names = connection.scalars(_NOT_OURS)
    return [name for name in names if name not in ours and not name.startswith("procrastinate_")]


def encoding(connection: Connection) -> str:
    """In which encoding a PostgreSQL database keeps its texts."""
    return str(connection.scalar(text("SHOW server_encoding")))


def same_key(source: Connection, target: Connection) -> bool:
    """Whether the same key seals both, as far as the second has a mark of one."""
    wanted = select(Mark.value).where(Mark.name == marks.KEY)
    found = target.scalar(wanted)
    return found is None or found == source.scalar(wanted)


def take_hold(target: Connection) -> None:
    """Keep all others away until this transaction ends, and let it last as long as it must.

    :raises OperationalError: somebody is at work there for longer than five seconds.
    """
    for setting in ("statement_timeout = 0", "idle_in_transaction_session_timeout = 0", "lock_timeout = '5s'"):
        target.exec_driver_sql(f"SET LOCAL {setting}")
    target.exec_driver_sql(f"LOCK TABLE {_all_tables(target)} IN ACCESS EXCLUSIVE MODE")


def begin_anew(target: Connection) -> None:
    """Drop what a first start left, marks and leases, and write into fresh files.

    Only of fresh files nothing remains when the transaction does not end well: a move that the disk was too small for
    would otherwise leave it full.
    """
    target.exec_driver_sql(f"TRUNCATE {_all_tables(target)}")


def _all_tables(target: Connection) -> str:
    return ", ".join(map(target.dialect.identifier_preparer.format_table, Base.metadata.sorted_tables))


def copy_rows(source: Connection, target: Connection, table: Table, tell: Tell) -> int:
    """Write all rows of a table into PostgreSQL; `tell` hears of every page.

    Returns in how many rows NUL characters were left out.

    :raises DoesNotFit: a text is too long.
    :raises OperationalError: the server refuses.
    """
    prepare = target.dialect.identifier_preparer
    columns = ", ".join(prepare.format_column(column) for column in table.columns)
    bound = _bound(table, target)
    texts, mended = _texts(table), 0
    raw: Any = target.connection.dbapi_connection
    try:
        with raw.cursor() as cursor, cursor.copy(f"COPY {prepare.format_table(table)} ({columns}) FROM STDIN") as into:
            for page in _pages(source, table):
                for row in page:
                    values = _without_nul(row, texts)
                    mended += values is not row
                    _see_that_it_fits(table, values)
                    into.write_row(bound(values))
                tell(len(page))
    except psycopg.Error as error:  # its second line holds values
        raise OperationalError("COPY", None, error, hide_parameters=True) from error
    return mended


def copy_file(target: Connection, sha256: str, sealed: bytes) -> None:
    """Write a sealed file."""
    blobs.put(Session(target), sha256, sealed)


def number_on(target: Connection) -> None:
    """Let new rows be numbered behind those that came, and the server learn how many these are."""
    for table in Base.metadata.sorted_tables:
        column = table.autoincrement_column
        if column is not None:
            sequence = func.pg_get_serial_sequence(table.name, column.name)
            target.execute(select(func.setval(sequence, func.max(column))).having(func.max(column).is_not(None)))
        target.exec_driver_sql(f"ANALYZE {target.dialect.identifier_preparer.format_table(table)}")


def fingerprint(connection: Connection, table: Table, tell: Tell) -> Fingerprint:
    """The fingerprint of a table; `tell` hears of every page."""
    digest, rows, texts = hashlib.sha256(), 0, _texts(table)
    for page in _pages(connection, table):
        for row in page:
            digest.update(repr(_without_nul(row, texts)).encode())
        rows += len(page)
        tell(len(page))
    return Fingerprint(rows, digest.hexdigest())


def fingerprint_of_files(files: Iterable[Path], tell: Tell) -> Fingerprint:
    """The fingerprint of sealed files, given in the order of their names."""
    digest, rows = hashlib.sha256(), 0
    for path in files:
        digest.update(path.name.encode() + hashlib.sha256(path.read_bytes()).digest())
        rows += 1
        tell(1)
    return Fingerprint(rows, digest.hexdigest())


def fingerprint_of_blobs(connection: Connection, tell: Tell) -> Fingerprint:
    """The same of the sealed files in PostgreSQL."""
    digest, rows = hashlib.sha256(), 0
    wanted = select(Blob.sha256, func.sha256(Blob.sealed)).order_by(collate(Blob.sha256, "C"))
    for page in connection.execute(wanted, execution_options={"yield_per": PAGE}).partitions():
        for name, sha256 in page:
            digest.update(name.encode() + sha256)
        rows += len(page)
        tell(len(page))
    return Fingerprint(rows, digest.hexdigest())


def without_file(target: Connection) -> list[tuple[int, str]]:
    """Row ids and hashes of kept media whose files are not there."""
    lost = (
        select(Medium.id, Medium.sha256)
        .where(Medium.state == "kept", ~select(1).where(Blob.sha256 == Medium.sha256).exists())
        .order_by(Medium.id)
    )
    return [(row.id, row.sha256) for row in target.execute(lost)]


def _pages(connection: Connection, table: Table) -> Iterator[Sequence[tuple[Any, ...]]]:
    wanted = select(table).order_by(*(_ordered(column, connection) for column in table.primary_key))
    for page in connection.execute(wanted, execution_options={"yield_per": PAGE}).partitions():
        yield [tuple(row) for row in page]  # a Row's own repr cuts long values off


def _ordered(column: ColumnElement[Any], connection: Connection) -> ColumnElement[Any]:
    """A key in the same order everywhere: SQLite compares bytes, PostgreSQL as its locale has it."""
    if isinstance(column.type, String) and connection.dialect.name == "postgresql":
        return collate(column, "C")
    return column


def _texts(table: Table) -> list[int]:
    return [place for place, column in enumerate(table.columns) if isinstance(column.type, String)]


def _without_nul(row: tuple[Any, ...], texts: Sequence[int]) -> tuple[Any, ...]:
    """The same row where its texts hold no NUL character, which PostgreSQL does not take and the doors leave out."""
    if not any(row[place] and "\x00" in row[place] for place in texts):
        return row
    values = list(row)
    for place in texts:
        values[place] = values[place] and values[place].replace("\x00", "")
    return tuple(values)


def _see_that_it_fits(table: Table, row: tuple[Any, ...]) -> None:
    """SQLite keeps texts of any length in a column, PostgreSQL only what was declared."""
    for column, value in zip(table.columns, row, strict=True):
        longest = column.type.length if isinstance(column.type, String) else None
        if longest is not None and value is not None and len(value) > longest:
            key = ", ".join(str(row[place]) for place, one in enumerate(table.columns) if one.primary_key)
            raise DoesNotFit(f"table {table.name}, row {key}: {column.name} has {len(value)} letters, {longest} fit")


def _bound(table: Table, target: Connection) -> Callable[[tuple[Any, ...]], list[Any]]:
    """What makes of a row's values what the driver takes."""
    kinds = [column.type.dialect_impl(target.dialect) for column in table.columns]
    processors = [kind.bind_processor(target.dialect) for kind in kinds]

    def bound(row: tuple[Any, ...]) -> list[Any]:
        return [
            value if process is None or value is None else process(value)
            for value, process in zip(row, processors, strict=True)
        ]

    return bound
