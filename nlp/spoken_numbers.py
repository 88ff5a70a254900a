"""Numbers as people say them: in digits, in words, or in digits and a word ("3 tens")."""

from __future__ import annotations

import re

_DIGITS = r"(\d{1,6})\s?(\D*)"


def amount(said: str) -> int | None:
    """Return the number that `said` is; None where it is none. Thai digits count as digits."""
    text = said.strip()
    found = re.match(_DIGITS, text)
    if found:
        return int(found[1]) * (_in_words(found[2].strip()) or 1)
    return _in_words(text)


def _in_words(text: str) -> int | None:
    if not text:
        return None
    from pythainlp.util import thaiword_to_num  # noqa: PLC0415 — imports dictionaries

    try:
        return int(thaiword_to_num(text))
    except (ValueError, TypeError, KeyError, IndexError):
        return None
