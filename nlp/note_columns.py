"""A table in a note, its columns parted by bars or tabs: the column that holds the issues."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

_LETTERS = "[0-9A-Za-z\u0e01-\u0e4e]"
_BAR = r"\s*[|\uff5c\u2502]\s*|\t+"
_ROWS = 3
_COLUMNS = 3


def without_columns(rows: Sequence[str]) -> list[str]:
    """Return the lines of a note; of a table of three columns or more only the column with the longest texts.

    The table's first row, if its cell there is no longer than a third of the others', is its head and left out.
    """
    cells = {at: _cells(row) for at, row in enumerate(rows)}
    widths = Counter(len(row) for row in cells.values() if len(row) >= _COLUMNS)
    width, count = widths.most_common(1)[0] if widths else (0, 0)
    if count < _ROWS:
        return list(rows)
    table = [at for at, row in cells.items() if len(row) == width]
    lengths = [sum(_weight(cells[at][column]) for at in table) for column in range(width)]
    column = lengths.index(max(lengths))
    mean = max(lengths) / len(table)
    kept: list[str] = []
    for at, row in enumerate(rows):
        if at not in table:
            kept.append(row)
        elif at != table[0] or _weight(cells[at][column]) * 3 > mean:
            kept.append(f"- {cells[at][column]}" if _weight(cells[at][column]) else "")
    return kept


def _cells(row: str) -> list[str]:
    return [cell.strip() for cell in re.split(_BAR, row.strip().strip("|"))]


def _weight(cell: str) -> int:
    return len(re.findall(_LETTERS, cell))
