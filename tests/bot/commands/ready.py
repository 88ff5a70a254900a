"""Commands as processes of their own that are spared the two seconds of loading the program."""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[3]


@dataclass(frozen=True, slots=True)
class Running:
    """A command that runs: a process with this number."""

    pid: int
    _said: socket.SocketIO  # how it ended, once it did

    def wait(self, seconds: float) -> int:
        """Wait for its end; its return code, as `subprocess` gives it.

        :raises TimeoutError: it goes on.
        """
        if not select.select([self._said], [], [], seconds)[0]:
            raise TimeoutError(f"it goes on after {seconds:.0f} s")
        with self._said:
            return int(self._said.readline())

    def terminate(self) -> None:
        """Ask it to end."""
        os.kill(self.pid, signal.SIGTERM)

    def kill(self) -> None:
        """End it at once."""
        os.kill(self.pid, signal.SIGKILL)


@dataclass(frozen=True, slots=True)
class Ready:
    """What stands ready; see `standing`."""

    _orders: socket.socket

    def start(self, arguments: Sequence[str], folder: Path, environment: Mapping[str, str], *streams: int) -> Running:
        """Start a command. `streams` are its stdin, stdout and stderr; what it does not have leads nowhere."""
        order = {"arguments": list(arguments), "folder": str(folder), "environment": dict(environment)}
        answer, back = socket.socketpair()
        with open(os.devnull, "r+b") as nowhere, back, answer:
            files = [*streams, *[nowhere.fileno()] * 3][:3]
            socket.send_fds(self._orders, [json.dumps(order).encode() + b"\n"], [*files, back.fileno()])
            back.close()
            said = answer.makefile("rb", buffering=0)
            return Running(int(said.readline()), said)

    def run(
        self, arguments: Sequence[str], folder: Path, environment: Mapping[str, str], stdin: bytes, seconds: float
    ) -> subprocess.CompletedProcess[bytes]:
        """Run a command to its end.

        :raises TimeoutError: it took longer; it is ended.
        """
        given, giving = os.pipe()
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
            with open(giving, "wb", buffering=0) as pipe:
                with open(given, "rb", buffering=0):
                    running = self.start(arguments, folder, environment, given, out.fileno(), errors.fileno())
                with suppress(BrokenPipeError):  # it may end before it has read everything
                    pipe.write(stdin)
            try:
                code = running.wait(seconds)
            except TimeoutError:
                running.kill()
                running.wait(10)
                raise
            out.seek(0)
            errors.seek(0)
            return subprocess.CompletedProcess(list(arguments), code, out.read(), errors.read())


@contextmanager
def made_ready() -> Iterator[Ready]:
    """A process that stands ready, until the end of the block."""
    orders, theirs = socket.socketpair()
    with orders:
        with theirs:
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.bot.commands.standing", str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                cwd=ROOT,
                env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
                pass_fds=[theirs.fileno()],
            )
        yield Ready(orders)
    process.wait(20)
