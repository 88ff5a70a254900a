"""A pasted list into its items, and the header of a forum note, by the patterns of `notes.toml`."""

from __future__ import annotations

import re
from functools import cache

from nlp.header import Header, read_header
from nlp.normalize import clean
from nlp.tables import TableError, read_table, subtable, text, texts

__all__ = ["Header", "read_header", "split_list"]

FILE = "notes.toml"
_LONGEST_HEADER_LINE = 140


def split_list(pasted: str) -> list[str]:
    """Return the items of a pasted list, in order, without their numbers and bullets.

    A text of one line without inner numbering is one item. Where some lines carry a bullet, lines without one
    above the first are the header, and below they belong to the item before. Else every line is an item, but
    headings and lines of a forum's header. An empty text has no items.
    """
    patterns = _patterns()
    lines = [line.strip() for line in clean(pasted).split("\n") if line.strip()]
    if len(lines) == 1:
        inline = _inline(lines[0])
        return inline or [_bare(lines[0])]
    marked = [bool(patterns["bullet"][0].match(line)) for line in lines]
    if sum(marked) >= 2:
        return _bulleted(lines, marked)
    items = [_bare(line) for line in lines if not _is_header(line)]
    return [item for item in items if item] or [_bare(line) for line in lines if _bare(line)]


def _bulleted(lines: list[str], marked: list[bool]) -> list[str]:
    items: list[str] = []
    for line, has_bullet in zip(lines, marked, strict=True):
        if has_bullet:
            items.append(_bare(line))
        elif items and not _is_header(line):
            items[-1] = f"{items[-1]} {line}"
    return [item for item in items if item and not _is_header(item)]


def _inline(line: str) -> list[str]:
    """Return the items of one line that numbers them 1, 2, … itself; empty where it does not."""
    patterns = _patterns()
    found = list(patterns["inline"][0].finditer(line))
    numbers = [int(re.sub(r"\D", "", mark[0]) or 0) for mark in found]
    if len(found) < 2 or numbers != list(range(1, len(found) + 1)):
        return []
    ends = [mark.start() for mark in found[1:]] + [len(line)]
    return [
        line[mark.end() : end].strip() for mark, end in zip(found, ends, strict=True) if line[mark.end() : end].strip()
    ]


def _bare(line: str) -> str:
    return _patterns()["bullet"][0].sub("", line, count=1).strip() or line.strip()


def _is_header(line: str) -> bool:
    patterns = _patterns()
    if len(line) > _LONGEST_HEADER_LINE:
        return False
    return any(pattern.search(line) for pattern in (*patterns["heading"], *patterns["header"]))


@cache
def _patterns() -> dict[str, tuple[re.Pattern[str], ...]]:
    table = subtable(read_table(FILE), "item", FILE)
    where = f"{FILE}: item"
    sources = {
        "bullet": (text(table, "bullet", where),),
        "inline": (text(table, "inline", where),),
        "heading": texts(table, "heading", where),
        "header": texts(table, "header", where),
    }
    compiled: dict[str, tuple[re.Pattern[str], ...]] = {}
    for key, patterns in sources.items():
        try:
            compiled[key] = tuple(re.compile(pattern) for pattern in patterns)
        except re.error as error:
            raise TableError(FILE, f"item.{key}", str(error)) from error
    return compiled
