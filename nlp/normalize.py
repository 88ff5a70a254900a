"""Cleaning a text: once for people (`clean`), and further for matching (`fold`). Linear in the text's length."""

from __future__ import annotations

import re
from functools import cache

MAX_CHARACTERS = 6_000
"""What is read of one text. LINE allows 5,000 UTF-16 units in a message and Telegram 4,096 characters."""

UNDERSTOOD = 1_500
"""Of a longer text this much of its beginning, and a quarter of it of its end, decides what it is about."""

_THAI_DIGITS = {0x0E50 + digit: str(digit) for digit in range(10)}


@cache
def _unreadable() -> re.Pattern[str]:
    # Control characters but tab and newline, soft hyphen, zero-width and direction marks, surrogates, private use.
    return re.compile(
        "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
        "\ud800-\udfff\ue000-\uf8ff]"
    )


@cache
def _stacked_marks() -> re.Pattern[str]:
    # No Thai syllable carries more than three marks. A longer stack is noise and is slow in what follows.
    return re.compile("([\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]{3})[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]+")


@cache
def _long_run() -> re.Pattern[str]:
    return re.compile(r"([^\d\s])\1{30,}|([^\S\n])[^\S\n]+")


@cache
def _elongation() -> re.Pattern[str]:
    return re.compile(r"([^\d\W.])\1{2,}")


@cache
def _echo() -> re.Pattern[str]:
    # The same 2 to 12 characters three times running are said once; the tokenizer is slow on long periodic strings.
    return re.compile(r"([^\d\s][^\d\n]{1,11}?)\1{2,}")


@cache
def _unspaced_run() -> re.Pattern[str]:
    return re.compile(r"[^\s\d]{120,}")


@cache
def _disorder() -> re.Pattern[str]:
    # What PyThaiNLP's normalize would change, so that it runs only where it has something to do.
    swapped = (
        "\u0e40\u0e40|[\u0e48-\u0e4c][\u0e31\u0e34-\u0e39\u0e47\u0e4d]|[\u0e30\u0e32\u0e33\u0e45][\u0e48-\u0e4b]|\u0e45"
    )
    split_am = "\u0e4d[\u0e48-\u0e4b]*\u0e32"
    doubled = r"[\u0e48-\u0e4b]{2}|([\u0e30-\u0e3a\u0e40-\u0e45\u0e47\u0e4c-\u0e4e]) *\1"
    dangling = r"(?:^|\s)[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]|\s\n|\n\s"
    return re.compile(f"{swapped}|{split_am}|{doubled}|{dangling}")


@cache
def _stretch() -> re.Pattern[str]:
    return re.compile(r"[\s\S]{1,200}(?:\s+|$)|[\s\S]{1,200}")


@cache
def _spelled_out() -> re.Pattern[str]:
    return re.compile("(?<![\u0e00-\u0e7f])(?:[\u0e00-\u0e7f]{1,2}[ .*_-]){3,}[\u0e00-\u0e7f]{1,3}(?![\u0e00-\u0e7f])")


def clean(text: str) -> str:
    """Return `text` as it may be shown and kept: same words, no invisible characters, Thai marks in order.

    At most `MAX_CHARACTERS` are kept; a longer text ends in an ellipsis.
    """
    cut = text[:MAX_CHARACTERS]
    readable = _unreadable().sub("", cut.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))
    readable = _stacked_marks().sub(r"\1", readable)
    readable = _long_run().sub(lambda run: run[2] or run[1] * 30, readable)
    ordered = _stretch().sub(lambda part: _ordered(part[0]), readable).strip()
    return f"{ordered}…" if len(text) > MAX_CHARACTERS else ordered


def beginning_and_end(cleaned: str) -> str:
    """Return what decides about a cleaned text: all of it, or `UNDERSTOOD` characters and a quarter from the end."""
    if len(cleaned) <= UNDERSTOOD + UNDERSTOOD // 4:
        return cleaned
    return f"{cleaned[:UNDERSTOOD]}\n{cleaned[-UNDERSTOOD // 4 :]}"


def _ordered(part: str) -> str:
    if not _disorder().search(part):
        return part
    # Importing this imports the tokenizer's dictionaries, which callers that only load tables need not pay for.
    from pythainlp.util import normalize  # noqa: PLC0415

    end = part[len(part.rstrip()) :]
    begin = part[: len(part) - len(part.lstrip())] if part.strip() else ""
    return begin[:1] + str(normalize(part)) + ("\n" if "\n" in end else end[:1])


def fold(cleaned: str) -> str:
    """Return a cleaned text for matching: lower case, Arabic digits, elongation and echoes said once."""
    folded = cleaned.translate(_THAI_DIGITS).lower()
    folded = _spelled_out().sub(lambda run: re.sub(r"[ .*_-]", "", run[0]), folded)
    folded = _elongation().sub(r"\1", folded)
    return _unspaced_run().sub(lambda run: _echo().sub(r"\1", run[0]), folded)
