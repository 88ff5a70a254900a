"""The header of a forum note: the forum's name, its date, place and headcount, where the note says them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from nlp.header_dates import relative_date, written_date
from nlp.header_lines import HeadLine, head_line
from nlp.minutes import is_formal, tells
from nlp.note_lines import NoteLine, letters, note_lines

_REST = 12
"""Letters behind a header part from which on they are the note's first issue."""
_SUBTITLE = 30
_SOUGHT = 12
"""Lines from either end of a note among which its header is looked for."""


@dataclass(frozen=True, slots=True)
class Header:
    """What a note says of its forum; '' or None where it does not. `date_iso` is YYYY-MM-DD of the common era."""

    forum_name: str
    date_iso: str
    place: str
    participants: int | None


def read_header(note: str, today: date | None = None) -> Header:
    """Return the header of a forum note; `today` is the day of writing, for words such as "yesterday".

    The header is looked for at the beginning of the note and at its end.
    """
    lines = note_lines(note)
    found = sorted(head_lines(lines).items())
    heads = [head for _, head in found]
    written = (written_date(part.said, today) for head in heads for part in head.parts if part.kind == "date")
    relative = (relative_date(lines[at].whole, today) for at, _ in found)
    headcount = _first(head.first("heads") for head in heads)
    return Header(
        forum_name=_first(head.first("name") for head in heads),
        date_iso=_first(written) or _first(relative),
        place=_first(head.first("place") for head in heads),
        participants=int(headcount) if headcount else None,
    )


def head_lines(lines: Sequence[NoteLine]) -> dict[int, HeadLine]:
    """Return the lines of a note that are its header's, by their number from 0."""
    found = _run(lines, range(min(len(lines), _SOUGHT)))
    at_end = _run(lines, range(len(lines) - 1, max(-1, len(lines) - 1 - _SOUGHT), -1))
    if any(head.first("date") or head.first("heads") for head in at_end.values()):
        found = {**at_end, **found}
    return found


def _run(lines: Sequence[NoteLine], order: range) -> dict[int, HeadLine]:
    found: dict[int, HeadLine] = {}
    missed = 0
    for at in order:
        line = lines[at]
        head = None if line.numbered else head_line(line.whole, titled=not found and not line.kind and order.step > 0)
        if head and not (missed and all(part.kind == "place" for part in head.parts)):
            found[at] = head
            if letters(line.whole[head.end :]) > _REST and not _is_formal_text(line.whole[head.end :]):
                break
        elif not is_formal(line):
            # A subtitle may stand within a header.
            missed += 1
            if missed > 1 or not found or line.kind or letters(line.text) > _SUBTITLE or tells(line.text):
                break
    kinds = {part.kind for head in found.values() for part in head.parts if part.said}
    return found if kinds - {"place"} or len(lines) == len(found) == 1 else {}


def _is_formal_text(text: str) -> bool:
    return is_formal(NoteLine(text.strip(), text.strip()))


def _first(said: Iterable[str]) -> str:
    return next(filter(None, said), "")
