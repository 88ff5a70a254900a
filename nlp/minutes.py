"""What a line of minutes is for: a heading, a point of the agenda, a formality; or it tells something."""

from __future__ import annotations

from dataclasses import dataclass

from nlp.note_lines import FILE, NoteLine, letters
from nlp.patterns import pattern_table

_SHORT = 30
_AROUND = " ([{*\"'"
_HEADING = 60
_LONGEST_FORMALITY = 90
"""Letters from which on a line says more than what it begins with."""


@dataclass(frozen=True, slots=True)
class Point:
    """A point of an agenda: its title, what stands behind it in the same line, and what it brings.

    `kind` is "announced" (nothing of it is an issue), "others" (only what tells something) or "" (all).
    """

    title: str
    content: str
    kind: str


def tells(text: str) -> bool:
    """Whether a text has a word of a problem or a wish."""
    return bool(pattern_table(FILE)["telling"].search(text))


def is_formal(line: NoteLine) -> bool:
    """Whether a line is a greeting, a thank-you, a resolution, an ending: what every note has and no issue is."""
    table = pattern_table(FILE)
    if (line.kind and tells(line.text)) or letters(line.text) > _LONGEST_FORMALITY:
        return False
    text = line.text.lstrip(_AROUND)
    if table["formal"].search(text) or table["will_do"].search(text) or is_rule(line):
        return True
    return bool(table["formal_if_idle"].search(text)) and not tells(text)


def is_rule(line: NoteLine) -> bool:
    """Whether a line only separates."""
    return bool(pattern_table(FILE)["rule"].match(line.whole))


def agenda_point(line: NoteLine, following: NoteLine | None = None) -> Point | None:
    """Return the point of an agenda that a line begins; None where it begins none.

    Without the word "agenda" a short line that announces begins one if it is numbered, or unmarked above a marked one.
    """
    table = pattern_table(FILE)
    found = table["agenda"].match(line.text)
    if found is None:
        if not line.kind and following and following.kind and table["announcing_alone"].match(line.text):
            return Point(line.text, "", "announced")
        cut = table["point_content"].search(line.text) if line.numbered else None
        if cut and table["announcing_alone"].match(line.text[: cut.start()]):
            return Point(line.text[: cut.start()], "", "announced")
        kind = _kind(line.text) if line.numbered and letters(line.text) <= _SHORT else ""
        return Point(line.text, "", kind) if kind else None
    rest = line.text[found.end() :]
    cut = table["others"].match(rest) or table["point_content"].search(rest)
    title, content = (rest[: cut.start()] or cut[0], rest[cut.end() :].strip(" -–—:")) if cut else (rest, "")
    return Point(title, content, _kind(title))


def is_heading(line: NoteLine) -> bool:
    """Whether a line names what follows: problems, a zone, a group."""
    table = pattern_table(FILE)
    if len(line.text) > _HEADING:
        return False
    if table["heading"].search(line.text):
        return True
    return bool(table["zone_alone"].match(line.text)) and not tells(line.text)


def _kind(title: str) -> str:
    table = pattern_table(FILE)
    if table["others"].match(title):
        return "others"
    return "announced" if table["announcing"].match(title) else ""
