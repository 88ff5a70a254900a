"""Label rows: texts with what a person said about them, from JSON lines or CSV."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from nlp.reading import Kind, Sensitive, Urgency

KNOWN = ("text", "label", "also", "kind", "urgency", "sensitive", "province", "place", "pii")
"""The columns that are read; others are passed over."""


class LabelError(ValueError):
    """A label file is unreadable or a row lacks text or label; names the file and the line."""


@dataclass(frozen=True, slots=True)
class LabelRow:
    """One labelled text. `labels` are the slugs taken as right, the first of them the main one.

    The rest is None (or empty) where the file does not say: nothing is then scored for it. `urgency`, `kind` and
    `sensitive` are the words of `nlp.reading`, `sensitive` '' meaning said to be none; `tambon_code` '' likewise.
    `province` is an official code. `personal` must not survive masking.
    """

    text: str
    labels: tuple[str, ...]
    kind: str | None = None
    urgency: str | None = None
    sensitive: str | None = None
    province: str | None = None
    tambon_code: str | None = None
    personal: tuple[str, ...] = ()


def read_labels(path: Path, provinces: Mapping[str, str] | None = None) -> list[LabelRow]:
    """Return the rows of a `.csv` file, or of a file of JSON lines.

    Args:
        path: the file, UTF-8. Columns `text,label` (`label` may hold several joined by `|`); JSON lines may also hold
            `also, kind, urgency, sensitive, province, place, pii`, CSV all of these but `place`.
        provinces: official code by whatever the file calls a province; names not in it count as unknown.

    Raises:
        LabelError: the file is unreadable, or a row lacks text or label.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            rows = csv.DictReader(lines) if path.suffix == ".csv" else _json_rows(lines, path)
            return [_row(row, provinces or {}, f"{path.name}: row {number}") for number, row in enumerate(rows, 1)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise LabelError(f"{path.name}: {error}") from error


def _json_rows(lines: Iterator[str], path: Path) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise LabelError(f"{path.name}: line {number}: {error}") from error
        if not isinstance(row, dict):
            raise LabelError(f"{path.name}: line {number}: an object is needed")
        yield row


def _row(row: Mapping[str, Any], provinces: Mapping[str, str], where: str) -> LabelRow:
    text, label = row.get("text"), row.get("label")
    if not isinstance(text, str) or not isinstance(label, str) or not label.strip(" |"):
        raise LabelError(f"{where}: text and label are needed")
    for name, words in (("kind", Kind), ("urgency", Urgency), ("sensitive", Sensitive)):
        if row.get(name) and row[name] not in get_args(words):
            raise LabelError(f"{where}: {name} '{row[name]}' is none of {', '.join(get_args(words))}")
    place = row.get("place")
    return LabelRow(
        text=text,
        labels=tuple(dict.fromkeys((*_listed(label), *_listed(row.get("also"))))),
        kind=row.get("kind") or None,
        urgency=row.get("urgency") or None,
        sensitive=(row["sensitive"] or "") if "sensitive" in row else None,
        province=provinces.get(str(row.get("province"))),
        tambon_code=(place.get("tambon_code") or "") if isinstance(place, dict) else None,
        personal=_listed(row.get("pii")),
    )


def _listed(value: Any) -> tuple[str, ...]:
    """Return what is a list in JSON and joined by `|` in CSV."""
    parts = value.split("|") if isinstance(value, str) else value or ()
    return tuple(part.strip() for part in parts if part.strip())
