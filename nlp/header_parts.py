"""The parts of a header that stand in one line of a note: the forum's name, day, hour, headcount, place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from nlp.patterns import PatternTable, pattern_table
from nlp.spoken_numbers import amount

FILE = "header.toml"


@dataclass(frozen=True, slots=True)
class Part:
    """A header part at `line[start:end]`; `kind` is name, date, time, heads, place or area.

    `said` is what counts of it: the name, the place, the date as written, the headcount in digits.
    """

    kind: str
    start: int
    end: int
    said: str = ""


def header_parts(read: str) -> list[Part]:
    """Return what may be parts of a header in a line with Arabic digits, by where they begin, the longest first."""
    return sorted(_parts(read, pattern_table(FILE)), key=lambda part: (part.start, -part.end))


def forum_word(name: str) -> int:
    """Return the length of the word with which a forum's name begins; 0 where it begins with none."""
    found = pattern_table(FILE)["name"].match(name)
    return found.end() if found else 0


def _parts(read: str, table: PatternTable) -> Iterator[Part]:
    dates = [Part("date", found.start(), found.end(), found[0]) for found in table["date"].finditer(read)]
    if not dates:
        dates = [Part("date", found.start(), found.end(), found[0]) for found in table["day_and_month"].finditer(read)]
    yield from dates
    counts = [part for part in _headcounts(read, table) if not _overlaps(part, dates)]
    yield from counts
    name = _name(read, [part.start for part in (*dates, *counts)], table)
    if name:
        yield name
        yield from _places(read, name, table)
    else:
        yield from _places(read, Part("name", 0, 0), table)
    for found in table["time"].finditer(read):
        until = min((part.start for part in dates if found.start() <= part.start < found.end()), default=found.end())
        yield Part("time", found.start(), until)
    yield from (Part("area", found.start(), found.end()) for found in table["area"].finditer(read))


def _name(read: str, stops: list[int], table: PatternTable) -> Part | None:
    best: Part | None = None
    for found in table["name"].finditer(read):
        if best and found.start() < best.end:
            continue
        end = min((stop for stop in stops if stop > found.end()), default=len(read))
        ended = table["name_end"].search(read, found.end(), end)
        end = ended.start() if ended else end
        if ended and table["organisation"].search(read[found.start() : end]):
            office = table["of_office"].match(read, end)
            end = office.end() if office else end
        if ended and not table["named_area"].search(read[found.start() : end]):
            area = table["area"].match(read, end)
            end = area.end() if area else end
        said = table["polite"].sub("", read[found.start() : end].rstrip(" .-–—:/"))
        part = Part("name", found.start(), found.start() + len(said), said)
        if best is None or len(best.said) - forum_word(best.said) < 2 <= len(said) - forum_word(said):
            best = part
    if best and table["denied"].search(best.said) and not stops:
        return None
    return best


def _headcounts(read: str, table: PatternTable) -> list[Part]:
    found = [_count(one) for one in table["headcount"].finditer(read)]
    found += [_count(one) for one in table["heads"].finditer(read)]
    for pair in table["sexes"].finditer(read):
        found.append(Part("heads", pair.start(), pair.end(), str(int(pair["a"]) + int(pair["b"]))))
    for group in table["groups"].finditer(read):
        numbers = [int(one["n"]) for one in table["each"].finditer(group["inside"])]
        if len(numbers) >= 2:
            found.append(Part("heads", group.start(), group.end(), str(sum(numbers))))
    found += [Part("time", one.start(), one.end()) for one in table["absent"].finditer(read)]
    return [part for part in found if part.said or part.kind == "time"]


def _count(found: re.Match[str]) -> Part:
    heads = amount(found["n"])
    return Part("heads", found.start(), found.end(), str(heads) if heads else "")


def _places(read: str, name: Part, table: PatternTable) -> Iterator[Part]:
    for pattern in ("place_said", "place_at", "place_bare", "place_after"):
        before = table[pattern].finditer(read, 0, name.start)
        for found in (*before, *table[pattern].finditer(read, name.end)):
            place = found["place"].rstrip(" .:-–—")
            if not table["denied"].search(place):
                yield Part("place", found.start(), found.end(), place)


def _overlaps(part: Part, others: list[Part]) -> bool:
    return any(part.start < other.end and other.start < part.end for other in others)
