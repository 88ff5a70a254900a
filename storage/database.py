"""The database: engine, session factory, and the upgrade to the newest schema."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import URL, Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry

from storage.vault import Vault

BACK = "ROLLBACK TO SAVEPOINT"
OLDEST = 13  # PostgreSQL's major version: Procrastinate's SQL needs it
UPGRADING = 7_252_611  # number of the advisory lock that who upgrades holds
# Seconds. A server that vanished is noticed within a quarter of a minute, here and, about us, there.
POSTGRESQL: dict[str, Any] = {
    "connect_timeout": 5,
    "keepalives_idle": 5,
    "keepalives_interval": 3,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,  # milliseconds
    "application_name": "sansiang",
    "client_encoding": "utf8",
    "options": "-c tcp_keepalives_idle=5 -c tcp_keepalives_interval=3 -c tcp_keepalives_count=3",
}


class TooOld(Exception):
    """The server's release is older than what the program's statements need."""


def make_engine(url: str) -> Engine:
    """Engine for a database address: SQLite with the pragmas that make a commit durable, or PostgreSQL.

    SQLite: WAL, `synchronous=FULL` (a commit that returned survives a power cut), and transactions that begin with
    `BEGIN IMMEDIATE` by our own hand, because the driver's handling loses a savepoint opened before the first write.
    Errors never show a statement's values: they are what people told us.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return _postgresql(parsed)
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


def _postgresql(url: URL) -> Engine:
    """Engine for PostgreSQL, by psycopg 3; what the address itself says goes before what is set here."""
    told = {name: value for name, value in POSTGRESQL.items() if name not in url.query}
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"),
        pool_pre_ping=True,
        pool_size=5,
        max_overflow=15,
        hide_parameters=True,
        connect_args=told,
    )
    event.listen(engine, "connect", _young_enough)
    return engine


def _young_enough(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    raw: Any = connection
    version = int(raw.info.server_version)
    if version < OLDEST * 10_000:
        raise TooOld(f"the server is PostgreSQL {version // 10_000}, and {OLDEST} is the oldest that will do")


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
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=15000", "foreign_keys=ON", "secure_delete=ON"):
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
    """Bring the schema to the newest version; does nothing when it is there already, or further.

    Processes that upgrade one PostgreSQL database at the same time do it after each other.
    """
    if schema_of(engine) in {"current", "ahead"}:
        return
    config = alembic_config()
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": UPGRADING})
            if _schema(connection) in {"current", "ahead"}:
                return  # another did it while we waited
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def schema_of(engine: Engine) -> Literal["empty", "behind", "current", "ahead"]:
    """How the database's schema stands to the one this release was written for.

    Ahead is one that a newer release has upgraded: what it added, this one need not know.
    """
    with engine.connect() as connection:
        return _schema(connection)


def _schema(connection: Connection) -> Literal["empty", "behind", "current", "ahead"]:
    scripts = ScriptDirectory.from_config(alembic_config())
    found = MigrationContext.configure(connection).get_current_revision()
    if found is None:
        return "empty"
    if found == scripts.get_current_head():
        return "current"
    try:
        scripts.get_revision(found)
    except CommandError:
        return "ahead"
    return "behind"


def is_current(engine: Engine) -> bool:
    """Whether this release can work with the database's schema."""
    return schema_of(engine) in {"current", "ahead"}
