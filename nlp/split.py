"""A pasted list or a whole forum note into its issues, by the patterns of `notes.toml`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from nlp.header import Header, head_lines, read_header
from nlp.minutes import is_formal, is_rule, tells
from nlp.note_items import note_items
from nlp.note_levels import Item
from nlp.note_lines import FILE, NoteLine, letters, note_lines
from nlp.patterns import pattern_table
from nlp.prose import clauses_within, listed_within, numbered_within, told_within, without_hearsay, without_opening

__all__ = ["Header", "read_header", "split_list", "without_adding"]

_LEAST = 4
"""Letters that an issue keeps at least when what is not its own is cut off."""
_FEW = 3
_ENDS = ("ends", "followed_up", "urgent", "votes_inside", "votes", "proposer", "aside", "votes", "urgent", "ends")
"""What is cut from behind an issue, in this order; some stand behind one another."""
_NAMED = ("zone", "village", "agenda", "label")
"""Beginnings that say where or who, and do not mark an issue."""


def split_list(pasted: str) -> list[str]:
    """Return the issues of a pasted list or note, in order, without numbers, bullets, speakers and votes.

    Headings, the forum's header, greetings and other formalities are no issues. A line that is alone is one issue
    unless it lists or tells several itself. Lines that continue or explain an issue belong to it. Where nothing
    but a header or formalities stand, their lines are returned: nothing is lost. An empty text has no issues.
    """
    lines = note_lines(pasted)
    if len(lines) == 1 and not head_lines(lines):
        line = lines[0]
        pieces = numbered_within(line.whole) or _several(line.text, commas=3, note=False)
        return _trimmed(pieces, note=True) if pieces else [line.text]
    items = note_items(lines)
    commas = 3 if sum(not item.line.kind for item in items) <= _FEW else 0
    pieces = [piece for item in _without_labels(items) for piece in _pieces(item, commas)]
    if len(pieces) == 1 and not items[0].line.kind and head_lines(lines):
        pieces = clauses_within(pieces[0]) or pieces
    issues = _trimmed(pieces, note=len(pieces) > 1)
    return issues or [line.text for line in lines if not is_rule(line)] or [line.text for line in lines]


def without_adding(text: str) -> str:
    """Return a text without "add this:" before it, where what follows tells something; else as it is.

    "Add lamps" tells nothing without its first word.
    """
    wish = pattern_table(FILE)["adding"].match(text.lstrip())
    rest = text.lstrip()[wish.end() :] if wish else ""
    return rest if tells(rest) else text


def _without_labels(items: list[Item]) -> list[Item]:
    """Return the items without the label before each ("upstream:", "trouble of water:") where most have one."""
    table = pattern_table(FILE)
    for name in ("labelled", "topic"):
        found = [table[name].match(item.text) for item in items]
        if sum(map(bool, found)) >= max(_FEW, len(items) * 0.6):
            bare = [
                replace(item, text=item.text[label.end() :]) if label and not table["lead"].match(item.text) else item
                for item, label in zip(items, found, strict=True)
            ]
            return [item for item in bare if not is_formal(NoteLine(item.text, item.text))]
    return items


def _pieces(item: Item, commas: int) -> list[str]:
    if item.line.kind and item.line.kind not in _NAMED:
        return (numbered_within(item.line.whole) if item.line.number == 1 else []) or [item.text]
    table = pattern_table(FILE)
    lead = table["lead"].match(item.text)
    text = item.text[lead.end() :] if lead else item.text
    several = _several(text, commas=2 if lead else commas, note=True)
    return several or (table["conjoined"].split(text) if lead else [text])


def _several(text: str, *, commas: int, note: bool) -> list[str]:
    return numbered_within(text) or listed_within(text, commas=commas) or told_within(text, note=note)


def _trimmed(pieces: Sequence[str], *, note: bool) -> list[str]:
    """Return the pieces without what is around an issue: who says it, who is for it, how urgent it is called."""
    if not note:
        return [piece for piece in pieces if letters(piece)]
    table = pattern_table(FILE)
    bracketed = sum(bool(table["heads_in_brackets"].search(piece)) for piece in pieces) >= 2
    issues: list[str] = []
    for piece in pieces:
        quoted = table["quoted"].match(piece.strip())
        text = _cut(quoted["said"] if quoted else piece.strip(), "votes_first")
        text = _cut(text, "lead")
        text = without_opening(text)
        if text != piece and is_formal(NoteLine(text, text)):
            continue
        for name in (*_ENDS, "heads_in_brackets" if bracketed else "ends"):
            text = _cut(text, name)
        if len(pieces) >= _FEW:
            text = without_hearsay(text)
        text = _cut(text, "ends")
        if letters(text) and not table["nothing"].match(text):
            issues.append(text)
    return issues


def _cut(text: str, name: str) -> str:
    """Return a text without what a pattern finds at its ends, unless next to nothing would be left."""
    found = pattern_table(FILE)[name].search(text)
    if found is None:
        return text
    left = text[: found.start()] + text[found.end() :]
    return left if letters(left) >= _LEAST else text
