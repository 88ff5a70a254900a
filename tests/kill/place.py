"""Where a run's rows and files lie, on either database: made, looked at, and asked whether anything waits."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from bot.media import MediaStore, SharedStore, Store
from bot.schema import is_shared, migrate
from storage.database import make_engine, make_readers, make_sessions
from storage.models import Blob, Due, Inbox, Medium, Outbox
from storage.vault import Vault

SECRET = "a-secret-of-the-kill-suite"
LOOK = 0.1  # seconds between two looks whether anything waits
_COPY = (
    "CREATE TABLE IF NOT EXISTS said (id INTEGER PRIMARY KEY, body BLOB)",
    "CREATE TRIGGER IF NOT EXISTS keep_said AFTER INSERT ON outbox"
    " BEGIN INSERT INTO said VALUES (new.id, new.body_sealed); END",
)
_COPY_SHARED = (
    "CREATE TABLE IF NOT EXISTS said (id BIGINT PRIMARY KEY, body BYTEA)",
    "CREATE OR REPLACE FUNCTION keep_said() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN INSERT INTO said VALUES (new.id, new.body_sealed); RETURN new; END $$",
    "DROP TRIGGER IF EXISTS keep_said ON outbox",
    "CREATE TRIGGER keep_said AFTER INSERT ON outbox FOR EACH ROW EXECUTE FUNCTION keep_said()",
)
_JOBS = "SELECT count(*) FROM procrastinate_jobs WHERE lock IS NOT NULL AND status IN ('todo', 'doing')"


@dataclass(frozen=True, slots=True)
class Place:
    """A database and a folder."""

    url: str
    folder: Path

    @property
    def shared(self) -> bool:
        """Whether several processes may work on it."""
        return not self.url.startswith("sqlite")

    def make(self) -> None:
        """Make the tables, or see that they are there, and keep what is said, which the program forgets when sent."""
        engine = make_engine(self.url)
        migrate(engine)
        with engine.begin() as connection:
            for words in _COPY_SHARED if self.shared else _COPY:
                connection.exec_driver_sql(words)
        engine.dispose()

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A transaction."""
        engine = make_engine(self.url)
        try:
            with make_sessions(engine, Vault(SECRET)).begin() as session:
                yield session
        finally:
            engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that waits for no writer."""
        engine = make_engine(self.url)
        try:
            with make_readers(engine, Vault(SECRET))() as session:
                yield session
        finally:
            engine.dispose()

    async def rest(self) -> None:
        """Wait until nothing waits."""
        with self.reading() as session:
            while _waiting(session):
                session.rollback()  # the next look is at what others wrote meanwhile
                await asyncio.sleep(LOOK)

    @contextmanager
    def files(self) -> Iterator[tuple[Store, list[str]]]:
        """The store of media, and the names of all that lies in it, sorted."""
        vault = Vault(SECRET)
        engine = make_engine(self.url)
        try:
            if self.shared:
                sessions = make_sessions(engine, vault)
                with sessions() as session:
                    names = list(session.scalars(select(Blob.sha256)))
                yield SharedStore(sessions, vault), sorted(names)
            else:
                folder = self.folder / "media"
                found = [path for path in folder.rglob("*") if path.is_file() and path.suffix != ".new"]
                yield MediaStore(folder, vault), sorted(path.name for path in found)
        finally:
            engine.dispose()


def said(session: Session) -> dict[int, bytes]:
    """What every parcel said, sealed, by its row id."""
    return {row.id: bytes(row.body) for row in session.execute(text("SELECT id, body FROM said"))}


def _waiting(session: Session) -> int:
    """How many rows wait, and on PostgreSQL how many jobs are not done with."""
    counts = [
        session.scalar(select(func.count()).select_from(table).where(table.state == "waiting"))
        for table in (Inbox, Outbox, Medium)
    ]
    counts.append(session.scalar(select(func.count()).select_from(Due)))
    if is_shared(session.get_bind().engine):
        counts.append(session.scalar(text(_JOBS)))
    return sum(count or 0 for count in counts)
