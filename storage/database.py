"""The database: engine, session factory, and the upgrade to the newest schema."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry

from storage.vault import Vault

BACK = "ROLLBACK TO SAVEPOINT"


def make_engine(url: str) -> Engine:
    """Engine for a database address; on SQLite with the pragmas that make a commit durable.

    SQLite: WAL, `synchronous=FULL` (a commit that returned survives a power cut), and transactions that begin with
    `BEGIN IMMEDIATE` by our own hand, because the driver's handling loses a savepoint opened before the first write.
    Errors never show a statement's values: they are what people told us.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True, hide_parameters=True)
    if parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, connect_args={"check_same_thread": False}, hide_parameters=True)
    # SQLAlchemy compiles each savepoint's statement anew, ten times the cost of running it.
    engine.dialect.do_savepoint = _plainly("SAVEPOINT")  # type: ignore[method-assign, assignment]
    engine.dialect.do_release_savepoint = _plainly("RELEASE SAVEPOINT")  # type: ignore[method-assign, assignment]
    engine.dialect.do_rollback_to_savepoint = _plainly(BACK)  # type: ignore[method-assign, assignment]
    event.listen(engine, "connect", _sqlite_connect)
    event.listen(engine, "begin", _sqlite_begin)
    return engine


def _plainly(words: str) -> Callable[[Connection, str], None]:
    def do(connection: Connection, name: str) -> None:
        raw: Any = connection.connection
        if words == BACK and not raw.in_transaction:
            return  # a full disk undoes the whole transaction, and its savepoints with it
        try:
            raw.execute(f"{words} {name}")
        except sqlite3.OperationalError as error:
            raise OperationalError(words, None, error, hide_parameters=True) from error

    return do


def in_transaction(connection: Connection) -> bool:
    """Whether the transaction still stands: SQLite undoes the whole of it when the disk is full or does not answer."""
    return bool(getattr(connection.connection.dbapi_connection, "in_transaction", True))


def _sqlite_connect(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    raw: Any = connection
    raw.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=15000", "foreign_keys=ON"):
        raw.execute(f"PRAGMA {pragma}")


def _sqlite_begin(connection: Connection) -> None:
    reading = connection.get_execution_options().get("reading", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def make_sessions(engine: Engine, vault: Vault) -> sessionmaker[Session]:
    """Session factory for work that writes; every session carries the vault."""
    return sessionmaker(engine, expire_on_commit=False, autoflush=False, info={"vault": vault})


def make_readers(engine: Engine, vault: Vault) -> sessionmaker[Session]:
    """Session factory for work that only reads: it never waits for the writer."""
    return make_sessions(engine.execution_options(reading=True), vault)


def alembic_config() -> Config:
    """Alembic, configured in code: the scripts lie in this package."""
    config = Config()
    config.set_main_option("script_location", "storage:migrations")
    config.set_main_option("path_separator", "os")
    return config


def upgrade(engine: Engine) -> None:
    """Bring the schema to the newest version; does nothing when it is there already."""
    if is_current(engine):
        return
    config = alembic_config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def is_current(engine: Engine) -> bool:
    """Whether the database's schema is the one this release was written for."""
    head = ScriptDirectory.from_config(alembic_config()).get_current_head()
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == head
