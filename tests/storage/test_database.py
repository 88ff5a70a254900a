from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError, StatementError

from storage import audit, people
from storage.database import is_current, make_engine, upgrade
from storage.models import Audit, Base, Person
from tests.rig import WEDNESDAY, Clock, Database


def test_models_equal_migrations(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, Base.metadata) == []


def test_every_table_and_constraint_has_a_name_of_its_own(database: Database) -> None:
    with database.engine.connect() as connection:
        built = connection.execute(text("SELECT name FROM sqlite_master WHERE type IN ('table', 'index')")).scalars()
        names = set(built)
    for table in Base.metadata.sorted_tables:
        assert table.name in names
        assert {index.name for index in table.indexes} <= names


def test_upgrading_twice_changes_nothing(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'deep' / 'new.db'}")
    assert not is_current(engine)
    upgrade(engine)
    assert is_current(engine)
    with engine.begin() as connection:
        before = connection.execute(text("SELECT type, name, sql FROM sqlite_master ORDER BY 2")).all()
        connection.execute(
            text("INSERT INTO person (created_at, language, province, tambon_code) VALUES (1, 'th', '', '')")
        )
    upgrade(engine)
    with engine.begin() as connection:
        assert connection.execute(text("SELECT type, name, sql FROM sqlite_master ORDER BY 2")).all() == before
        assert connection.execute(text("SELECT count(*) FROM person")).scalar_one() == 1
    engine.dispose()


def test_a_commit_that_returned_survives_a_power_cut(database: Database) -> None:
    with database.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar_one() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar_one() == 2
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar_one() > 0


def test_a_savepoint_before_the_first_write_is_rolled_back_alone(database: Database) -> None:
    with database.sessions.begin() as session:
        with session.begin_nested() as savepoint:
            people.person_of(session, "line", "U1", WEDNESDAY)
            savepoint.rollback()
        people.person_of(session, "line", "U2", WEDNESDAY)
    with database.readers() as session:
        assert session.query(Person).count() == 1


def test_a_reader_does_not_wait_for_the_writer(database: Database) -> None:
    with database.sessions.begin() as writing:
        people.person_of(writing, "line", "U1", WEDNESDAY)
        with database.readers() as reading:
            assert reading.query(Person).count() == 0


def test_foreign_keys_hold(database: Database) -> None:
    with pytest.raises(IntegrityError), database.sessions.begin() as session:
        audit.note(session, "x", "y", WEDNESDAY, actor_id=999)


def test_a_naive_time_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="naive"), database.sessions.begin() as session:
        audit.note(session, "x", "y", datetime(2026, 11, 25, 9, 0))  # noqa: DTZ001


def test_times_come_back_aware_and_mean_the_same_moment(database: Database) -> None:
    bangkok = timezone(timedelta(hours=7))
    with database.sessions.begin() as session:
        audit.note(session, "x", "y", WEDNESDAY.astimezone(bangkok))
    with database.readers() as session:
        assert session.query(Audit).one().at == WEDNESDAY
        assert session.query(Audit).one().at.tzinfo is not None
        # Moments of two zones compare as moments, because all are kept in UTC.
        assert session.query(Audit).where(Audit.at <= WEDNESDAY.astimezone(bangkok)).count() == 1


def test_a_file_that_is_no_database_is_an_error(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "broken.db"
    path.write_bytes(b"this is no database at all, only words" * 100)
    engine = make_engine(f"sqlite:///{path}")
    with pytest.raises((OperationalError, Exception), match="not a database"):
        upgrade(engine)
    engine.dispose()
