"""How likely it is that two texts report one problem: the same spot and the same matter, in whatever words."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from nlp.anchors import Anchors
from nlp.marking import Marker, Marks, Report
from nlp.matter_model import MatterModel, load_matter_model
from nlp.matters import Matters
from nlp.tables import TableError, read_table, subtable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from nlp.reader import Reader

    Floats = NDArray[np.float32]

FILE = "group.toml"
SIGNS = (
    "same_spot",
    "same_area",
    "other_spot",
    "no_place",
    "other_place",
    "same_number",
    "other_number",
    "same_matter",
    "held_matter",
    "other_matter",
    "likely_matter",
    "same_category",
    "same_meaning",
)
"""What the likeness of a pair is weighed by."""
LEAST, MOST = -6.0, 4.0
"""Log odds are kept within these, so that no single pair decides about two groups."""


class Likeness:
    """Compares reports. Immutable after loading, so threads may share one."""

    def __init__(self, reader: Reader, matters: Matters | None = None, model: MatterModel | None = None) -> None:
        """Read `group.toml`, and the table and the model of matters unless they are given.

        Raises:
            MatterModelError: the model is missing or does not fit.
            TableError: a table is wrong; it names the file and the key.
        """
        table = read_table(FILE)
        weights = subtable(table, "weight", FILE)
        for sign in (*SIGNS, "bias", "threshold"):
            if not isinstance(weights.get(sign), float):
                raise TableError(FILE, f"weight.{sign}", "a number with a point is needed")
        self._weights = {sign: weights[sign] for sign in SIGNS}
        self._bias: float = weights["bias"]
        self.threshold: float = weights["threshold"]
        """Log odds from which two reports are taken for one problem."""
        matters = matters or Matters()
        model = model or load_matter_model(reader.model, len(matters.slugs))
        self._marker = Marker(reader, Anchors(table, FILE), matters, model)

    def compare(self, one: Report, other: Report, provinces: Sequence[str] = ()) -> float:
        """Return the probability that two reports are of one problem.

        Args:
            one: a report.
            other: another.
            provinces: official 2-digit codes of the provinces they may be from, the likeliest first.
        """
        return 1 / (1 + math.exp(-float(self.log_odds(self.marks([one, other], provinces), slice(0, 1))[0, 1])))

    def likest(
        self, one: Report, candidates: Sequence[Report], provinces: Sequence[str] = (), *, nearby: bool = False
    ) -> list[tuple[int, float]]:
        """Return the numbers of candidates that seem to be of one problem with `one`, likest first, and how likely.

        With `nearby` only those that share a place with it: where none is named, the same words are said of two.
        """
        first, marks = slice(0, 1), self.marks([one, *candidates], provinces)
        signs = self.signs(marks, first)
        odds = self._weigh(signs, marks, first)
        if nearby:
            odds[(signs["same_spot"] == 0) & (signs["same_area"] == 0)] = LEAST
        values = enumerate(odds[0, 1:].tolist())
        found = [(number, 1 / (1 + math.exp(-value))) for number, value in values if value >= self.threshold]
        return sorted(found, key=lambda item: -item[1])

    def marks(self, reports: Sequence[Report], provinces: Sequence[str]) -> Marks:
        """Return what reports from some provinces are compared by; see `compare`."""
        return self._marker.mark(reports, provinces)

    def log_odds(self, marks: Marks, rows: slice) -> Floats:
        """Return the log odds that pairs are of one problem, a row a report of `rows` and a column a report."""
        return self._weigh(self.signs(marks, rows), marks, rows)

    def _weigh(self, signs: Mapping[str, Floats], marks: Marks, rows: slice) -> Floats:
        import numpy as np  # noqa: PLC0415

        odds = np.full((len(range(*rows.indices(len(marks)))), len(marks)), self._bias, dtype=np.float32)
        for sign, values in signs.items():
            odds += np.float32(self._weights[sign]) * values
        repeats = (marks.repeats[rows, None] == marks.repeats[None, :]) & (marks.repeats[rows, None] >= 0)
        odds[repeats & (signs["other_place"] == 0)] = MOST
        return np.clip(odds, LEAST, MOST)

    def signs(self, marks: Marks, rows: slice) -> dict[str, Floats]:
        """Return each of `SIGNS` from 0 to 1 for pairs, a row a report of `rows` and a column a report."""
        import numpy as np  # noqa: PLC0415

        place = {name: truth.astype(np.float32) for name, truth in marks.whereabouts.signs(rows).items()}
        matters = marks.matters
        said = (matters > 0).astype(np.float32)
        # Who says too little to tell is not held to be about exactly that.
        totals = np.maximum(matters.sum(axis=1), 1.0)
        held, held_back = matters[rows] @ said.T / totals[rows, None], said[rows] @ matters.T / totals[None, :]
        some = matters.max(axis=1, initial=0.0) > 0
        spoken = some[rows, None] & some[None, :]
        return {
            **place,
            "same_matter": _alike(matters, rows, least=1.0),
            "held_matter": np.maximum(held, held_back) * spoken,
            "other_matter": (1 - held) * (1 - held_back) * spoken,
            "likely_matter": _alike(marks.likely, rows, least=1e-6),
            "same_category": marks.shares[rows] @ marks.shares.T,
            "same_meaning": marks.directions[rows] @ marks.directions.T,
        }


def _alike(weights: Floats, rows: slice, least: float) -> Floats:
    """Return the cosines between `rows` of a matrix and all its rows; one shorter than `least` counts as that long."""
    import numpy as np  # noqa: PLC0415

    lengths = np.maximum(np.sqrt((weights * weights).sum(axis=1)), np.float32(least))
    alike: Floats = weights[rows] @ weights.T / (lengths[rows, None] * lengths[None, :])
    return alike
