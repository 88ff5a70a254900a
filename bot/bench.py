"""The benchmarks' command: they lie with the tests, so only a source checkout has them."""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.util import find_spec


def run_benchmarks() -> int:
    """Run every benchmark; 0 when they were measured, 1 when there is no source checkout."""
    if find_spec("tests") is None or find_spec("tests.benchmarks") is None:
        sys.stderr.write("sansiang: the benchmarks need the source checkout: run `make bench` there\n")
        return 1
    return int(import_module("tests.benchmarks.__main__").main([]))
