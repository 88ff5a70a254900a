"""From a text that was understood to a report that is stored: the one way in for chats, forums and imports."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from handlers.desk import Desk
from handlers.messages import Pin
from handlers.provinces import Province
from nlp.reading import FoundPlace, Reading
from storage import reports
from storage.models import Report
from storage.reports import Spot

# Shown to nobody but the sensitive roster. A named person's illness is masked, not hidden: somebody must go there.
PRIVATE = ("self_harm", "violence", "abuse_child", "sexual", "drugs_tip", "corruption_tip")
NOWHERE = "สส"  # begins the codes of reports whose province nobody has said yet


def province_for(desk: Desk, place: FoundPlace | None, last: str, channel: str) -> tuple[Province | None, bool]:
    """The province of a report and whether the text itself names one that is not ours.

    A place in the text comes before the person's last one, and that before the channel's home.
    """
    if place is not None and place.province_code:
        named = desk.directory.by_code(place.province_code)
        return named, named is None
    return desk.province(last) or desk.province(desk.home(channel)), False


def file_report(
    session: Session,
    desk: Desk,
    reading: Reading,
    text: str | None,
    now: datetime,
    *,
    province: Province | None,
    reporter_id: int | None = None,
    relayed_by_id: int | None = None,
    forum_id: int | None = None,
    pin: Pin | None = None,
    message: bytes | None = None,
    source: Mapping[str, Any] | None = None,
    source_key: str | None = None,
    taken: Collection[str] = (),
) -> Report:
    """Store a new report with its words, its reading and its place."""
    report = Report(
        code=reports.new_code(session, province.abbr if province else NOWHERE, taken),
        province=province.slug if province else "",
        created_at=now,
        updated_at=now,
        reporter_id=reporter_id,
        relayed_by_id=relayed_by_id,
        forum_id=forum_id,
        status="received",
        review="waiting",
        agency="",
        decided_by="model",
        amphoe_code="",
        tambon_code="",
        place_source="",
        private=False,
        source=dict(source) if source else None,
        source_key=source_key,
    )
    understand(report, reading)
    settle_place(session, report, reading.place, pin)
    return reports.add(session, report, text, now, message=message)


def understand(report: Report, reading: Reading) -> None:
    """Write what was understood onto a report; a category that a person decided stays, and so does privacy."""
    report.kind = reading.kind
    report.masked_text, report.summary = reading.masked_text, reading.summary
    if report.decided_by == "model":
        report.category, report.sub = reading.category, reading.sub
        report.confidence, report.sure = reading.confidence, reading.sure
    report.model = reading.model
    report.alternatives = [list(alternative) for alternative in reading.alternatives]
    report.evidence = list(reading.evidence)
    report.urgency = reading.urgency
    report.sensitive = reading.sensitive or report.sensitive
    report.private = report.private or reading.sensitive in PRIVATE


def settle_place(session: Session, report: Report, place: FoundPlace | None, pin: Pin | None) -> None:
    """Write where it is, as far as it was said; what is known already is not taken away."""
    known = reports.spot_of(session, report)
    words, lat, lng = known.words, known.lat, known.lng
    if place is not None:
        words = place.village or words
        if place.tambon_code or not report.tambon_code:
            report.amphoe_code = place.amphoe_code or report.amphoe_code
            report.tambon_code = place.tambon_code or report.tambon_code
        report.place_source = "text"
    if pin is not None:
        words, lat, lng = pin.label or words, pin.lat, pin.lng
        report.place_source = "pin"
    report.place_sealed = reports.seal_spot(session, Spot(words, lat, lng))
