"""The day of a forum as its header writes or says it."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

from nlp.header_parts import FILE
from nlp.patterns import pattern_table
from nlp.tables import TableError, read_table, subtable

_BUDDHIST = 543
_ERA_FROM = 2400
_CENTURY = 2500
_SHORT_COMMON = 40


def written_date(said: str, today: date | None) -> str:
    """Return YYYY-MM-DD of the common era of a date as written; '' where it is no day of the calendar.

    A day and a month without a year are of the year that puts them nearest to `today`, and '' without it.
    """
    table = pattern_table(FILE)
    found = table["date"].search(said)
    if found:
        groups = found.groupdict()
        day = int(groups["day"] or groups["day2"] or groups["day3"])
        month = _month(groups["month"]) if groups["month"] else int(groups["month2"] or groups["month3"])
        return _iso(common_era(int(groups["year"] or groups["year2"] or groups["year3"])), month, day)
    short = table["day_and_month"].search(said)
    if short is None or today is None:
        return ""
    month, day = _month(short["month"]), int(short["day"])
    days = [iso for year in (today.year - 1, today.year, today.year + 1) if (iso := _iso(year, month, day))]
    return min(days, key=lambda iso: abs(date.fromisoformat(iso) - today), default="")


def relative_date(line: str, today: date | None) -> str:
    """Return the day that a line names by its distance from `today`; '' where it names none or nobody says today."""
    if today is None:
        return ""
    ago = _ago()
    said = max((word for word in ago if word in line), key=len, default="")
    return (today - timedelta(days=ago[said])).isoformat() if said else ""


def common_era(year: int) -> int:
    """Return the year of the common era of a year of either era, of four digits or two."""
    if year < _SHORT_COMMON:
        return 2000 + year
    if year < 100:
        year += _CENTURY
    return year - _BUDDHIST if year >= _ERA_FROM else year


def _iso(year: int, month: int, day: int) -> str:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return ""


def _month(name: str) -> int:
    bare = name.replace(".", "").replace(" ", "")
    return next((number for begins, number in _months().items() if bare.startswith(begins)), 0)


@cache
def _months() -> dict[str, int]:
    rows = subtable(read_table(FILE), "months", FILE).get("names")
    if not isinstance(rows, list) or len(rows) != 12:
        raise TableError(FILE, "months.names", "a list of the names of twelve months is needed")
    return {name: number for number, row in enumerate(rows, 1) for name in row}


@cache
def _ago() -> dict[str, int]:
    days = subtable(read_table(FILE), "ago", FILE)
    if not all(isinstance(count, int) for count in days.values()):
        raise TableError(FILE, "ago", "numbers of days are needed")
    return dict(days)
