"""Items that are set under another: they belong to it, or it is only their title."""

from __future__ import annotations

from dataclasses import dataclass, replace

from nlp.minutes import is_heading, tells
from nlp.note_lines import NoteLine, letters

_SHORT = 20
_TITLE = 30
_PARTS = 3


@dataclass(frozen=True, slots=True)
class Item:
    """An issue as its lines say it, joined by spaces. `line` is the first of them, `section` counts headings."""

    line: NoteLine
    text: str
    section: int

    @property
    def whole(self) -> str:
        """All its lines, the mark of the first with them."""
        return self.line.whole + self.text[len(self.line.text) :]

    def with_line(self, text: str) -> Item:
        """Return the item with one more line."""
        return replace(self, text=f"{self.text} {text}")


def levelled(items: list[Item]) -> list[Item]:
    """Return the items with those set under another put into it, or without the other where it is only their title."""
    kept: list[Item] = []
    at = 0
    while at < len(items):
        parent = items[at]
        end = at + 1
        while end < len(items) and _is_under(items[end], parent):
            end += 1
        children = items[at + 1 : end]
        if _goes_on(parent, children, items[:at]) and end == len(items):
            children, end = [], at + 1
        if children and _is_title(parent, children):
            kept += [parent, *children] if _stands_alone(parent, children) else children
        else:
            kept.append(replace(parent, text=" ".join([parent.text, *(child.whole for child in children)])))
        at = end
    return kept


def _is_under(item: Item, parent: Item) -> bool:
    if item.section != parent.section or not item.line.kind or not parent.line.kind:
        return False
    if item.line.kind == parent.line.kind:
        return item.line.indent > parent.line.indent
    if not parent.line.kind.isalpha() and letters(parent.text) <= _SHORT and not tells(parent.text):
        return True
    return parent.line.numbered and (not item.line.kind.isalpha() or item.line.kind in ("decimal", "letter"))


def _goes_on(parent: Item, children: list[Item], before: list[Item]) -> bool:
    """Whether bullets as far left as the numbers before them carry the list on: only the last number has any."""
    return (
        all(item.line.numbered and item.section == parent.section for item in before)
        and all(not child.line.numbered and child.line.indent <= parent.line.indent for child in children)
        and all(tells(child.text) for child in children)
    )


def _is_title(parent: Item, children: list[Item]) -> bool:
    if not tells(parent.text) or is_heading(parent.line):
        return True
    return len(children) >= _PARTS and letters(parent.text) <= _TITLE and all(tells(child.text) for child in children)


def _stands_alone(parent: Item, children: list[Item]) -> bool:
    """Whether a title tells something itself and nothing is set further in under it: then it may be an issue too."""
    left = all(child.line.indent <= parent.line.indent for child in children)
    return left and tells(parent.text) and not is_heading(parent.line)
