"""Rows that move from SQLite to PostgreSQL stay what they are."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from storage import moving
from storage.models import Audit, Base, Forum, Lease, Person, Report
from storage.moving import DoesNotFit, Fingerprint
from tests import rig
from tests.rig import WEDNESDAY
from tests.rows import MANY, ODD, fill, rows_of

pytestmark = pytest.mark.postgresql


@pytest.fixture
def old(tmp_path: Path, empty_file: Path) -> Iterator[rig.Database]:
    """The SQLite database that they come from; `database` is the one they go to."""
    shutil.copy(empty_file, tmp_path / "old.db")
    opened = rig.open_database(f"sqlite:///{tmp_path / 'old.db'}")
    yield opened
    opened.engine.dispose()


def copy(old: rig.Database, new: rig.Database) -> int:
    """Move all rows; returns how many had to be mended."""
    with old.engine.connect() as here, new.engine.begin() as there:
        moving.take_hold(there)
        moving.begin_anew(there)
        mended = sum(moving.copy_rows(here, there, table, lambda _: None) for table in moving.tables())
        moving.number_on(there)
        return mended


def fingerprints(database: rig.Database) -> dict[str, Fingerprint]:
    with database.engine.connect() as connection:
        return {table.name: moving.fingerprint(connection, table, lambda _: None) for table in moving.tables()}


def add_report(session: Session, **values: object) -> Report:
    told = {"code": "TRT-1", "province": "trat", "kind": "problem", "created_at": WEDNESDAY, "updated_at": WEDNESDAY}
    told |= {"masked_text": ODD, "summary": "", "category": "water", "confidence": 0.5}
    report = Report(**(told | values))
    session.add(report)
    session.flush()
    return report


def test_every_table_with_values_of_every_kind(old: rig.Database, database: rig.Database) -> None:
    fill(old)
    with old.sessions.begin() as session:
        session.add(Lease(name="telegram", holder="gone", until=WEDNESDAY))
    assert copy(old, database) == 0
    for table in Base.metadata.sorted_tables:
        here, there = rows_of(old, table), rows_of(database, table)
        assert there == ([] if table.name == "lease" else here), table.name
        assert here or table.name == "blob"
    prints = fingerprints(old)
    assert prints == fingerprints(database)
    assert prints["tombstone"].rows == MANY + 2


@pytest.mark.parametrize(
    "change", [{"act": "x"}, {"data": {}}, {"subject_id": None}, {"at": WEDNESDAY}, {"act": "\ud7ff"}], ids=str
)
def test_any_other_value_is_another_fingerprint(
    old: rig.Database, database: rig.Database, change: dict[str, object]
) -> None:
    fill(old)
    copy(old, database)
    with database.sessions.begin() as session:
        session.execute(update(Audit).where(Audit.id == 1).values(**change))
    before, after = fingerprints(old), fingerprints(database)
    assert [name for name in before if before[name] != after[name]] == ["audit"]


def test_a_long_value_counts_whole(old: rig.Database, database: rig.Database) -> None:
    with old.sessions.begin() as session:
        add_report(session, masked_text="ก" * 3_000_000)
    copy(old, database)
    assert fingerprints(old) == fingerprints(database)
    with database.sessions.begin() as session:
        session.execute(update(Report).values(masked_text="ก" * 1_500_000 + "ข" + "ก" * 1_499_999))
    assert fingerprints(old)["report"] != fingerprints(database)["report"]


def test_new_rows_are_numbered_behind_those_that_came(old: rig.Database, database: rig.Database) -> None:
    with old.sessions.begin() as session:
        session.add(Person(id=41, created_at=WEDNESDAY))
    copy(old, database)
    with database.sessions.begin() as session:
        new: tuple[Person, Forum] = (
            Person(created_at=WEDNESDAY),
            Forum(volunteer_id=41, province="trat", created_at=WEDNESDAY),
        )
        session.add_all(new)
        session.flush()
        assert [one.id for one in new] == [42, 1]


def test_nul_characters_are_left_out_and_counted(old: rig.Database, database: rig.Database) -> None:
    with old.sessions.begin() as session:
        add_report(session, masked_text="น้ำ\x00ไม่ไหล", summary="\x00", alternatives=["\x00"])
        add_report(session, code="TRT-2")
    assert copy(old, database) == 1
    with database.readers() as session:
        report = session.scalars(select(Report).order_by(Report.id)).first()
        assert report is not None
        assert (report.masked_text, report.summary, report.alternatives) == ("น้ำไม่ไหล", "", ["\x00"])
    assert fingerprints(old) == fingerprints(database)


def test_a_text_that_is_too_long_is_named_and_not_shown(old: rig.Database, database: rig.Database) -> None:
    with old.sessions.begin() as session:
        add_report(session, id=7, code="T" * 65)
    with pytest.raises(DoesNotFit) as told:
        copy(old, database)
    assert str(told.value) == "table report, row 7: code has 65 letters, 64 fit"


def test_what_the_server_refuses_is_told_without_values(old: rig.Database, database: rig.Database) -> None:
    with sqlite3.connect(old.path) as raw:  # without the foreign keys that our own connections insist on
        raw.execute("INSERT INTO dialogue VALUES (4711, 'secret', x'00', '2026-01-01 00:00:00')")
    with pytest.raises(OperationalError) as told:
        copy(old, database)
    assert "foreign key" in str(told.value.orig)
    assert not any(rows_of(database, table) for table in Base.metadata.sorted_tables)
