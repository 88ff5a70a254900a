"""What a digest is asked about: the days, the place, the category, the agency, as words of the command line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import typer

from bot.commands.opening import province_of, unknown
from handlers.tally import Range, week_of

if TYPE_CHECKING:
    from bot.app import House
    from handlers.provinces import Province

_WEEK = re.compile(r"(\d{4})-W(\d{1,2})")


@dataclass(frozen=True, slots=True)
class Question:
    """A digest's question. `filters` are for counting, `said` for people; both without what was not asked."""

    province: Province
    days: Range
    filters: Mapping[str, str]
    said: Mapping[str, str]


def ask(house: House, slug: str, days: Range, *, amphoe: str = "", category: str = "", agency: str = "") -> Question:
    """Make a question of words.

    :raises typer.BadParameter: a word that nobody knows.
    """
    province = province_of(house.desk.directory, slug)
    filters = {
        "amphoe_code": _amphoe(house, province, amphoe) if amphoe else "",
        "category": _labels(house, province, category) if category else "",
        "agency": _agency(house, province, agency) if agency else "",
    }
    said = {"amphoe": amphoe, "category": _name(house, province, category), "agency": agency}
    return Question(
        province,
        days,
        {name: value for name, value in filters.items() if value},
        {name: value for name, value in said.items() if value},
    )


def days_of(week: str, first: str, last: str, today: date) -> Range:
    """The days that are meant: an ISO week, a range with both ends, or this week.

    :raises typer.BadParameter: no such week or day, or half a range.
    """
    if week and (first or last):
        raise typer.BadParameter("give a week, or --from and --to, not both", param_hint="--week")
    if week:
        found = _WEEK.fullmatch(week.strip().upper())
        try:
            return week_of(date.fromisocalendar(int(found[1]), int(found[2]), 1)) if found else _no_week(week)
        except ValueError:
            return _no_week(week)
    if not (first or last):
        return week_of(today)
    if not (first and last):
        raise typer.BadParameter("--from and --to belong together", param_hint="--from" if last else "--to")
    days = Range(_day(first, "--from"), _day(last, "--to"))
    if days.first > days.last:
        raise typer.BadParameter(f"{last} lies before {first}", param_hint="--to")
    return days


def _no_week(week: str) -> Range:
    raise typer.BadParameter(f"'{week}' is no ISO week such as 2026-W47", param_hint="--week")


def _day(said: str, option: str) -> date:
    try:
        day = date.fromisoformat(said.strip())
    except ValueError:
        raise typer.BadParameter(f"'{said}' is no day such as 2026-11-16", param_hint=option) from None
    if not 1900 <= day.year <= 2200:
        raise typer.BadParameter(f"'{said}': write the year of the common era, such as 2026", param_hint=option)
    return day


def _amphoe(house: House, province: Province, said: str) -> str:
    place = house.desk.reader.locate(said, province.code)
    if place is None or place.province_code != province.code or not place.amphoe_code:
        words = house.desk.texts.say("th", "place.amphoe", name=said)
        place = house.desk.reader.locate(words, province.code)
    if place is None or place.province_code != province.code or not place.amphoe_code:
        raise unknown("--amphoe", said, province.amphoe)
    return place.amphoe_code


def _labels(house: House, province: Province, said: str) -> str:
    """Core labels of a core category, of its sub-topic, or of one of the province's own."""
    taxonomy = house.desk.reader.taxonomy
    core, _, sub = said.partition("/")
    if core in taxonomy.slugs and (not sub or sub in [one.slug for one in taxonomy.category(core).subs]):
        return said
    own = next((category for category in province.categories if category.slug == said), None)
    if own is None:
        raise unknown("--category", said, (*taxonomy.slugs, *(category.slug for category in province.categories)))
    others = {label for category in province.categories if category is not own for label in category.core}
    taken = sorted(label for label in others if "/" in label and label.partition("/")[0] in own.core)
    return ",".join([*own.core, *(f"!{label}" for label in taken)])


def _name(house: House, province: Province, said: str) -> str:
    taxonomy = house.desk.reader.taxonomy
    if said in taxonomy.slugs:
        return taxonomy.category(said).name_th
    return next((category.name_th for category in province.categories if category.slug == said), said)


def _agency(house: House, province: Province, said: str) -> str:
    directory = house.desk.directory
    known = dict.fromkeys(
        [
            *(one.abbr for one in directory.agencies),
            *(one.agency for one in province.contacts),
            *(one.abbr for one in directory.mechanisms),
        ]
    )
    if said not in known:
        raise unknown("--agency", said, known)
    return said


def named(house: House, code: str) -> str:
    """An amphoe's name; '' where a report says none."""
    return house.desk.reader.place_names(code).amphoe if code else ""
