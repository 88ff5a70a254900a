"""`evaluate`: the score card of the reader on labelled rows, as a table or as JSON."""

from __future__ import annotations

import csv
import json
import math
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.commands.failed import Failed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from handlers.provinces import Directory
    from nlp.evaluate import ScoreCard
    from nlp.labels import LabelRow

NEEDED = ("text", "label")
SHOWN = 5


def read_rows(path: Path, directory: Directory) -> list[LabelRow]:
    """The labelled rows of a file.

    :raises Failed: it is unreadable, has no rows, or lacks a column.
    """
    from nlp.labels import LabelError, read_labels  # noqa: PLC0415

    _check_columns(path)
    try:
        rows = read_labels(path, _codes(directory))
    except LabelError as error:
        raise Failed(str(error)) from None
    if not rows:
        raise Failed(f"{path.name}: there are no rows in it")
    return rows


def check_labels(path: Path, rows: list[LabelRow], known: Collection[str]) -> None:
    """See that a model can give every label.

    :raises Failed: it cannot; names the labels and their lines.
    """
    wrong = [(number, label) for number, row in enumerate(rows) for label in row.labels if label not in known]
    if not wrong:
        return
    lines = list(_lines(path))
    said = ", ".join(f"line {lines[number]}: '{label}'" for number, label in wrong[:SHOWN])
    more = f" and {len(wrong) - SHOWN} more" if len(wrong) > SHOWN else ""
    raise Failed(f"{path.name}: labels that the model does not know: {said}{more}; it knows {', '.join(known)}")


def _lines(path: Path) -> Iterator[int]:
    """The line of the file that each row begins on; both forms pass over empty lines."""
    with path.open(encoding="utf-8-sig", newline="") as text:
        if path.suffix != ".csv":
            yield from (number for number, line in enumerate(text, 1) if line.strip())
            return
        reader, before = csv.reader(text), 0
        for at, cells in enumerate(reader):
            if at and cells:
                yield before + 1
            before = reader.line_num


def unused_columns(path: Path) -> list[str]:
    """The columns of a readable label file that say nothing to us, in its own order."""
    from nlp.labels import KNOWN  # noqa: PLC0415

    with path.open(encoding="utf-8-sig", newline="") as lines:
        if path.suffix == ".csv":
            names = next(csv.reader(lines), [])
        else:
            names = [*dict.fromkeys(name for line in lines if line.strip() for name in json.loads(line))]
    return [name for name in names if name not in KNOWN]


def _check_columns(path: Path) -> None:
    if path.suffix != ".csv":
        return
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            header = next(csv.reader(lines), [])
    except (UnicodeDecodeError, csv.Error, OSError) as error:
        raise Failed(f"{path.name}: {error}") from None
    if missing := [name for name in NEEDED if name not in header]:
        raise Failed(f"{path.name}: no column {' and '.join(missing)}; the columns are {', '.join(header)}")


def _codes(directory: Directory) -> Mapping[str, str]:
    """Official codes by everything that label files call a province."""
    return {
        name: province.code
        for province in directory.provinces.values()
        for name in (province.slug, province.slug.replace("-", ""), province.name_th, province.name_en, province.code)
    }


def as_json(card: ScoreCard) -> dict[str, Any]:
    """The card as plain values; shares with their counts and 95 % interval, null where nothing was counted."""
    from nlp.evaluate import Share  # noqa: PLC0415

    plain: dict[str, Any] = {}
    for name in asdict(card):
        value = getattr(card, name)
        if isinstance(value, Share):
            low, high = value.interval
            share = None if not value.of else round(value.value, 4)
            plain[name] = {
                "value": share,
                "hits": value.hits,
                "of": value.of,
                "interval": [round(low, 4), round(high, 4)],
            }
        elif isinstance(value, float):
            plain[name] = None if math.isnan(value) else round(value, 4)
        else:
            plain[name] = {slug: round(f1, 4) for slug, f1 in value.items()} if name == "f1" else value
    return plain


def dump(card: ScoreCard) -> str:
    """The card as JSON."""
    return json.dumps(as_json(card), ensure_ascii=False, indent=2)


def print_card(card: ScoreCard) -> None:
    """The card as a table on stdout, then F1 by category."""
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    console = Console(highlight=False)
    table = Table("measure", "value", "counted", "95 %", title=f"{card.model}, {card.rows} rows")
    slugs = Table("category", "F1")
    for name, value in as_json(card).items():
        if isinstance(value, dict) and "of" in value:
            low, high = value["interval"]
            shown = "–" if value["value"] is None else f"{value['value']:.3f}"
            table.add_row(name, shown, f"{value['hits']}/{value['of']}", f"{low:.2f}–{high:.2f}" if value["of"] else "")
        elif isinstance(value, float):
            table.add_row(name, f"{value:.3f}", "", "")
    for slug, f1 in sorted(card.f1.items(), key=lambda item: -item[1]):
        slugs.add_row(slug, f"{f1:.3f}")
    console.print(table)
    console.print(slugs)
