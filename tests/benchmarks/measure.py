"""What was measured, as a table for people and JSON for machines."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

OUT = Path("artifacts/bench.json")


@dataclass(frozen=True, slots=True)
class Measure:
    """One row. `ours` and `limit` are all runs of it, in `unit`; `best` tells which way is better.

    :param share: what part of the limit is aimed at, for a rate; None where no part of a limit is.
    :param bound: the figure that is aimed at: a rate's least, anything else's most; None where none is.
    :param note: what must be known to read the table; a row without runs has nothing else.
    """

    name: str
    unit: str
    ours: tuple[float, ...]
    limit: tuple[float, ...] = ()
    share: float | None = None
    bound: float | None = None
    note: str = ""

    @property
    def rate(self) -> bool:
        """Whether more is better."""
        return self.unit.endswith("/s")

    @property
    def ratio(self) -> float | None:
        """Ours as a part of the limit, median by median; None without a limit."""
        return median(self.ours) / median(self.limit) if self.ours and self.limit else None

    @property
    def met(self) -> bool | None:
        """Whether the aims are met; None where there is no aim."""
        if not self.ours or (self.share is None and self.bound is None):
            return None
        ours = median(self.ours)
        bound = self.bound is None or (ours >= self.bound if self.rate else ours <= self.bound)
        return bound and (self.share is None or (self.ratio is not None and self.ratio >= self.share))


def show(measures: Sequence[Measure], console: Console) -> None:
    """Print one table; a figure is the median of its runs, with the least and the most behind it."""
    table = Table(title="SanSiang's benchmarks", title_justify="left")
    for heading in ("measured", "ours", "limit", "ratio", "aim", ""):
        table.add_column(heading, justify="left" if heading in {"measured", "aim", ""} else "right")
    for measure in measures:
        verdict = {True: "met", False: "[bold red]missed[/]", None: f"[bold]{measure.note}[/]"}[measure.met]
        ratio = "" if measure.ratio is None else f"{measure.ratio:.2f}"
        ours, limit = _said(measure, measure.ours), _said(measure, measure.limit)
        table.add_row(measure.name, ours, limit, ratio, _aim(measure), verdict)
    console.print(table)


def _said(measure: Measure, runs: tuple[float, ...]) -> str:
    if not runs:
        return ""
    spread = f" ({_figure(min(runs))}-{_figure(max(runs))})" if len(runs) > 1 else ""
    return f"{_figure(median(runs))} {measure.unit}{spread}"


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}"


def _aim(measure: Measure) -> str:
    sign = "at least" if measure.rate else "at most"
    aims = [f"{measure.share} of the limit"] if measure.share is not None else []
    aims += [f"{measure.bound:g} {measure.unit}"] if measure.bound is not None else []
    return f"{sign} {', '.join(aims)}" if aims else ""


def write(measures: Sequence[Measure], path: Path = OUT) -> None:
    """Write every run, with the machine it ran on."""
    path.parent.mkdir(parents=True, exist_ok=True)
    machine = {"cores": os.cpu_count(), "load": os.getloadavg(), "python": platform.python_version()}
    rows = [asdict(measure) | {"ratio": measure.ratio, "met": measure.met} for measure in measures]
    path.write_text(json.dumps({"machine": machine, "measures": rows}, indent=1) + "\n")
