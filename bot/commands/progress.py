"""How far a long command is: a bar on a terminal, a line every tenth elsewhere; both on stderr."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import typer


@contextmanager
def progress(what: str) -> Iterator[Callable[[int, float], None]]:
    """Yield a function that is told how many rows are done and which share of the whole that is, 0 to 1."""
    started = time.monotonic()
    if sys.stderr.isatty():
        with _bar(what) as tell:
            yield tell
        return
    tenth = 0

    def line(rows: int, done: float) -> None:
        nonlocal tenth
        if int(10 * done) > tenth:
            tenth = int(10 * done)
            passed = time.monotonic() - started
            left = passed * (1 - done) / done
            typer.echo(
                f"{what}: {10 * tenth} %, {rows} rows, {rows / max(passed, 0.001):.0f} a second, {left:.0f} s left",
                err=True,
            )

    yield line


@contextmanager
def _bar(what: str) -> Iterator[Callable[[int, float], None]]:
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    started = time.monotonic()
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[rows]} rows, {task.fields[rate]:.0f}/s"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(what, total=1.0, rows=0, rate=0.0)

        def tell(rows: int, done: float) -> None:
            rate = rows / max(time.monotonic() - started, 0.001)
            bar.update(task, completed=done, rows=rows, rate=rate)

        yield tell
