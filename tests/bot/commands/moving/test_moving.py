"""A whole installation from SQLite to PostgreSQL."""

from __future__ import annotations

import asyncio
import hashlib
import json
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import delete, select, text, update

from bot.channels.local import LocalChannel
from bot.commands.moving import move
from bot.media import MediaStore, SharedStore
from bot.pipeline import Pipeline
from handlers.desk import Desk
from storage import marks, people
from storage.database import alembic_config, make_engine
from storage.models import Audit, Base, Identity, Medium, Person, Report
from storage.vault import SealBroken
from tests import rig
from tests.bot.commands.conftest import Installation
from tests.bot.commands.moving.conftest import refusal
from tests.bot.commands.ready import Ready
from tests.bot.doors import PICTURE, Door, Place, opened
from tests.bot.test_local_door import WATER, photo
from tests.rig import SECRET, WEDNESDAY
from tests.rows import fill, rows_of
from tests.storage.test_moving import add_report

pytestmark = pytest.mark.postgresql
ANOTHER = "another secret of ours"


def everything(database: rig.Database) -> dict[str, list[tuple[Any, ...]]]:
    return {table.name: rows_of(database, table) for table in Base.metadata.sorted_tables}


def test_everything_moves_the_old_stays_and_once_more_writes_nothing(
    place: Place, old: rig.Database, new: rig.Database, capfd: pytest.CaptureFixture[str]
) -> None:
    fill(old)
    with sqlite3.connect(old.path) as raw:
        before = list(raw.iterdump())
    first = move(place.settings(), new.url)
    assert [one.name for one in first if not one.same] == []
    assert {one.name for one in first} == set(Base.metadata.tables) - {"lease"}
    assert "move: moved; " in capfd.readouterr().out
    moved = everything(new)
    assert move(place.settings(), new.url) == first
    assert "move: moved before" in capfd.readouterr().out
    assert move(place.settings(), new.url, check=True) == first
    assert everything(new) == moved
    with sqlite3.connect(old.path) as raw:
        assert list(raw.iterdump()) == before


def test_the_key_is_the_same_and_is_never_shown(
    place: Place, old: rig.Database, new: rig.Database, capfd: pytest.CaptureFixture[str]
) -> None:
    with old.sessions.begin() as session:
        people.person_of(session, "local", "u1", WEDNESDAY)
    (place.folder / "secret.key").write_text(SECRET)
    move(Place(place.folder, old.url).settings(), new.url)
    with new.sessions.begin() as session:
        marks.check_key(session)
        assert new.vault.open(session.scalars(select(Identity.user_sealed)).one(), "user") == "u1"
    other = rig.open_database(new.url, ANOTHER)
    with pytest.raises(SealBroken), other.sessions.begin() as session:
        marks.check_key(session)
    other.engine.dispose()
    told = capfd.readouterr()
    assert f"SECRET_KEY to what {place.folder / 'secret.key'} holds" in told.out
    assert SECRET not in told.out + told.err


def test_what_waits_is_handled_by_the_new_program(
    place: Place, old: rig.Database, new: rig.Database, desk: Desk
) -> None:
    channel = LocalChannel(MediaStore(place.folder / "media", old.vault), lambda: datetime.now(UTC))
    said = {"user": "u1", "text": WATER, "event_id": "e1", "media": [photo()]}
    with old.sessions.begin() as session:
        Pipeline({"local": channel}, desk).receive(session, channel.accept({}, json.dumps(said).encode()), WEDNESDAY)
    move(place.settings(), new.url)

    async def heard(door: Door) -> tuple[str, bytes]:
        while True:
            found = (await door.http.get("/local/messages", params={"user": "u1"})).json()["messages"]
            with new.readers() as session:
                medium = session.scalars(select(Medium)).one_or_none()
            if found and medium is not None and medium.state == "kept":
                return found[0]["text"], door.house.store.load(medium.sha256)
            await asyncio.sleep(0.1)

    async def check() -> None:
        settings = Place(place.folder, new.url, SECRET).settings(provinces="chiang-rai")
        async with opened(settings, upgraded=False) as door, asyncio.timeout(20):
            answer, picture = await heard(door)
        assert WATER in answer
        assert picture == PICTURE

    asyncio.run(check())


