"""What the persons of the benchmarks say: ten messages each."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Literal

SCRIPT = Path(__file__).with_name("script.toml")


@dataclass(frozen=True, slots=True)
class Line:
    """One message: its words, when it is said after the person's first one, and what it is to become."""

    text: str
    at: timedelta
    wants: Literal["report", "addition", "status", "talk"]


def load_script() -> list[Line]:
    """The lines in order."""
    lines, at = [], timedelta()
    for line in tomllib.loads(SCRIPT.read_text("utf-8"))["line"]:
        at += timedelta(seconds=line["after"])
        lines.append(Line(line["text"], at, line["wants"]))
    return lines
