"""Installations for the tests of the whole program."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bot.doors import Place
from tests.rig import SECRET


@pytest.fixture
def place(address: str, tmp_path: Path) -> Place:
    """An installation with an empty database at the newest schema."""
    return Place(tmp_path, address, SECRET)


@pytest.fixture
def fresh_place(fresh_address: str, tmp_path: Path) -> Place:
    """An installation before its first start. Beside a file it makes its key itself; elsewhere it must be given one."""
    return Place(tmp_path, fresh_address, key_for(fresh_address))


@pytest.fixture
def blank_place(blank_address: str, tmp_path: Path) -> Place:
    """An installation whose database has no table."""
    return Place(tmp_path, blank_address, key_for(blank_address))


def key_for(address: str) -> str:
    return "" if address.startswith("sqlite") else SECRET
