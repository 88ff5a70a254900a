"""The program as it is served, in a process that may kill itself at the n-th passing of a step.

`python -m tests.kill.victim` loads the program and waits for a line of JSON, which says how to die and what to set:
`{"arguments": ["--kill-at", "send.sent", "--after", "3"], "settings": {"PORT": "8000", …}}`. So one can stand ready
while another lives.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
from collections.abc import Callable
from functools import partial
from importlib import import_module

import uvicorn

from bot.app import driver_for, make_app
from bot.logs import set_up_logs
from bot.serve import bind, only_worker, prepare
from bot.settings import load_settings
from tests.kill.poison import poisoned_driver

# What the program itself loads when it needs it.
LATE = ("bot.channels.line", "bot.channels.telegram", "bot.drivers.procrastinate", "bot.polling")


def killer(name: str, after: int, *, armed: bool) -> Callable[[str], None]:
    """A step that is the process's last: no handler runs, nothing is flushed, nobody is told.

    `armed`: passings count from SIGUSR1 on only.
    """
    left, counts = after, not armed

    def begin(*_: object) -> None:
        nonlocal counts
        counts = True

    signal.signal(signal.SIGUSR1, begin)

    def step(passed: str) -> None:
        nonlocal left
        if counts and passed == name:
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    return step


def told() -> argparse.Namespace:
    """What the line says; ends the process when none comes."""
    for name in LATE:
        import_module(name)
    line = sys.stdin.readline()
    if not line:
        raise SystemExit
    said = json.loads(line)
    os.environ.update(said["settings"])
    parser = argparse.ArgumentParser(prog="python -m tests.kill.victim")
    parser.add_argument("--kill-at", default="", help="the step to die at; none: live on")
    parser.add_argument("--after", type=int, default=1, help="which of its passings is the last")
    parser.add_argument("--armed", action="store_true", help="count from SIGUSR1 on only")
    parser.add_argument("--poison", default="", help="words whose handling fails, or with --deadly ends the process")
    parser.add_argument("--deadly", action="store_true")
    return parser.parse_args(said["arguments"])


def main() -> None:
    """Serve until killed."""
    asked = told()
    settings = load_settings(_env_file=None)  # a developer's own .env is none of the victim's business
    set_up_logs(settings)
    with only_worker(settings):  # the one before was killed: its lock went with it
        door = bind(settings)
        app = make_app(
            prepare(settings, sample=False),
            step=killer(asked.kill_at, asked.after, armed=asked.armed),
            make_driver=partial(poisoned_driver, words=asked.poison, deadly=asked.deadly)
            if asked.poison
            else driver_for,
        )
        config = uvicorn.Config(app, log_config=None, access_log=False, lifespan="on", ws="none")
        uvicorn.Server(config).run(sockets=[door])


if __name__ == "__main__":
    main()