def test_files_go_along_and_what_is_missing_or_broken_is_named(
    place: Place, old: rig.Database, new: rig.Database, capfd: pytest.CaptureFixture[str]
) -> None:
    store = MediaStore(place.folder / "media", old.vault)
    kept, broken = store.keep(PICTURE), store.keep(b"soon broken")
    missing = hashlib.sha256(b"never kept").hexdigest()
    (place.folder / "media" / broken[:2] / broken).write_bytes(b"\x01 cut off")
    (place.folder / "media" / kept[:2] / f"{kept}.1.new").write_bytes(b"a crash left it")
    with old.sessions.begin() as session:
        report = add_report(session)
        for sha256 in (kept, broken, missing):
            medium = {"kind": "photo", "channel": "local", "ref_sealed": b"", "name_sealed": b"", "next_at": WEDNESDAY}
            session.add(Medium(report_id=report.id, state="kept", sha256=sha256, **medium))
    compared = move(place.settings(), new.url)
    assert (compared[-1].name, compared[-1].there.rows) == ("blob", 2)
    assert SharedStore(new.sessions, new.vault).load(kept) == PICTURE
    told = capfd.readouterr().err
    assert f"missing before: {missing} (medium 3)" in told
    assert f"moved as they are: {broken}" in told
    assert kept not in told
    with new.sessions.begin() as session:
        session.execute(text("UPDATE blob SET sealed = sealed || 'x' WHERE sha256 = :kept"), {"kept": kept})
    assert "table blob differs: as many rows" in refusal(place, new.url, check=True)


def test_all_is_kept_or_nothing(place: Place, old: rig.Database, new: rig.Database) -> None:
    with old.sessions.begin() as session:
        session.add(Person(created_at=WEDNESDAY))
        add_report(session, code="T" * 65)
    assert refusal(place, new.url) == "--to: table report, row 1: code has 65 letters, 64 fit"
    assert not any(everything(new).values()), "people come before reports, and are gone again"
    with old.sessions.begin() as session:
        session.execute(update(Report).values(code="TRT-1", summary="\x00"))
    assert all(one.same for one in move(place.settings(), new.url))


@pytest.mark.parametrize("check", [False, True])
def test_a_difference_is_named(place: Place, old: rig.Database, new: rig.Database, *, check: bool) -> None:
    fill(old)
    move(place.settings(), new.url)
    with new.sessions.begin() as session:
        session.execute(update(Audit).where(Audit.id == 2).values(act="changed"))
    assert "table audit differs: as many rows" in refusal(place, new.url, check=check)
    with new.sessions.begin() as session:
        session.execute(delete(Audit).where(Audit.id == 2))
    assert "table audit differs: 2 rows here, 1 there" in refusal(place, new.url, check=check)


def test_a_database_of_an_older_release_is_upgraded_first(tmp_path: Path, new: rig.Database) -> None:
    place = Place(tmp_path, f"sqlite:///{tmp_path / 'older.db'}", SECRET)
    engine, config = make_engine(place.url), alembic_config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.execute(text("INSERT INTO tombstone VALUES (x'00', '2026-01-01 00:00:00.000000')"))
    engine.dispose()
    move(place.settings(), new.url)
    assert rows_of(new, Base.metadata.tables["tombstone"]) == [(b"\0", datetime(2026, 1, 1, tzinfo=UTC))]


def test_the_command(ready: Ready, old: rig.Database, new: rig.Database) -> None:
    fill(old)
    here = Installation(old.path.parents[1], old.url, ready, SECRET)
    assert here.bot("move", "--to", "sqlite:///x.db").returncode == 2
    refused = here.bot("move", "--to", new.url, "--check")
    assert (refused.returncode, len(refused.stderr.splitlines())) == (1, 1)
    moved = here.bot("move", "--to", new.url)
    assert moved.returncode == 0, moved.stderr.decode()
    assert "DATABASE_URL" in moved.stdout.decode()
    assert here.bot("move", "--to", new.url, "--check").returncode == 0
