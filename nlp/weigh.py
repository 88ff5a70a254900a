"""Measuring the weights of `group.toml` anew: `python -m nlp.weigh tests/nlp/cases/duplicates.jsonl` prints them.

The table of matters was written by those who wrote the examples, so that it knows their words too well. To be ready
for others', the weights are learned with some of its words taken away, several times over.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nlp.likeness import SIGNS, Likeness
from nlp.marking import Report
from nlp.matter_training import train_matters
from nlp.matters import Matters
from nlp.reader import Reader

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PART = "tune"
"""The part of the examples that weights are learned from; the rest is only ever measured."""
TAKEN = (0.0, 0.0, 0.4)
"""Shares of the table's words that are taken away, a pass each."""
INVERSE_PENALTY = 1.0


@dataclass(frozen=True, slots=True)
class Example:
    """A report of an example, the group it is of, '' for a near miss, and its province's official code."""

    text: str
    group: str
    province: str


def read_groups(path: Path, codes: dict[str, str], part: str = PART) -> list[Example]:
    """Return the reports of a file of groups; `codes` are the provinces' by the names the file gives them."""
    found: list[Example] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row: dict[str, Any] = json.loads(line)
        if row["part"] == part:
            province = codes[row["province"]]
            found += [Example(text, str(row["group"]), province) for text in row["texts"]]
            found += [Example(text, "", province) for text in row["near_miss"]]
    return found


def pairs(likeness: Likeness, examples: Sequence[Example]) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Return the signs of all pairs inside a province, a row a pair, and whether they are of one group."""
    import numpy as np  # noqa: PLC0415

    signs: list[NDArray[np.float32]] = []
    same: list[NDArray[np.bool_]] = []
    for province in sorted({example.province for example in examples}):
        own = [example for example in examples if example.province == province]
        marks = likeness.marks([Report(example.text) for example in own], [province])
        found = likeness.signs(marks, slice(0, len(own)))
        above = np.triu_indices(len(own), 1)
        signs.append(np.stack([found[sign][above] for sign in SIGNS], axis=1))
        groups = np.array([example.group or f"none {number}" for number, example in enumerate(own)])
        same.append(groups[above[0]] == groups[above[1]])
    return np.concatenate(signs), np.concatenate(same)


def weigh(reader: Reader, examples: Sequence[Example]) -> dict[str, float]:
    """Return the weight of each sign that any pair has, and the bias."""
    import numpy as np  # noqa: PLC0415
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

    tables = [Matters(_known(share, seed)) for seed, share in enumerate(TAKEN)]
    passes = [pairs(Likeness(reader, table, train_matters(reader, table)), examples) for table in tables]
    signs, same = np.concatenate([x for x, _ in passes]), np.concatenate([y for _, y in passes])
    fitted = LogisticRegression(C=INVERSE_PENALTY, max_iter=5_000).fit(signs, same)
    met: list[bool] = (signs != 0).any(axis=0).tolist()
    weights = {sign: float(weight) for sign, weight, seen in zip(SIGNS, fitted.coef_[0], met, strict=True) if seen}
    return {"bias": float(fitted.intercept_[0]), **weights}


def _known(share: float, seed: int) -> Any:
    return lambda word: random.Random(f"{seed} {word}").random() >= share  # noqa: S311 — no secret


if __name__ == "__main__":
    named = {"chiangrai": "57", "khonkaen": "40", "nakhonsawan": "60", "trat": "23", "phatthalung": "93"}
    for sign, weight in weigh(Reader.load(), read_groups(Path(sys.argv[1]), named)).items():
        sys.stdout.write(f"{sign} = {weight:.2f}\n")
