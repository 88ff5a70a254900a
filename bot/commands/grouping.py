"""`group`: reports on stdin, a group's number for each on stdout, the same for reports of one problem."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from bot.commands.failed import Failed
from bot.commands.lines import Line, LineError, complaint, dump, read_lines

if TYPE_CHECKING:
    from handlers.provinces import Directory, Province
    from nlp.likeness import Likeness
    from nlp.marking import Report
    from nlp.reader import Reader


def open_likeness(reader: Reader) -> Likeness:
    """What compares reports.

    :raises Failed: its model is missing or was made for other word vectors.
    """
    from nlp.likeness import Likeness  # noqa: PLC0415
    from nlp.matter_model import MatterModelError  # noqa: PLC0415

    try:
        return Likeness(reader)
    except MatterModelError as error:
        raise Failed(str(error)) from None


def group_lines(
    lines: Iterable[bytes],
    say: Callable[[str], object],
    likeness: Likeness,
    directory: Directory,
    province: Province | None,
) -> int:
    """Answer every line in order and tell how many were bad.

    All are read first: names of places that one report explains are known in the others.
    """
    from nlp.group import group  # noqa: PLC0415

    read: list[Line | LineError] = []
    reports: list[Report] = []
    for line in read_lines(lines):
        try:
            if not isinstance(line, LineError):
                reports.append(_report(line))
            read.append(line)
        except LineError as error:
            read.append(error)
    own = province.code if province else ""
    others = [each.code for each in directory.provinces.values() if each.code != own]
    numbers = iter(group(likeness, reports, [own, *others]))
    for line in read:
        answer = complaint(line) if isinstance(line, LineError) else {"id": line.told, "group": next(numbers)}
        say(dump(answer))
    return len(read) - len(reports)


def _report(line: Line) -> Report:
    from nlp.marking import Report  # noqa: PLC0415

    place = line.row.get("place")
    if place is None or isinstance(place, str):
        return Report(line.text, place or "")
    if not isinstance(place, dict):
        raise LineError(line.told, "'place' is neither a text nor an object")
    return Report(
        line.text,
        tambon=_text(place, "tambon"),
        tambon_code=_text(place, "tambon_code"),
        amphoe=_text(place, "amphoe"),
        village=_text(place, "village"),
        pin=_pin(place),
    )


def _text(place: Mapping[str, Any], key: str) -> str:
    value = place.get(key)
    return value if isinstance(value, str) else ""


def _pin(place: Mapping[str, Any]) -> tuple[float, float] | None:
    """Latitude and longitude, None where either is missing or is nowhere on earth."""
    lat, lng = _degrees(place.get("lat"), 90), _degrees(place.get("lng"), 180)
    return None if lat is None or lng is None else (lat, lng)


def _degrees(value: Any, most: int) -> float | None:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if number and -most <= value <= most else None
