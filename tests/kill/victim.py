"""The program as it is served, in a process that may kill itself at the n-th passing of a step.

`python -m tests.kill.victim --kill-at send.sent --after 3`; settings come from the environment alone.
"""

from __future__ import annotations

import argparse
import os
import signal
from collections.abc import Callable

import uvicorn

from bot.app import make_app
from bot.logs import set_up_logs
from bot.serve import bind, only_worker, prepare
from bot.settings import load_settings


def killer(name: str, after: int) -> Callable[[str], None]:
    """A step that is the process's last: no handler runs, nothing is flushed, nobody is told."""
    left = after

    def step(passed: str) -> None:
        nonlocal left
        if passed == name:
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    return step


def main() -> None:
    """Serve until killed."""
    parser = argparse.ArgumentParser(prog="python -m tests.kill.victim")
    parser.add_argument("--kill-at", default="", help="the step to die at; none: live on")
    parser.add_argument("--after", type=int, default=1, help="which of its passings is the last")
    told = parser.parse_args()
    settings = load_settings(_env_file=None)  # a developer's own .env is none of the victim's business
    set_up_logs(settings)
    with only_worker(settings):  # the one before was killed: its lock went with it
        door = bind(settings)
        app = make_app(prepare(settings, sample=False), step=killer(told.kill_at, told.after))
        config = uvicorn.Config(app, log_config=None, access_log=False, lifespan="on", ws="none")
        uvicorn.Server(config).run(sockets=[door])


if __name__ == "__main__":
    main()
