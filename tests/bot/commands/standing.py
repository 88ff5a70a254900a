"""A process that has loaded the program and stands ready to become any command of it.

`python -m tests.bot.commands.standing 5` waits on socket 5 for orders, a line of JSON each, with `arguments`, `folder`
and `environment`, and beside it the files to be stdin, stdout and stderr, and a socket to answer on in two lines: the
number of the process that became the command, and how it ended, as `subprocess` gives it. A copy of this process
(`fork`) goes on as `python -m bot` does, with a folder, an environment and an end of its own. It is spared to load
libraries and the words of the language; settings, databases and provinces are read after it was made.
"""

from __future__ import annotations

import gc
import json
import os
import runpy
import signal
import socket
import sys
from importlib import import_module
from typing import Any

from nlp.reader import Reader

# What commands load when they need it.
LATE = (
    *("bot.app", "bot.bench", "bot.channels.line", "bot.channels.telegram", "bot.cli", "bot.drivers.procrastinate"),
    *("bot.files", "bot.invites", "bot.menus.line", "bot.menus.telegram", "bot.polling", "bot.printing", "bot.serve"),
    *("bot.commands.chatting", "bot.commands.classifying", "bot.commands.digesting", "bot.commands.doctoring"),
    *("bot.commands.evaluating", "bot.commands.exporting", "bot.commands.grouping", "bot.commands.importing"),
    *("bot.commands.keeping", "bot.commands.moving", "bot.commands.splitting", "bot.commands.training"),
)
LARGEST = 1 << 20  # bytes of an order


def warm_up() -> None:
    """Load what takes long and is the same for every command."""
    for name in LATE:
        import_module(name)
    Reader.load().read("ถนนพัง")
    gc.freeze()  # what is swept is written to, and a copy shares with the others what it does not write to


def ordered(orders: socket.socket) -> dict[str, Any]:
    """Wait for orders and do each in a copy; only a copy returns, having become the command's process.

    Between this process and the copy stands another, which waits for the copy's end.
    """
    while True:
        raw, files, *_ = socket.recv_fds(orders, LARGEST, 4)
        if not raw:
            raise SystemExit  # nobody is left who could order
        while not raw.endswith(b"\n"):
            raw += orders.recv(LARGEST)
        *streams, back = files
        if os.fork() == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            orders.close()
            with socket.socket(fileno=back) as answer:
                if (copy := os.fork()) == 0:
                    answer.close()
                    for at, stream in enumerate(streams):
                        os.dup2(stream, at)
                        os.close(stream)
                    order: dict[str, Any] = json.loads(raw)
                    return order
                for stream in streams:
                    os.close(stream)
                answer.sendall(b"%d\n" % copy)
                code = os.waitstatus_to_exitcode(os.waitpid(copy, 0)[1])
                answer.sendall(b"%d\n" % code)
            os._exit(0)
        for file in files:
            os.close(file)


def main() -> None:
    """Stand ready until nobody orders any more."""
    warm_up()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those who wait
    order = ordered(socket.socket(fileno=int(sys.argv[1])))
    os.chdir(order["folder"])
    os.environ.clear()
    os.environ.update(order["environment"])
    sys.path[0] = order["folder"]  # as `python -m` does
    sys.argv[1:] = order["arguments"]
    runpy.run_module("bot", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
