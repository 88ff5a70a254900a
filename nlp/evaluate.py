"""Measuring a reader on labelled rows: one score card, every figure with its count and interval."""

from __future__ import annotations

import math
import statistics
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from time import perf_counter

from nlp.labels import LabelRow
from nlp.reader import Reader
from nlp.reading import Reading


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

    `sure` is how often no question is needed, `right_when_sure` how often that was justified. `tambon_right` is of
    the rows with a tambon, `tambon_precision` of the tambons found. `calibration_error` is expected calibration
    error over five bins of confidence. Times are milliseconds a text.
    """

    model: str
    rows: int
    macro_f1: float
    f1: Mapping[str, float]
    accepted: Share
    top3: Share
    sure: Share
    right_when_sure: Share
    calibration_error: float
    kind: Share
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
            f"macro_f1 {self.macro_f1:.3f}",
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
    f1 = _f1(pairs)
    found = [(row, _tambon(reading)) for row, reading in pairs if row.tambon_code is not None]
    urgent = [(row, reading) for row, reading in pairs if row.urgency]
    return ScoreCard(
        model=pairs[0][1].model if pairs else "",
        rows=len(pairs),
        macro_f1=statistics.fmean(f1.values()) if f1 else math.nan,
        f1=f1,
        accepted=_share(reading.category in row.labels for row, reading in pairs),
        top3=_share(any(slug in row.labels for slug, _ in reading.alternatives) for row, reading in pairs),
        sure=_share(reading.sure for _, reading in pairs),
        right_when_sure=_share(reading.category in row.labels for row, reading in pairs if reading.sure),
        calibration_error=_calibration_error(pairs),
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


def _f1(pairs: list[tuple[LabelRow, Reading]]) -> dict[str, float]:
    """Return F1 by category, for those that are a row's main label."""
    said = Counter(row.labels[0] for row, _ in pairs)
    guessed = Counter(reading.category for _, reading in pairs)
    both = Counter(reading.category for row, reading in pairs if reading.category == row.labels[0])
    return {slug: 2 * both[slug] / (said[slug] + guessed[slug]) for slug in sorted(said)}


def _calibration_error(pairs: list[tuple[LabelRow, Reading]]) -> float:
    bins: dict[int, list[float]] = {}
    for row, reading in pairs:
        gap = reading.confidence - (reading.category in row.labels)
        bins.setdefault(min(4, int(5 * reading.confidence)), []).append(gap)
    return sum(abs(sum(gaps)) for gaps in bins.values()) / len(pairs) if pairs else math.nan
