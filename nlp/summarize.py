"""One line for a report: the most telling part of its masked text, in the person's own words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nlp.normalize import fold
from nlp.tokenize import tokens

LONGEST = 120
"""Characters of a summary at most."""
_SHORTEST = 12
_MOST_CLAUSES = 120
_ELLIPSIS = "…"


def summarize(masked: str, telling: Sequence[str]) -> str:
    """Return at most `LONGEST` characters of a masked text, words whole: the clauses with most of the telling words.

    Args:
        masked: the masked text; Thai ends a clause with a space or a new line.
        telling: words that decided about the text, folded; the summary prefers clauses which hold them.
    """
    line = re.sub(r"\s*\n\s*", " ", masked).strip()
    if len(line) <= LONGEST:
        return line
    clauses = [clause for clause in line.split(" ") if clause][:_MOST_CLAUSES]
    tells = [_tells(clause, telling) for clause in clauses]
    best, best_score = "", -1.0
    for first in range(len(clauses)):
        part = clauses[first]
        last = first + 1
        while last < len(clauses) and len(part) + 1 + len(clauses[last]) <= LONGEST - 2:
            part = f"{part} {clauses[last]}"
            last += 1
        score = sum(tells[first:last]) + min(len(part), LONGEST) / (2 * LONGEST) - 0.02 * first
        if score > best_score:
            best, best_score = part, score
        if last == len(clauses):
            break
    return _shortened(best)


def _tells(clause: str, telling: Sequence[str]) -> int:
    folded = fold(clause)
    return sum(word in folded for word in telling)


def _shortened(part: str) -> str:
    """Cut at the end of a word, never inside a placeholder or a Thai syllable."""
    if len(part) <= LONGEST:
        return part
    found = tokens(part[: LONGEST + 40])
    room = LONGEST - len(_ELLIPSIS)
    end = max((end for end in found.ends if _SHORTEST <= end <= room), default=room)
    while end > 1 and (
        part[end : end + 1] in "\u0e30\u0e32\u0e33\u0e45" or "\u0e31" <= part[end : end + 1] <= "\u0e4e"
    ):
        end -= 1
    opened = part.rfind("[", 0, end)
    if opened > part.rfind("]", 0, end):
        end = opened
    return part[:end].rstrip() + _ELLIPSIS
