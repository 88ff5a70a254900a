"""What is shown of a report whose reporter does not want to tell where exactly it is: the tambon, and no more."""

from __future__ import annotations

from sqlalchemy.orm import Session

from handlers.desk import Desk
from nlp.reading import Reading
from storage import reports, spots
from storage.models import Report


def conceal(desk: Desk, session: Session, report: Report) -> None:
    """Take the exact place out of what is read of a report; its sealed words keep it, for its reporter alone."""
    if report.hidden:
        report.masked_text = rough(desk, session, report, report.masked_text)
        report.summary = rough(desk, session, report, report.summary)
        # A part of a name is told by what is left: what stands there no more is not shown as a reason either.
        report.evidence = [word for word in report.evidence if str(word) in report.masked_text]


def show(desk: Desk, session: Session, report: Report) -> None:
    """Write what is read of a report anew from its sealed words, with or without the exact place."""
    reading = read(desk, session, report)
    report.masked_text, report.summary, report.evidence = reading.masked_text, reading.summary, list(reading.evidence)
    conceal(desk, session, report)


def rough(desk: Desk, session: Session, report: Report, text: str) -> str:
    """A text about a report, without the exact place where that is not to be told."""
    if not report.hidden:
        return text
    spot = spots.of(session, report)
    return desk.reader.roughly(text, [spot.words] if spot.words else [])


def read(desk: Desk, session: Session, report: Report) -> Reading:
    """A report's sealed words, understood again."""
    province = desk.province(report.province)
    words = reports.words_of(session, report.id)[: reports.UNDERSTOOD]
    return desk.reader.read(words, province.code if province else None)
