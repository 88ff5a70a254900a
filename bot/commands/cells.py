"""Cells of a table that people open in a spreadsheet program: nothing in them may act as a formula."""

from __future__ import annotations

import re

ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # what XML 1.0 cannot hold
FORMULA = ("=", "+", "-", "@", "\t", "\r")
LONGEST = 32_767  # letters of an Excel cell


def safe_cell(value: str) -> str:
    """The text without illegal letters, and with an apostrophe before what a program would take for a formula.

    See OWASP, CSV Injection.
    """
    clean = ILLEGAL.sub("", value)
    return f"'{clean}" if clean.startswith(FORMULA) else clean
