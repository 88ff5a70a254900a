"""The database before it is used: reached, brought up to date where that is ours to do, and of our key."""

from __future__ import annotations

import time
from collections.abc import Callable

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, sessionmaker

from bot.settings import SettingsError
from storage import marks
from storage.database import TooOld, schema_of, upgrade
from storage.trouble import in_words, may_pass
from storage.vault import SealBroken

AGAIN = 2.0  # seconds between two tries to reach the database

log = structlog.get_logger()


def is_shared(engine: Engine) -> bool:
    """Whether several processes may work on the database."""
    return engine.dialect.name == "postgresql"


def migrate(engine: Engine) -> None:
    """Bring the database to this release: our tables, and on PostgreSQL Procrastinate's."""
    upgrade(engine)
    if is_shared(engine):
        from bot.drivers import jobs  # noqa: PLC0415  # a quarter of a second, needed with PostgreSQL only

        with engine.begin() as connection:
            jobs.install(connection)


def make_ready(engine: Engine, sessions: sessionmaker[Session]) -> None:
    """See that the database is there, of this release and of our key.

    A file of SQLite is upgraded on the way. PostgreSQL is not: others may be at work on it, so when to do it is for
    its keeper to say.

    :raises SettingsError: naming what stands in the way.
    :raises DBAPIError: the database cannot be reached, or refuses.
    """
    if not is_shared(engine):
        upgrade(engine)
    else:
        _see_schema(engine)
    try:
        with sessions.begin() as session:
            marks.check_key(session)
    except SealBroken:
        raise SettingsError(
            "SECRET_KEY: the database was sealed with another key; set the one it was made with"
        ) from None


def _see_schema(engine: Engine) -> None:
    found = schema_of(engine)
    if found == "empty":
        raise SettingsError("DATABASE_URL: the database is empty: run `python -m bot migrate` once")
    if found == "behind":
        raise SettingsError("DATABASE_URL: the database is of an older release: run `python -m bot migrate`")
    from bot.drivers import jobs  # noqa: PLC0415

    with engine.connect() as connection:
        if not jobs.is_installed(connection):
            raise SettingsError("DATABASE_URL: Procrastinate's tables are missing: run `python -m bot migrate`")
    if found == "ahead":
        log.warning("a newer release has upgraded the database: upgrade this one soon")


def wait_until_ready(
    engine: Engine, sessions: sessionmaker[Session], sleep: Callable[[float], None] = time.sleep
) -> None:
    """Make ready as soon as that is possible; say meanwhile, again and again, what stands in the way.

    `sleep` is given seconds.

    :raises SettingsError: waiting will not help.
    """
    while True:
        try:
            make_ready(engine, sessions)
        except TooOld as error:
            raise SettingsError(f"DATABASE_URL: {error}") from None
        except DBAPIError as error:
            if not is_shared(engine) or not may_pass(error):
                raise SettingsError(f"DATABASE_URL: {in_words(error)}") from None
            log.warning("waiting for the database", setting="DATABASE_URL", reason=in_words(error))
        else:
            return
        sleep(AGAIN)
