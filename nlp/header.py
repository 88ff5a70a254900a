"""The header of a forum note: the forum's name, its date, place and headcount, where the note says them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from nlp.normalize import clean
from nlp.tables import TableError, read_table, subtable, text, texts

FILE = "notes.toml"
_HEAD = 400
"""Characters of a note in which its header is looked for."""
_BUDDHIST = 543
_ERA_FROM = 2400


@dataclass(frozen=True, slots=True)
class Header:
    """What a note says of its forum; '' or None where it does not. `date_iso` is YYYY-MM-DD of the common era."""

    forum_name: str
    date_iso: str
    place: str
    participants: int | None


@dataclass(frozen=True, slots=True)
class _Patterns:
    name: re.Pattern[str]
    ends: re.Pattern[str]
    place: re.Pattern[str]
    headcount: tuple[re.Pattern[str], ...]
    spoken_date: re.Pattern[str]
    written_date: re.Pattern[str]
    months: dict[str, int]
    ago: dict[str, int]


def read_header(note: str, today: date | None = None) -> Header:
    """Return the header of a forum note; `today` is the day of writing, for words such as "yesterday"."""
    patterns = _patterns()
    head = clean(note[:_HEAD])
    name = patterns.name.search(head)
    forum = name[0] if name else ""
    end = patterns.ends.search(forum, 1)
    place = patterns.place.search(head)
    return Header(
        forum_name=(forum[: end.start()] if end else forum).strip(" :-"),
        date_iso=_date(head, patterns) or _relative_date(head, patterns, today),
        place=(place["place"] or place["bare"] or "") if place else "",
        participants=next((int(found["n"]) for found in (p.search(head) for p in patterns.headcount) if found), None),
    )


def _date(head: str, patterns: _Patterns) -> str:
    spoken = patterns.spoken_date.search(head)
    written = patterns.written_date.search(head)
    if spoken:
        day, month, year = int(spoken["day"]), patterns.months[spoken["month"]], int(spoken["year"])
    elif written:
        day, month, year = int(written["day"]), int(written["month"]), int(written["year"])
    else:
        return ""
    try:
        return date(_common_era(year), month, day).isoformat()
    except ValueError:
        return ""


def _relative_date(head: str, patterns: _Patterns, today: date | None) -> str:
    if today is None:
        return ""
    first = head.split("\n", 1)[0]
    said = max((word for word in patterns.ago if word in first), key=len, default="")
    return (today - timedelta(days=patterns.ago[said])).isoformat() if said else ""


def _common_era(year: int) -> int:
    """Return the year of the common era for a year of four digits of either era, or two of the Buddhist one."""
    if year < 100:
        year += 2500
    return year - _BUDDHIST if year >= _ERA_FROM else year


@cache
def _patterns() -> _Patterns:
    table = read_table(FILE)
    forum = subtable(table, "forum", FILE)
    dates = subtable(table, "date", FILE)
    names = dates.get("months")
    if not isinstance(names, list) or len(names) != 12:
        raise TableError(FILE, "date.months", "a list of the names of twelve months is needed")
    months = {name: number for number, row in enumerate(names, 1) for name in row}
    ago = subtable(dates, "ago", f"{FILE}: date")
    if not all(isinstance(days, int) for days in ago.values()):
        raise TableError(FILE, "date.ago", "numbers of days are needed")
    any_month = "|".join(re.escape(name) for name in sorted(months, key=len, reverse=True))
    era = text(dates, "era", f"{FILE}: date")
    try:
        return _Patterns(
            name=re.compile(text(forum, "name", f"{FILE}: forum")),
            ends=re.compile(text(forum, "ends", f"{FILE}: forum")),
            place=re.compile(text(forum, "place", f"{FILE}: forum")),
            headcount=tuple(re.compile(item) for item in texts(forum, "headcount", f"{FILE}: forum")),
            spoken_date=re.compile(
                rf"(?P<day>\d{{1,2}})\s?(?P<month>{any_month})\s?{era}\s?(?P<year>\d{{4}}|\d{{2}})(?!\d)"
            ),
            written_date=re.compile(r"(?<!\d)(?P<day>\d{1,2})[/.-](?P<month>\d{1,2})[/.-](?P<year>\d{4}|\d{2})(?!\d)"),
            months=months,
            ago=ago,
        )
    except re.error as error:
        raise TableError(FILE, "forum or date", str(error)) from error
