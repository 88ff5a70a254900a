"""What the bare door keeps bodies with: one durable commit for all that wait, on either database."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence

import psycopg
from sqlalchemy.engine import make_url

Body = tuple[bytes, bytes]  # what tells it from others, as an event's id does, and the body itself
Keep = Callable[[Sequence[Body]], None]


def open_keeper(address: str) -> Keep:
    """Make the table in an empty database; returns what writes bodies into it. Both belong to the calling thread."""
    url = make_url(address)
    return _sqlite(url.database or "") if url.get_backend_name() == "sqlite" else _postgresql(address)


def _sqlite(path: str) -> Keep:
    database = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL"):
        database.execute(f"PRAGMA {pragma}")
    database.execute("CREATE TABLE kept (id INTEGER PRIMARY KEY, body BLOB NOT NULL)")

    def keep(bodies: Sequence[Body]) -> None:
        database.execute("BEGIN IMMEDIATE")
        database.executemany("INSERT INTO kept (body) VALUES (?)", [(body,) for _, body in bodies])
        database.execute("COMMIT")

    return keep


def _postgresql(address: str) -> Keep:
    database = psycopg.connect(address, autocommit=True)
    database.execute(
        "CREATE TABLE kept (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, key bytea NOT NULL UNIQUE, body bytea)"
    )

    def keep(bodies: Sequence[Body]) -> None:
        keys, said = [key for key, _ in bodies], [body for _, body in bodies]
        words = "INSERT INTO kept (key, body) SELECT * FROM unnest(%b::bytea[], %b::bytea[]) ON CONFLICT DO NOTHING"
        database.execute(words, (keys, said), prepare=True)

    return keep
