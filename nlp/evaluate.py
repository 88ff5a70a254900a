"""Measuring a reader on labelled rows: one score card, every figure with its count and interval."""

from __future__ import annotations

import math
import statistics
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from time import perf_counter

from nlp.labels import LabelRow
from nlp.reader import Reader
from nlp.reading import Reading

BINS = 5


@dataclass(frozen=True, slots=True)
class Share:
    """`hits` of `of`. The interval is Wilson's at 95 %."""

    hits: int
    of: int

    @property
    def value(self) -> float:
        """The share, 0 to 1; nan where nothing was counted."""
        return self.hits / self.of if self.of else math.nan

    @property
    def interval(self) -> tuple[float, float]:
        """Lower and upper bound of the 95 % interval (Wilson 1927); 0 to 1 where nothing was counted."""
        if not self.of:
            return (0.0, 1.0)
        z2 = 1.96**2
        middle = (self.hits + z2 / 2) / (self.of + z2)
        half = 1.96 / (self.of + z2) * math.sqrt(self.hits * (self.of - self.hits) / self.of + z2 / 4)
        return (max(0.0, middle - half), min(1.0, middle + half))

    def __str__(self) -> str:
        if not self.of:
            return "–"
        low, high = self.interval
        return f"{self.value:.3f} ({self.hits}/{self.of}, 95 % {low:.2f}–{high:.2f})"


@dataclass(frozen=True, slots=True)
class ScoreCard:
    """What a reader scored. `macro_f1` is over main labels; `accepted` takes any of a row's labels as right.

    `sure` is how often no question is needed, `right_when_sure` how often that was justified, `wrong_asked` how many of
    the wrong ones would have been asked about. `tambon_right` is of the rows with a tambon, `tambon_precision` of the
    tambons found. `calibration_error` is expected calibration error over five equally filled bins of confidence. Times
    are milliseconds a text.
    """

    model: str
    rows: int
    macro_f1: float
    f1: Mapping[str, float]
    accepted: Share
    top3: Share
    sure: Share
    right_when_sure: Share
    wrong_asked: Share
    calibration_error: float
    kind: Share
    kind_macro_f1: float
    urgency: Share
    emergency_recall: Share
    false_emergencies: Share
    sensitive: Share
    masked: Share
    tambon_right: Share
    tambon_precision: Share
    median_ms: float
    slowest_ms: float

    def lines(self) -> list[str]:
        """Return the card as lines of text, one figure a line."""
        shares = (
            "accepted",
            "top3",
            "sure",
            "right_when_sure",
            "wrong_asked",
            "kind",
            "urgency",
            "emergency_recall",
            "false_emergencies",
            "sensitive",
            "masked",
            "tambon_right",
            "tambon_precision",
        )
        return [
            f"model {self.model}, {self.rows} rows",
            f"macro_f1 {self.macro_f1:.3f}, of kinds {self.kind_macro_f1:.3f}",
            *(f"{name} {getattr(self, name)}" for name in shares),
            f"calibration_error {self.calibration_error:.3f}",
            f"median_ms {self.median_ms:.2f}, slowest_ms {self.slowest_ms:.2f}",
        ]


def score(rows: Iterable[LabelRow], reader: Reader) -> ScoreCard:
    """Return the score card of `reader` on `rows`; a field that no row labels counts nothing."""
    pairs: list[tuple[LabelRow, Reading]] = []
    times: list[float] = []
    for row in rows:
        start = perf_counter()
        reading = reader.read(row.text, row.province)
        times.append(1000 * (perf_counter() - start))
        pairs.append((row, reading))
    f1 = _f1((row.labels[0], reading.category) for row, reading in pairs)
    found = [(row, _tambon(reading)) for row, reading in pairs if row.tambon_code is not None]
    urgent = [(row, reading) for row, reading in pairs if row.urgency]
    return ScoreCard(
        model=pairs[0][1].model if pairs else "",
        rows=len(pairs),
        macro_f1=_mean(f1),
        f1=f1,
        accepted=_share(reading.category in row.labels for row, reading in pairs),
        top3=_share(any(slug in row.labels for slug, _ in reading.alternatives) for row, reading in pairs),
        sure=_share(reading.sure for _, reading in pairs),
        right_when_sure=_share(reading.category in row.labels for row, reading in pairs if reading.sure),
        wrong_asked=_share(not reading.sure for row, reading in pairs if reading.category not in row.labels),
        calibration_error=_calibration_error(pairs),
        kind_macro_f1=_mean(_f1((row.kind, reading.kind) for row, reading in pairs if row.kind)),
        kind=_share(reading.kind == row.kind for row, reading in pairs if row.kind),
        urgency=_share(reading.urgency == row.urgency for row, reading in urgent),
        emergency_recall=_share(r.urgency == "emergency" for row, r in urgent if row.urgency == "emergency"),
        false_emergencies=_share(r.urgency == "emergency" for row, r in urgent if row.urgency != "emergency"),
        sensitive=_share(
            (reading.sensitive or "") == row.sensitive for row, reading in pairs if row.sensitive is not None
        ),
        masked=_share(
            secret not in reading.masked_text and secret not in reading.summary
            for row, reading in pairs
            for secret in row.personal
        ),
        tambon_right=_share(code == row.tambon_code for row, code in found if row.tambon_code),
        tambon_precision=_share(code == row.tambon_code for row, code in found if code),
        median_ms=statistics.median(times) if times else math.nan,
        slowest_ms=max(times, default=math.nan),
    )


def _tambon(reading: Reading) -> str:
    return reading.place.tambon_code if reading.place else ""


def _share(outcomes: Iterable[bool]) -> Share:
    counts = Counter(outcomes)
    return Share(counts[True], counts[True] + counts[False])


def _f1(pairs: Iterable[tuple[str, str]]) -> dict[str, float]:
    """Return F1 by label, for those that were said, of pairs (said, guessed)."""
    both = list(pairs)
    said, guessed = Counter(label for label, _ in both), Counter(label for _, label in both)
    right = Counter(label for label, guess in both if label == guess)
    return {label: 2 * right[label] / (said[label] + guessed[label]) for label in sorted(said)}


def _mean(f1: Mapping[str, float]) -> float:
    return statistics.fmean(f1.values()) if f1 else math.nan


def _calibration_error(pairs: list[tuple[LabelRow, Reading]]) -> float:
    """Return the expected calibration error over `BINS` bins of as many texts each, in order of confidence."""
    gaps = [reading.confidence - (reading.category in row.labels) for row, reading in _by_confidence(pairs)]
    edges = [round(part * len(gaps) / BINS) for part in range(BINS + 1)]
    return sum(abs(sum(gaps[first:last])) for first, last in pairwise(edges)) / len(gaps) if gaps else math.nan


def _by_confidence(pairs: list[tuple[LabelRow, Reading]]) -> list[tuple[LabelRow, Reading]]:
    return sorted(pairs, key=lambda pair: pair[1].confidence)
