"""Read the invented reports that fill the try-out database; inserting them is somebody else's business."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from bot.provinces.toml_file import Shape, TomlFileError, Words, check, one_line, parse, shown

SampleVia = Literal["chat", "forum"]
SampleStatus = Literal["new", "accepted", "in_progress"]


class SampleFileError(TomlFileError):
    """A sample file cannot be used; the text is one line that names file, key and trouble."""


@dataclass(frozen=True, slots=True)
class SampleReport:
    """One invented report. `province` is the file's name, a province's slug; `days_ago` is 0 to 13 days, in fractions.

    `place` are the words of the text that name a village, tambon or amphoe. `forum` is the forum's name where `via`
    is 'forum', else ''; reports of one forum share it.
    """

    province: str
    text: str
    days_ago: float
    place: tuple[str, ...] = ()
    via: SampleVia = "chat"
    forum: str = ""
    status: SampleStatus = "new"


class ReportShape(Shape):
    """`[[report]]`: see `SampleReport`."""

    text: Words
    days_ago: Annotated[float, Field(ge=0, le=13)]
    place: list[Words] = Field(default_factory=list)
    via: SampleVia = "chat"
    forum: str = ""
    status: SampleStatus = "new"


class SampleShape(Shape):
    """A sample file: its reports."""

    report: list[ReportShape]


def read_samples(folder: Path) -> list[SampleReport]:
    """Read all sample files of `folder`, in the order of their names, the oldest report of each first.

    :raises SampleFileError: a file is broken or contradicts itself, or there is none.
    """
    paths = sorted(folder.glob("*.toml"))
    if not paths:
        raise SampleFileError(f"{shown(folder)}: there are no sample files (*.toml) here")
    return [report for path in paths for report in _read(path)]


def _read(path: Path) -> list[SampleReport]:
    shape = check(path, parse(path, SampleFileError), SampleShape, SampleFileError)
    troubles = list(_troubles(shape))
    if troubles:
        raise SampleFileError(one_line(path, troubles))
    reports = [
        SampleReport(path.stem, one.text, one.days_ago, tuple(one.place), one.via, one.forum, one.status)
        for one in shape.report
    ]
    return sorted(reports, key=lambda report: -report.days_ago)


def _troubles(shape: SampleShape) -> Iterator[str]:
    texts = [report.text for report in shape.report]
    for at, report in enumerate(shape.report, 1):
        if report.text in texts[: at - 1]:
            yield f"report[{at}].text: stands already at report[{texts.index(report.text) + 1}]"
        for word in report.place:
            if word not in report.text:
                yield f"report[{at}].place: '{word}' does not stand in the text"
        if (report.via == "forum") != bool(report.forum):
            yield f'report[{at}].forum: via = "forum" and the forum\'s name go together'
