"""The shipped examples: messages written for this project in people's own way of talking, labelled."""

from __future__ import annotations

from pathlib import Path

from nlp.labels import LabelRow, read_labels

EXAMPLES = Path(__file__).parent / "examples"


def read_examples(folder: Path) -> list[LabelRow]:
    """Return the rows of all files of JSON lines under `folder`, in order of their names.

    Raises:
        LabelError: a file is unreadable or a row lacks text or label; names the file and the line.
    """
    return [row for path in sorted(folder.rglob("*.jsonl")) for row in read_labels(path)]
