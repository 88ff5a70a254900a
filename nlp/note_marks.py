"""The mark that a line of a note begins with, and the words behind it."""

from __future__ import annotations

from dataclasses import dataclass

SURE_KINDS = ("number", "numeral", "counted")
"""Marks that count, whatever stands in the other lines."""
BARE = "bare"
UNSURE_KINDS = ("decimal", "letter", BARE)
COUNTING = (*SURE_KINDS, BARE)
"""Marks that may count on from one another."""


@dataclass(frozen=True, slots=True)
class NoteLine:
    """A line of a note with words in it.

    `text` is what follows the mark, `whole` the line with it. `kind` is '' without a mark, else what sort of mark
    it is; a bullet is its own kind. `number` is what the mark counts, 0 where it does not. `indent` counts spaces.
    `after_gap` says that an empty line stands above.
    """

    whole: str
    text: str
    kind: str = ""
    number: int = 0
    indent: int = 0
    after_gap: bool = False

    @property
    def numbered(self) -> bool:
        """Whether the mark counts."""
        return self.kind in (*SURE_KINDS, *UNSURE_KINDS)
