"""The program in a process of its own: started, waited for, weighed, stopped."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile

from tests.peers import LINE_SECRET, LINE_TOKEN, TELEGRAM_TOKEN

PATIENCE = 60.0  # seconds until a program that does not answer is given up
TICKS = os.sysconf("SC_CLK_TCK")
KEY = "a key that seals benchmarks only"


def free_port() -> int:
    """A port of loopback that nobody listens on just now."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        return int(door.getsockname()[1])


@contextmanager
def program(
    command: Sequence[str], port: int, env: Mapping[str, str] | None = None, path: str = "/readyz"
) -> Iterator[tuple[int, float]]:
    """Run a Python command until the block ends; gives its process id and the seconds until `path` answered 200.

    :raises RuntimeError: it ended, or did not answer in time.
    """
    clean = {"PATH": os.environ["PATH"], "PYTHONPATH": str(Path.cwd()), "LANG": "C.UTF-8"}
    began = time.monotonic()
    with TemporaryFile() as said:
        process = subprocess.Popen(
            [sys.executable, *command], env=clean | dict(env or {}), stdout=subprocess.DEVNULL, stderr=said
        )
        try:
            while not answers(port, path):
                if process.poll() is not None or time.monotonic() - began > PATIENCE:
                    said.seek(0)
                    raise RuntimeError(f"{' '.join(command)} is not ready: {said.read()[-1000:].decode()}")
                time.sleep(0.01)
            yield process.pid, time.monotonic() - began
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def answers(port: int, path: str) -> bool:
    """Whether 200 comes back."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def bot(port: int, folder: Path, *, work: bool = True, database: str = "") -> tuple[list[str], dict[str, str]]:
    """Command and environment of the program as it is installed, with nothing configured but, at most, a database."""
    command = ["-m", "bot", "run", *([] if work else ["--no-worker"])]
    env = {"PORT": str(port), "DATA_DIR": str(folder), "LOG_LEVEL": "warning"}
    return command, env | ({"DATABASE_URL": database, "SECRET_KEY": KEY} if database else {})


def platforms(line: str, telegram: str) -> dict[str, str]:
    """What configures both platforms at these addresses."""
    return {
        "LINE_CHANNEL_SECRET": LINE_SECRET,
        "LINE_CHANNEL_ACCESS_TOKEN": LINE_TOKEN,
        "LINE_API_BASE": line,
        "LINE_DATA_API_BASE": line,
        "TELEGRAM_BOT_TOKEN": TELEGRAM_TOKEN,
        "TELEGRAM_API_BASE": telegram,
        "LINE_PROVINCE": "chiang-rai",
    }


def resident(pid: int) -> float:
    """Resident memory in MB (10^6 bytes)."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def cpu_seconds(pid: int) -> float:
    """Seconds of processor time that a process and its threads have used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS
