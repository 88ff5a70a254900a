"""A real PostgreSQL: databases of their own on the server that SANSIANG_POSTGRES names, gone afterwards."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

from bot.schema import migrate
from storage.database import make_engine
from tests.wiping import state_of, wiped

VARIABLE = "SANSIANG_POSTGRES"  # a server where databases may be made and dropped
MISSING = f"PostgreSQL: skipped, {VARIABLE} is not set"
BLANK = "template0"  # PostgreSQL's own template, in which nobody ever wrote anything


def address() -> str:
    """The server's address; '' where there is none."""
    return os.environ.get(VARIABLE, "")


def plain(url: str) -> str:
    """An address as PostgreSQL's own tools take it."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def driven(url: str) -> str:
    """An address with the driver named, as an engine takes it."""
    return make_url(url).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)


@dataclass(slots=True)
class Server:
    """The server. `empty` is a database at the newest schema: upgrading once and copying costs less than each time."""

    url: str
    connection: psycopg.Connection[Any]
    family: str  # what the names of this run's databases begin with: several runs may share a server
    made: int = 0
    empty: str = ""
    new: list[Any] = field(default_factory=list)  # the state of a database that was just made
    spare: list[str] = field(default_factory=list)  # databases that were used, and are as new

    def make(self, template: str) -> str:
        """A new database, a copy of another; returns its name.

        Written through the log: PostgreSQL's other way waits for two checkpoints.
        """
        self.made += 1
        name = f"{self.family}_{self.made}"
        words = "CREATE DATABASE {} TEMPLATE {} ENCODING 'UTF8' STRATEGY wal_log"
        self.connection.execute(sql.SQL(words).format(sql.Identifier(name), sql.Identifier(template)))
        return name

    def drop(self, name: str) -> None:
        """Remove a database, whoever still holds a connection to it."""
        self.connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def address_of(self, name: str) -> str:
        """The address of one of its databases."""
        return make_url(self.url).set(database=name).render_as_string(hide_password=False)

    @contextmanager
    def database(self, *, blank: bool = False) -> Iterator[str]:
        """The address of a database that is gone after the block: at the newest schema, or `blank`."""
        name = self.make(BLANK if blank else self.empty)
        try:
            yield self.address_of(name)
        finally:
            self.drop(name)

    @contextmanager
    def lent(self) -> Iterator[str]:
        """The address of a database at the newest schema, for a block that leaves no process behind.

        It may have been used before: nothing is left of that.
        """
        name = self.spare.pop() if self.spare else self.make(self.empty)
        kept = False
        try:
            yield self.address_of(name)
            kept = wiped(self.address_of(name), self.new)
        finally:
            if kept:
                self.spare.append(name)
            else:
                self.drop(name)


@contextmanager
def opened() -> Iterator[Server]:
    """The server, with its database to copy from."""
    url = plain(address())
    with psycopg.connect(url, autocommit=True) as connection:
        server = Server(url, connection, f"sansiang_tests_{secrets.token_hex(4)}")
        server.empty = server.make(BLANK)
        try:
            engine = make_engine(driven(server.address_of(server.empty)))
            migrate(engine)
            engine.dispose()  # a database that somebody is connected to cannot be copied
            with psycopg.connect(server.address_of(server.empty)) as looking:
                server.new = state_of(looking)
            yield server
        finally:
            for name in server.spare:
                server.drop(name)
            server.drop(server.empty)


def raw(url: str) -> bytes:
    """Every byte of every row of every table: as PostgreSQL keeps it, and as text, where a number is its digits."""
    parts: list[bytes] = []
    with psycopg.connect(plain(url)) as connection:
        tables = connection.execute(
            "SELECT schemaname, tablename FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        ).fetchall()
        for table in tables:
            for form in ("binary", "text"):
                words = sql.SQL("COPY {} TO STDOUT (FORMAT {})").format(sql.Identifier(*table), sql.SQL(form))
                with connection.cursor().copy(words) as rows:
                    parts.extend(bytes(row) for row in rows)
    return b"\n".join(parts)
