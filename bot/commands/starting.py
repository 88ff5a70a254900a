"""What every command begins and ends with: settings, logs, and lines on stdout."""

from __future__ import annotations

import os
from typing import Any

import typer

from bot.settings import Settings, load_settings


def start(**overrides: Any) -> Settings:
    """Settings, and logs as they say."""
    from bot.logs import set_up_logs  # noqa: PLC0415

    os.umask(0o077)  # what is written here is for this user only
    settings = load_settings(**overrides)
    set_up_logs(settings)
    return settings


def say_line(text: str) -> None:
    """Write a line to stdout at once, in UTF-8 whatever the terminal says it is."""
    out = typer.get_binary_stream("stdout")
    out.write(text.encode() + b"\n")
    out.flush()
