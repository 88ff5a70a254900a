from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, MetaData, inspect
from sqlalchemy.exc import IntegrityError, OperationalError, StatementError
from sqlalchemy.schema import CreateIndex, CreateTable

from storage import audit, people
from storage.database import is_current, make_engine, upgrade
from storage.models import Audit, Base, Person
from tests.rig import WEDNESDAY, Clock, Database, open_database

ELSEWHERE = ("ix_inbox_chat_waiting", "ix_outbox_chat_waiting")  # only where several processes look for a chat's rows


def belongs(name: str | None, engine: Engine) -> bool:
    if str(name).startswith(("procrastinate_", "idx_procrastinate_", "sansiang_jobs_")):
        return False  # a library's own
    return engine.dialect.name == "postgresql" or name not in ELSEWHERE


def test_models_equal_migrations(database: Database) -> None:
    opts: dict[str, object] = {
        "compare_type": True,
        "compare_server_default": True,
        "include_object": lambda _object, name, *_: belongs(name, database.engine),
    }
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts=opts)
        assert compare_metadata(context, Base.metadata) == []


def test_every_table_and_constraint_has_a_name_of_its_own(database: Database) -> None:
    with database.engine.connect() as connection:
        built = inspect(connection)
        tables = built.get_table_names()
        names = {*tables, *(str(index["name"]) for table in tables for index in built.get_indexes(table))}
    for table in Base.metadata.sorted_tables:
        assert table.name in names
        assert {index.name for index in table.indexes if belongs(str(index.name), database.engine)} <= names


def shape(engine: Engine) -> list[str]:
    """Every table and index as the database would be told to make it."""
    found = MetaData()
    found.reflect(engine)
    made = [CreateTable(table).compile(engine) for table in found.sorted_tables]
    made += [CreateIndex(index).compile(engine) for table in found.sorted_tables for index in table.indexes]
    return sorted(map(str, made))


def test_upgrading_twice_changes_nothing(blank_address: str) -> None:
    database = open_database(blank_address)
    assert not is_current(database.engine)
    upgrade(database.engine)
    assert is_current(database.engine)
    with database.sessions.begin() as session:
        people.person_of(session, "line", "U1", WEDNESDAY)
    before = shape(database.engine)
    assert len(before) > len(Base.metadata.tables)
    upgrade(database.engine)
    assert shape(database.engine) == before
    with database.readers() as session:
        assert session.query(Person).count() == 1
    database.engine.dispose()


@pytest.mark.sqlite
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
