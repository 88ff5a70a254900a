"""What the tests stand on: a real database of their own, a clock that is moved by hand, a desk."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session, sessionmaker

from handlers.desk import Desk, make_signer
from handlers.provinces import Directory
from handlers.texts import Texts
from nlp.likeness import Likeness
from nlp.reader import Reader
from storage.database import make_engine, make_readers, make_sessions, upgrade
from storage.vault import Vault, derive
from tests import postgres

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
    """A database at the newest schema, with the key that seals it."""

    url: str
    engine: Engine
    sessions: sessionmaker[Session]
    readers: sessionmaker[Session]
    vault: Vault = field(repr=False)

    @property
    def path(self) -> Path:
        """The file of a SQLite database."""
        return file_of(self.url)

    def raw(self) -> bytes:
        """Every byte that is kept."""
        return raw(self.url)


def file_of(url: str) -> Path:
    """The file that a SQLite address names.

    :raises ValueError: it is another database's address, or a database in memory.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        raise ValueError("this database is no file")
    return Path(parsed.database)


def make_template(folder: Path) -> Path:
    """An empty SQLite database at the newest schema: upgrading once and copying costs less than upgrading each time."""
    path = folder / "empty.db"
    engine = make_engine(f"sqlite:///{path}")
    upgrade(engine)
    engine.dispose()
    return path


def make_engine_of(url: str) -> Engine:
    """An engine for either system's address."""
    return make_engine(url if url.startswith("sqlite") else postgres.driven(url))


@contextmanager
def engine_of(url: str) -> Iterator[Engine]:
    """The same, closed after the block."""
    engine = make_engine_of(url)
    try:
        yield engine
    finally:
        engine.dispose()


def raw(url: str) -> bytes:
    """Every byte that is kept: of SQLite what lies on the disk, its write-ahead log included; else every row's."""
    if not url.startswith("sqlite"):
        return postgres.raw(url)
    path = file_of(url)
    return b"".join(part.read_bytes() for part in sorted(path.parent.glob(path.name + "*")))


def open_database(url: str, secret: str = SECRET) -> Database:
    """A database that is there, opened."""
    engine, vault = make_engine_of(url), Vault(secret)
    return Database(url, engine, make_sessions(engine, vault), make_readers(engine, vault), vault)


@cache
def shared_reader() -> Reader:
    """The reader of all tests of a process: loaded once, for it never changes."""
    return Reader.load()


def likeness_of(reader: Reader, made: list[tuple[Reader, Likeness]] = []) -> Likeness:  # noqa: B006
    """What compares reports, made once: tests have one reader, and it takes a tenth of a second."""
    if not made:
        made.append((reader, Likeness(reader)))
    return made[0][1]


def make_desk(reader: Reader, directory: Directory, texts: Texts, homes: Mapping[str, str] | None = None) -> Desk:
    """A desk as the composition root sets it. `homes` maps channels to the province of their people."""
    return Desk(
        reader=reader,
        directory=directory,
        texts=texts,
        signer=make_signer(derive(SECRET, "buttons")),
        likeness=partial(likeness_of, reader),
        homes=homes or {},
        file_url=lambda medium_id: f"/files/{medium_id}",
        page_url=lambda report_id: f"/r/{report_id}",
        mine_url=lambda _channel, person_id: f"/me/{person_id}",
    )
