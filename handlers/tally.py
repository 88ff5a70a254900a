"""Counting a range of days into a digest's figures. Pure: lines in, figures out; the same lines give the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from handlers.desk import BANGKOK
from handlers.provinces import Province
from storage.digests import Line
from storage.reports import CLOSED

TOP_PLACES = 5
ENDED = ("not_ours", "cannot", "duplicate", "cancelled")  # without being solved


@dataclass(frozen=True, slots=True)
class Range:
    """Days in Asia/Bangkok, both included."""

    first: date
    last: date

    @property
    def starts(self) -> datetime:
        """The first moment."""
        return datetime.combine(self.first, time(), BANGKOK)

    @property
    def ends(self) -> datetime:
        """The first moment that is not in it any more."""
        return datetime.combine(self.last + timedelta(days=1), time(), BANGKOK)

    @property
    def before(self) -> Range:
        """As many days, just before."""
        days = (self.last - self.first).days + 1
        return Range(self.first - timedelta(days=days), self.first - timedelta(days=1))


def week_of(day: date, back: int = 0) -> Range:
    """The ISO week, Monday to Sunday, that a day lies in, or that many weeks before it."""
    monday = day - timedelta(days=day.weekday() + 7 * back)
    return Range(monday, monday + timedelta(days=6))


def tally(province: Province, now: Sequence[Line], before: Sequence[Line], other: str) -> dict[str, Any]:
    """Figures of a digest. Every figure holds the ids of its reports, so that it can be opened.

    Private reports stand in no group: they are a figure of their own, which only the sensitive roster opens.
    `other` is the label of what lies outside the province's list.
    """
    voices = [line for line in now if not line.private]
    earlier = [line for line in before if not line.private]
    groups = _groups(province, voices, other)
    past = {name: len(lines) for name, lines in _groups(province, earlier, other).items()}
    ordered = sorted(groups.items(), key=lambda item: (-len(item[1]), item[0][0] == "", item[0]))
    return {
        "total": len(voices),
        "before": len(earlier),
        "groups": [
            {
                "slug": slug,
                "label": label,
                "ids": [line.id for line in lines],
                "before": past.get((slug, label), 0),
                "voice": _voice(lines),
            }
            for (slug, label), lines in ordered
        ],
        "gone": sorted(label for (slug, label), count in past.items() if (slug, label) not in groups and count),
        "figures": {
            "all": _ids(voices, lambda _line: True),
            "urgent": _ids(voices, lambda line: line.urgency != "normal"),
            "unanswered": _ids(voices, lambda line: line.status == "received"),
            "ownerless": _ids(voices, lambda line: not line.agency and line.status not in CLOSED),
            "confirmed": _ids(voices, lambda line: line.status == "closed_confirmed"),
            "unconfirmed": _ids(voices, lambda line: line.status == "closed_unconfirmed"),
            "ended": _ids(voices, lambda line: line.status in ENDED),
            "unsure": _ids(voices, lambda line: not line.sure),
            "proposals": _ids(voices, lambda line: line.kind == "proposal"),
            "assets": _ids(voices, lambda line: line.kind == "asset"),
            "relayed": _ids(voices, lambda line: line.relayed),
            "direct": _ids(voices, lambda line: not line.relayed),
            "private": _ids(now, lambda line: line.private),
        },
        "places": [
            {"code": code, "ids": [line.id for line in voices if line.amphoe_code == code]}
            for code, _ in Counter(line.amphoe_code for line in voices).most_common(TOP_PLACES + 1)
        ],
    }


def _groups(province: Province, lines: Iterable[Line], other: str) -> dict[tuple[str, str], list[Line]]:
    groups: dict[tuple[str, str], list[Line]] = {}
    for line in lines:
        own = province.category_for(line.category, line.sub)
        groups.setdefault((own.slug, own.name_th) if own else ("", other), []).append(line)
    return groups


def _ids(lines: Iterable[Line], chosen: Callable[[Line], bool]) -> list[int]:
    return [line.id for line in lines if chosen(line)]


def _voice(lines: Sequence[Line]) -> int:
    """The report whose summary speaks for a group: the most urgent, then the one that is surest, then the first."""
    rank = {"emergency": 0, "high": 1}
    quotable = [line for line in lines if line.quotable] or lines
    return min(quotable, key=lambda line: (rank.get(line.urgency, 2), not line.sure, line.id)).id
