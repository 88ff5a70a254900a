from __future__ import annotations

import csv
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from sqlalchemy import text

from tests import rig
from tests.bot.commands.ready import Ready, Running, made_ready
from tests.bot.doors import Place

NOTHING: Mapping[str, str] = MappingProxyType({})
ROOT = Path(__file__).parents[3]
HEADER = ("ticket_id", "text", "types", "province", "district", "subdistrict", "timestamp")


@dataclass
class Installation:
    """An installation of its own in a scratch folder; `bot` runs a command of it, a process of its own."""

    folder: Path
    url: str
    ready: Ready
    secret: str = ""  # '': it makes its key itself

    @property
    def place(self) -> Place:
        return Place(self.folder / "data", self.url, self.secret)

    def surroundings(self, more: Mapping[str, str]) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "DATA_DIR": str(self.folder / "data"),
            "DATABASE_URL": self.url,
            "SECRET_KEY": self.secret,
            **more,
        }

    def bot(
        self, *arguments: object, stdin: bytes = b"", env: Mapping[str, str] = NOTHING, anew: bool = False
    ) -> subprocess.CompletedProcess[bytes]:
        """Run a command; `anew`: by a new interpreter, as it is typed."""
        words = [str(argument) for argument in arguments]
        if not anew:
            return self.ready.run(words, self.folder, self.surroundings(env), stdin, 100)
        return subprocess.run(
            [sys.executable, "-m", "bot", *words],
            input=stdin,
            capture_output=True,
            cwd=self.folder,
            env=self.surroundings(env),
            timeout=100,
            check=False,
        )

    def start(self, *arguments: object, env: Mapping[str, str] = NOTHING) -> Running:
        return self.ready.start(list(map(str, arguments)), self.folder, self.surroundings(env))

    def rows(self, statement: str) -> list[Any]:
        """What a query finds, times as SQLite writes them."""
        with rig.engine_of(self.url) as engine:
            reading = engine.execution_options(reading=True)  # waits for nobody who writes
            with reading.connect() as connection:
                return [tuple(map(plain, row)) for row in connection.execute(text(statement))]

    def count(self) -> int:
        return int(self.rows("SELECT count(*) FROM report")[0][0])

    def table(self, name: str, rows: Sequence[Sequence[str]], header: Sequence[str] = HEADER, **how: Any) -> Path:
        path = self.folder / name
        with path.open("w", encoding=how.pop("encoding", "utf-8"), newline="") as out:
            csv.writer(out, **how).writerows([header, *rows])
        return path


def plain(value: Any) -> Any:
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ") if isinstance(value, datetime) else value


@pytest.fixture(scope="session")
def ready() -> Iterator[Ready]:
    """What is loaded once and becomes each command."""
    with made_ready() as standing:
        yield standing


@pytest.fixture
def here(tmp_path: Path, fresh_place: Place, ready: Ready) -> Installation:
    """A fresh installation on either database."""
    return Installation(tmp_path, fresh_place.url, ready, fresh_place.secret)


@pytest.fixture
def blank(tmp_path: Path, blank_place: Place, ready: Ready) -> Installation:
    """The same before anybody migrated its database."""
    return Installation(tmp_path, blank_place.url, ready, blank_place.secret)


@pytest.fixture
def bare(tmp_path: Path, ready: Ready) -> Installation:
    """A fresh installation for what says the same on every database, or comes to none."""
    return Installation(tmp_path, f"sqlite:///{tmp_path / 'data' / 'test.db'}", ready)
