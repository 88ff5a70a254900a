"""What the tests stand on: a real database in a folder of its own, a clock that is moved by hand, a desk."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from handlers.desk import Desk, make_signer
from handlers.provinces import Directory
from handlers.texts import Texts
from nlp.reader import Reader
from storage.database import make_engine, make_readers, make_sessions, upgrade
from storage.vault import Vault, derive

SECRET = "a secret for tests only"
WEDNESDAY = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)  # nine in the morning in Bangkok, in the middle of its ISO week


@dataclass(slots=True)
class Clock:
    """A clock that stands still until it is moved."""

    now: datetime = WEDNESDAY

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> datetime:
        """Move on by so many seconds, minutes, hours, days."""
        self.now += timedelta(**by)
        return self.now


@dataclass(frozen=True, slots=True)
class Database:
    """A database in a file, at the newest schema, with the key that seals it."""

    path: Path
    engine: Engine
    sessions: sessionmaker[Session]
    readers: sessionmaker[Session]
    vault: Vault = field(repr=False)

    @property
    def url(self) -> str:
        return f"sqlite:///{self.path}"

    def raw(self) -> bytes:
        """Every byte that lies on the disk for this database, its write-ahead log included."""
        return b"".join(path.read_bytes() for path in sorted(self.path.parent.glob(self.path.name + "*")))


def make_template(folder: Path) -> Path:
    """An empty database at the newest schema: upgrading once and copying costs less than upgrading each time."""
    path = folder / "empty.db"
    engine = make_engine(f"sqlite:///{path}")
    upgrade(engine)
    engine.dispose()
    return path


def open_database(template: Path, folder: Path, secret: str = SECRET) -> Database:
    """A copy of the empty database, opened."""
    path = folder / "sansiang.db"
    shutil.copy(template, path)
    engine, vault = make_engine(f"sqlite:///{path}"), Vault(secret)
    return Database(path, engine, make_sessions(engine, vault), make_readers(engine, vault), vault)


def make_desk(reader: Reader, directory: Directory, texts: Texts, homes: Mapping[str, str] | None = None) -> Desk:
    """A desk as the composition root sets it. `homes` maps channels to the province of their people."""
    return Desk(
        reader=reader,
        directory=directory,
        texts=texts,
        signer=make_signer(derive(SECRET, "buttons")),
        homes=homes or {},
        file_url=lambda medium_id: f"/files/{medium_id}",
    )
