"""A PostgreSQL server of a test's own, which may be killed and started again."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

MISSING = "a server of the test's own needs root and PostgreSQL's programs"


def programs() -> Path | None:
    """Where PostgreSQL's programs lie; None where there are none, or where we may not become its user."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found and os.geteuid() == 0 and shutil.which("setpriv") else None


@dataclass(frozen=True, slots=True)
class Cluster:
    """The server. It runs as `postgres`, because it refuses to run as root."""

    bin: Path
    folder: Path
    port: int

    @property
    def url(self) -> str:
        """The address of its one database."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/postgres"

    def make(self) -> None:
        """Make it."""
        self.run("initdb", "-D", str(self.folder), "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-U", "postgres")

    def start(self) -> None:
        """Start it, and wait until it takes connections."""
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.folder}"
        self.run("pg_ctl", "-D", str(self.folder), "-w", "-l", f"{self.folder}/log", "-o", options, "start")

    def stop(self, mode: str) -> None:
        """Stop it; `immediate` is a crash."""
        self.run("pg_ctl", "-D", str(self.folder), "-w", "-m", mode, "stop")

    def run(self, program: str, *arguments: str) -> None:
        """Run one of its programs."""
        user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
        subprocess.run(
            [*user, str(self.bin / program), *arguments],
            check=True,
            timeout=60,
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )


@contextmanager
def cluster(folder: Path, bin_: Path) -> Iterator[Cluster]:
    """A server that runs, in a part of a folder that is given to its user."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    (folder / "data").mkdir(mode=0o700)
    for part in (folder, folder / "data"):
        shutil.chown(part, "postgres", "postgres")
    made = Cluster(bin_, folder / "data", port)
    made.make()
    made.start()
    try:
        yield made
    finally:
        made.stop("immediate")


def execute(url: str, *statements: str) -> None:
    """Run statements, each by itself."""
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())
