"""Reading the TOML tables that lie beside this room, with errors that name the file and the key."""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files
from typing import Any

Table = dict[str, Any]


class TableError(ValueError):
    """A table of the understanding room is unreadable, or a key of it is missing or has the wrong shape."""

    def __init__(self, file: str, key: str, why: str) -> None:
        super().__init__(f"{file}: {key}: {why}")
        self.file = file
        self.key = key


def read_table(file: str) -> Table:
    """Return the TOML table `file` of this package.

    Raises:
        TableError: the file is missing or is not TOML.
    """
    try:
        return tomllib.loads(files("nlp").joinpath(file).read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise TableError(file, "(whole file)", str(error)) from error


def text(table: Table, key: str, file: str, default: str | None = None) -> str:
    """Return the text under `key`; `default` where the key is absent.

    Raises:
        TableError: the key is missing without a default, or is no text.
    """
    value = table.get(key, default)
    if not isinstance(value, str):
        raise TableError(file, key, "a text is needed")
    return value


def pattern(table: Table, key: str, file: str) -> re.Pattern[str]:
    """Return the regular expression under `key`, compiled.

    Raises:
        TableError: the key is missing, or holds none.
    """
    try:
        return re.compile(text(table, key, file))
    except re.error as error:
        raise TableError(file, key, str(error)) from error


def texts(table: Table, key: str, file: str, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
    """Return the list of texts under `key`; `default` where the key is absent.

    Raises:
        TableError: the key is missing without a default, or is no list of non-empty texts.
    """
    value = table.get(key, default)
    if not isinstance(value, list | tuple) or not all(isinstance(item, str) and item for item in value):
        raise TableError(file, key, "a list of non-empty texts is needed")
    return tuple(value)


def subtable(table: Table, key: str, file: str) -> Table:
    """Return the table under `key`.

    Raises:
        TableError: the key is missing or is no table.
    """
    value = table.get(key)
    if not isinstance(value, dict):
        raise TableError(file, key, "a table is needed")
    return value


def subtables(table: Table, key: str, file: str) -> tuple[Table, ...]:
    """Return the array of tables under `key`; empty where the key is absent.

    Raises:
        TableError: the key holds something else.
    """
    value = table.get(key, [])
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise TableError(file, key, "an array of tables is needed")
    return tuple(value)
