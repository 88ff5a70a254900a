"""`python -m tests.benchmarks [NAME …]`: measure, print one table, write artifacts/bench.json."""

from __future__ import annotations

import argparse
import logging
from collections.abc import Callable, Sequence

import structlog
from rich.console import Console

from tests.benchmarks import door, messages, postgresql, reading, running
from tests.benchmarks.measure import OUT, Measure, show, write

BENCHMARKS: dict[str, Callable[[int], list[Measure]]] = {
    "door": door.measure,
    "messages": messages.measure,
    "postgresql": postgresql.measure,
    "reading": reading.measure,
    "running": running.measure,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmarks named, or all; the table tells which aims are missed, and no figure is an error."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks")
    parser.add_argument("names", nargs="*", metavar="name", help=f"{', '.join(BENCHMARKS)}; all without a name")
    parser.add_argument("--runs", type=int, default=3, help="runs of each; the median counts")
    chosen = parser.parse_args(arguments)
    if odd := set(chosen.names) - set(BENCHMARKS):
        parser.error(f"no such benchmark: {', '.join(sorted(odd))}")
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    console, measures = Console(width=140), list[Measure]()
    for name in chosen.names or BENCHMARKS:
        console.print(f"{name} …")
        measures += BENCHMARKS[name](chosen.runs)
    show(measures, console)
    write(measures)
    console.print(f"Medians of the runs, least and most in brackets. All runs are in {OUT}.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
