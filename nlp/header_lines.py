"""A line of a note that is its header's, or begins with it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from nlp.header_parts import FILE, Part, forum_word, header_parts
from nlp.minutes import tells
from nlp.note_lines import letters
from nlp.patterns import PatternTable, pattern_table

LONGEST = 300
"""Characters of a line in which its header parts are looked for."""
_GAP = 20
"""Letters between two parts of a header at most."""
_FAR = 50
_SURE_KINDS = ("name", "date", "heads")
"""Kinds that make a header though other words stand before them."""
_REST = 10
"""Letters beside the parts of a header in a line of it at most, where it does not name the forum."""
_LETTERS = "[0-9A-Za-z\u0e01-\u0e4e]"
_TITLE = 5
_LISTED = 80
"""Letters of a line at most that says how many came, and who they were."""
_CLOSING = " )]}.,;:/|-"
_NO_LETTER = "[^0-9A-Za-z\u0e01-\u0e4e]"
_ARABIC = {0x0E50 + digit: str(digit) for digit in range(10)}


@dataclass(frozen=True, slots=True)
class HeadLine:
    """A line of a header: its parts in order, and where what is no header begins."""

    parts: tuple[Part, ...]
    end: int

    def first(self, kind: str) -> str:
        """Return what the first part of that kind says; '' where there is none."""
        return next((part.said for part in self.parts if part.kind == kind and part.said), "")


def arabic(line: str) -> str:
    """Return the line with Arabic digits, every character at its place."""
    return line.translate(_ARABIC)


def head_line(line: str, *, titled: bool = False) -> HeadLine | None:
    """Return the header that a line is or begins with; None where it is no line of a header.

    `titled` says that the line stands where a note's title does: then what is before two kinds of parts is the
    forum's name, though no word says that it is a forum.
    """
    table = pattern_table(FILE)
    read = arabic(line[:LONGEST])
    parts, end = _leading(read, header_parts(read), table)
    found = _head_line(line, read, parts, end, table, titled)
    return (
        replace(found, parts=tuple(_as_written(part, line, read) for part in _total_first(found.parts, read, table)))
        if found
        else None
    )


def _head_line(
    line: str, read: str, parts: tuple[Part, ...], end: int, table: PatternTable, titled: bool
) -> HeadLine | None:
    kinds = {part.kind for part in parts if part.said}
    if not parts:
        return None
    if "name" in kinds and kinds & {"date", "heads"} and "place" not in kinds:
        parts = _with_place(read, parts, table)
    if "name" in kinds:
        bare = len(kinds) == 1 and not any(len(part.said) > forum_word(part.said) for part in parts)
        rest = read[end:]
        return None if bare else HeadLine(parts, end + len(rest) - len(rest.lstrip(_CLOSING)))
    if kinds <= {"place"} and (table["acting"].search(read) or tells(read)):
        return None
    title = _title(read[: parts[0].start], table) if titled and len(kinds) > 1 else None
    if title:
        return HeadLine((title, *parts), end)
    if parts[0].kind == "heads" and parts[0].start == 0 and not tells(read) and letters(read) <= _LISTED:
        return HeadLine(parts, len(line))
    spans = [0, *(edge for part in parts for edge in (part.start, part.end)), len(read)]
    rest = " ".join(read[start:stop] for start, stop in zip(spans[::2], spans[1::2], strict=True))
    if (
        table["denied"].search(rest)
        or len(line) > LONGEST
        or weight(rest, table) > (_REST if len(kinds) == 1 else _GAP)
    ):
        return None
    return HeadLine(parts, len(line))


def _with_place(read: str, parts: tuple[Part, ...], table: PatternTable) -> tuple[Part, ...]:
    """Return the parts with the words between two of them as the place, where there are such."""
    for before, after in pairwise(parts):
        said = re.sub(r"\([^()]*\)", "", read[before.end : after.start]).strip(" .,;:/|-–—@")
        if (
            said.count(" ") <= (before.kind == "date")
            and weight(said, table) >= _TITLE
            and not table["no_place"].match(said)
        ):
            return (*parts, Part("place", before.end, after.start, said))
    return parts


def _as_written(part: Part, line: str, read: str) -> Part:
    """Return a name or a place with the digits that it was written with."""
    at = read.find(part.said, part.start) if part.kind in ("name", "place") else -1
    return replace(part, said=line[at : at + len(part.said)]) if at >= 0 else part


def _title(before: str, table: PatternTable) -> Part | None:
    said = before.strip(" .,;:/|-–—@")
    if weight(said, table) < _TITLE or tells(said) or re.match(_NO_LETTER, said):
        return None
    begins = before.index(said)
    return Part("name", begins, begins + len(said), said)


def weight(text: str, table: PatternTable | None = None) -> int:
    """Return how many letters of a text say something in a header."""
    return len(re.findall(_LETTERS, (table or pattern_table(FILE))["filler"].sub("", text)))


def _leading(read: str, parts: list[Part], table: PatternTable) -> tuple[tuple[Part, ...], int]:
    """Return the parts that follow each other from the line's beginning on, and the end of the last."""
    found: list[Part] = []
    at = 0
    for part in parts:
        if part.start < at:
            continue
        gap = re.sub(r"\([^()]*\)", "", read[at : part.start])
        if tells(gap) or weight(gap, table) > (_FAR if part.kind in _SURE_KINDS else _GAP):
            break
        found.append(part)
        at = part.end
    return tuple(found), at


def _total_first(parts: tuple[Part, ...], read: str, table: PatternTable) -> tuple[Part, ...]:
    """Return the parts with a headcount that is called the total before other headcounts."""
    return tuple(sorted(parts, key=lambda part: part.kind == "heads" and not table["total"].match(read[part.start :])))
