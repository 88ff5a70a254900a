"""An installation on SQLite, and where it goes."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.commands.failed import Failed
from bot.commands.moving import move
from storage import marks
from tests import rig
from tests.bot.doors import Place
from tests.rig import SECRET


@pytest.fixture
def old(tmp_path: Path, empty_file: Path) -> Iterator[rig.Database]:
    """The database of the installation that moves, with the mark of its key."""
    (tmp_path / "data").mkdir()
    shutil.copy(empty_file, tmp_path / "data" / "sansiang.db")
    database = rig.open_database(f"sqlite:///{tmp_path / 'data' / 'sansiang.db'}")
    with database.sessions.begin() as session:
        marks.check_key(session)
    yield database
    database.engine.dispose()


@pytest.fixture
def place(old: rig.Database) -> Place:
    return Place(old.path.parent, old.url, SECRET)


@pytest.fixture
def new(blank_address: str) -> Iterator[rig.Database]:
    """Where it goes: a database without a table."""
    database = rig.open_database(blank_address)
    yield database
    database.engine.dispose()


def refusal(place: Place, to: str, *, check: bool = False) -> str:
    """The one line that says why it does not move."""
    with pytest.raises(Failed) as told:
        move(place.settings(), to, check=check)
    assert "\n" not in str(told.value)
    return str(told.value)
