"""What does not move, and the one line that says why."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer
from sqlalchemy import delete, text

from bot.commands.moving import move
from bot.serve import only_worker
from bot.settings import SettingsError
from storage import marks
from storage.models import Base, Lease, Mark, Tombstone
from tests import postgres, rig
from tests.bot.commands.moving.conftest import refusal
from tests.bot.doors import Place
from tests.rig import SECRET, WEDNESDAY
from tests.rows import fill

pytestmark = pytest.mark.postgresql
ANOTHER = "another secret of ours"


def test_a_database_that_a_newer_release_upgraded_does_not_move(
    place: Place, old: rig.Database, new: rig.Database
) -> None:
    fill(old)
    with old.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert "a newer release has upgraded it" in refusal(place, new.url)
    assert new.raw() == b""


def test_another_key_does_not_move(place: Place, old: rig.Database, new: rig.Database) -> None:
    fill(old)
    with pytest.raises(SettingsError, match="sealed with another key"):
        move(Place(place.folder, place.url, ANOTHER).settings(), new.url)
    assert new.raw() == b""


def test_a_server_of_another_encoding_is_refused(place: Place, old: rig.Database, server: postgres.Server) -> None:
    fill(old)
    name = f"{server.family}_ascii"
    server.connection.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE 'C'")
    try:
        assert "--to: that database keeps texts as SQL_ASCII" in refusal(place, server.address_of(name))
    finally:
        server.drop(name)


def test_what_is_served_does_not_move(place: Place, old: rig.Database, new: rig.Database) -> None:
    fill(old)
    with only_worker(place.settings()), pytest.raises(SettingsError, match="stop it first"):
        move(place.settings(), new.url)
    assert new.raw() == b""


@pytest.mark.parametrize(
    ("there", "why"),
    [
        ("CREATE TABLE shop (id int)", "tables of something else (shop)"),
        ("CREATE TABLE alembic_version AS SELECT 'x' AS version_num", "newer release"),
        ("CREATE TABLE person (id int)", "already exists"),
    ],
)
def test_a_database_of_something_else_is_left_alone(
    place: Place, old: rig.Database, new: rig.Database, there: str, why: str
) -> None:
    fill(old)
    with new.engine.begin() as connection:
        connection.exec_driver_sql(there)
    before = new.raw()
    assert re.match(f"--to: .*{re.escape(why)}", refusal(place, new.url))
    assert new.raw() == before


def test_a_database_that_was_used_is_left_alone_but_a_mere_start_does_not_matter(
    place: Place, old: rig.Database, new: rig.Database
) -> None:
    fill(old)
    move(place.settings(), new.url)
    with new.sessions.begin() as session:
        for table in reversed(Base.metadata.sorted_tables):
            session.execute(delete(table))
    other = rig.open_database(new.url, ANOTHER)
    with other.sessions.begin() as session:
        marks.check_key(session)
    other.engine.dispose()
    assert "--to: another SECRET_KEY" in refusal(place, new.url)
    with new.sessions.begin() as session:
        session.execute(delete(Mark))
        marks.check_key(session)
        session.add(Lease(name="telegram", holder="gone", until=WEDNESDAY))
    with new.sessions.begin() as session:
        session.add(Tombstone(message_key=b"0", at=WEDNESDAY))
        session.flush()
        assert "--to: others are at work" in refusal(place, new.url)
    assert "differs" in refusal(place, new.url)
    with new.sessions.begin() as session:
        session.execute(delete(Tombstone))
    assert all(one.same for one in move(place.settings(), new.url))


def test_nothing_there_is_one_line(place: Place, new: rig.Database, tmp_path: Path) -> None:
    assert "holds nothing yet" in refusal(place, new.url)
    gone = Place(tmp_path / "none", f"sqlite:///{tmp_path / 'none' / 'none.db'}")
    assert "there is no database" in refusal(gone, new.url)
    assert not gone.folder.exists(), "neither a key nor a lock is made for it"
    assert "is PostgreSQL already" in refusal(Place(tmp_path, new.url, SECRET), new.url)
    other = Place(tmp_path, f"sqlite:///{tmp_path / 'other.db'}", SECRET)
    for content, why in ((b"", "no tables of ours"), (b"no database at all" * 100, "file is not a database")):
        (tmp_path / "other.db").write_bytes(content)
        assert why in refusal(other, new.url)


def test_a_server_that_cannot_be_used_is_one_line(place: Place, old: rig.Database, new: rig.Database) -> None:
    fill(old)
    assert "nothing was moved there" in refusal(place, new.url, check=True)
    assert new.raw() == b""
    assert re.match("--to: .*no such database", refusal(place, f"{new.url}_none"))
    assert re.match("--to: the server cannot be reached", refusal(place, "postgresql://127.0.0.1:1/x"))
    with new.engine.begin() as connection:
        connection.execute(text("CREATE TABLE alembic_version AS SELECT '0001' AS version_num"))
    assert "--to: that database is of an older release" in refusal(place, new.url)
    with new.engine.begin() as connection:
        connection.execute(text("DROP TABLE alembic_version"))
    read_only = f"{new.url}?options=-c%20default_transaction_read_only%3Don"
    assert "--to: it is read-only" in refusal(place, read_only)


@pytest.mark.parametrize("to", ["", "nonsense", "sqlite:///x.db", "postgresql://", "postgresql://h:x/y", "mysql://h/x"])
def test_another_address_is_wrong_use(place: Place, to: str) -> None:
    with pytest.raises(typer.BadParameter):
        move(place.settings(), to)
