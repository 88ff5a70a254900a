"""Where words still lie: every sealed value is opened with every purpose, every file, and every raw byte."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import LargeBinary, select

from storage.models import Base
from storage.vault import SealBroken, Vault
from tests.rig import Database

PURPOSES = (
    "inbox",
    "outbox",
    "chat",
    "token",
    "user",
    "text",
    "note",
    "place",
    "source",
    "ref",
    "name",
    "heard",
    "dialogue",
    "due",
    "media",
)


def opened(vault: Vault, sealed: bytes) -> Iterator[bytes]:
    """What a sealed value says, whatever it was sealed for."""
    for purpose in PURPOSES:
        try:
            yield vault.open_bytes(sealed, purpose)
        except SealBroken:
            continue


def lying(database: Database, words: str, folder: Path | None = None) -> list[str]:
    """The places where words lie: 'table.column', 'raw' for clear bytes, or a file's name."""
    wanted = [words.encode(), words.encode("unicode_escape")]
    found = []
    with database.readers() as session:
        for table in Base.metadata.sorted_tables:
            for column in table.columns:
                if isinstance(column.type, LargeBinary):
                    for sealed in session.scalars(select(column).where(column.is_not(None))):
                        if any(one in plain for plain in opened(database.vault, sealed) for one in wanted):
                            found.append(f"{table.name}.{column.name}")
    if not database.url.startswith("postgresql"):
        with sqlite3.connect(database.path) as connection:  # the journal holds pages as they were until it is emptied
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    if any(one in database.raw() for one in wanted):
        found.append("raw")
    for path in sorted(folder.rglob("*")) if folder and folder.exists() else ():
        if path.is_file() and any(
            one in plain for plain in opened(database.vault, path.read_bytes()) for one in wanted
        ):
            found.append(path.name)
    return found
