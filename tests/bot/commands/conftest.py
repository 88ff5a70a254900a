from __future__ import annotations

import csv
import os
import sqlite3
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

NOTHING: Mapping[str, str] = MappingProxyType({})
ROOT = Path(__file__).parents[3]
HEADER = ("ticket_id", "text", "types", "province", "district", "subdistrict", "timestamp")


@dataclass
class Installation:
    """An installation of its own in a scratch folder; `bot` runs a command of it in a process of its own."""

    folder: Path

    @property
    def database(self) -> Path:
        return self.folder / "data" / "test.db"

    def surroundings(self, more: Mapping[str, str]) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "DATA_DIR": str(self.folder / "data"),
            "DATABASE_URL": f"sqlite:///{self.database}",
            **more,
        }

    def bot(
        self, *arguments: object, stdin: bytes = b"", env: Mapping[str, str] = NOTHING
    ) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [sys.executable, "-m", "bot", *map(str, arguments)],
            input=stdin,
            capture_output=True,
            cwd=self.folder,
            env=self.surroundings(env),
            timeout=100,
            check=False,
        )

    def start(self, *arguments: object, env: Mapping[str, str] = NOTHING) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "bot", *map(str, arguments)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self.folder,
            env=self.surroundings(env),
        )

    def rows(self, statement: str) -> list[Any]:
        with sqlite3.connect(self.database) as connection:
            found = connection.execute(statement).fetchall()
        connection.close()
        return found

    def count(self) -> int:
        return int(self.rows("SELECT count(*) FROM report")[0][0])

    def table(self, name: str, rows: Sequence[Sequence[str]], header: Sequence[str] = HEADER, **how: Any) -> Path:
        path = self.folder / name
        with path.open("w", encoding=how.pop("encoding", "utf-8"), newline="") as out:
            csv.writer(out, **how).writerows([header, *rows])
        return path


@pytest.fixture
def here(tmp_path: Path) -> Installation:
    return Installation(tmp_path)
