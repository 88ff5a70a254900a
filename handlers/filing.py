"""From a text that was understood to a report that is stored: the one way in for chats, forums and imports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from handlers.desk import Desk
from handlers.messages import Pin
from handlers.provinces import Province
from nlp.reading import FoundPlace, Reading
from storage import bulk, reports, spots
from storage.models import Report
from storage.reports import NOT_A_VOICE

# Shown to nobody but the sensitive roster. A named person's illness is masked, not hidden: somebody must go there.
PRIVATE = ("self_harm", "violence", "abuse_child", "sexual", "drugs_tip", "corruption_tip")
URGENT = ("normal", "high", "emergency")
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
) -> Report:
    """Store a new report with its words, its reading and its place."""
    code = reports.new_code(session, province.abbr if province else NOWHERE)
    report = _fresh(code, province, now, now, None, None)
    report.reporter_id, report.relayed_by_id, report.forum_id = reporter_id, relayed_by_id, forum_id
    understand(report, reading)
    settle_place(session, report, reading.place, pin, message)
    return reports.add(session, report, text, now, message=message)


@dataclass(frozen=True, slots=True)
class Filing:
    """A row of an import, understood. `at` is when it was told; `source` holds its columns, `source_key` is its key."""

    text: str
    reading: Reading
    at: datetime
    source: Mapping[str, Any]
    source_key: str


def file_many(session: Session, province: Province, filings: Sequence[Filing], now: datetime) -> int:
    """Store the rows of an import that are not there yet, and tell how many those were.

    Nobody is asked or answered. The province owns every row: a place elsewhere is left out, and a row that reads like
    thanks or chatter still counts as a problem, because somebody recorded it as a report.
    """
    bulk.one_at_a_time(session, province.slug)
    known = bulk.known_keys(session, province.slug, [filing.source_key for filing in filings])
    # Of rows with one key the first stands: what comes later is somebody's mistake or a repetition.
    fresh = {filing.source_key: filing for filing in reversed(filings) if filing.source_key not in known}
    new = list(reversed(fresh.values()))
    made = []
    for code, filing in zip(bulk.new_codes(session, province.abbr, len(new)), new, strict=True):
        reading = filing.reading
        report = _fresh(code, province, filing.at, now, reports.seal_source(session, filing.source), filing.source_key)
        understand(report, reading)
        here = reading.place is not None and reading.place.province_code == province.code
        settle_place(session, report, reading.place if here else None, None)
        made.append(report)
    bulk.add_many(session, made, [filing.text for filing in new])
    return len(made)


def _fresh(
    code: str,
    province: Province | None,
    at: datetime,
    now: datetime,
    source: bytes | None,
    source_key: str | None,
) -> Report:
    return Report(
        code=code,
        province=province.slug if province else "",
        created_at=at,
        updated_at=now,
        status="received",
        review="waiting",
        agency="",
        decided_by="model",
        amphoe_code="",
        tambon_code="",
        place_source="",
        private=False,
        source_sealed=source,
        source_key=source_key,
    )


def understand(report: Report, reading: Reading, *, adding: bool = False) -> None:
    """Write what was understood onto a report; a category that a person decided stays, and so does privacy.

    `adding`: words were added to what was understood before, and may make it surer or more urgent, never less.
    """
    report.masked_text, report.summary = reading.masked_text, reading.summary
    report.model = reading.model
    if reading.sensitive in PRIVATE or report.sensitive not in PRIVATE:  # what hides most stays
        report.sensitive = reading.sensitive or report.sensitive
    report.private = report.private or reading.sensitive in PRIVATE or reading.urgency == "emergency"
    if not adding or URGENT.index(reading.urgency) > URGENT.index(report.urgency):
        report.urgency = reading.urgency
    if adding and report.sure and not reading.sure:
        return
    report.kind = reading.kind if reading.kind not in NOT_A_VOICE else "problem"
    if report.decided_by == "model":
        report.category, report.sub = reading.category, reading.sub
        report.confidence, report.sure = reading.confidence, reading.sure
    report.alternatives = [list(alternative) for alternative in reading.alternatives]
    report.evidence = list(reading.evidence)


def settle_place(
    session: Session,
    report: Report,
    place: FoundPlace | None,
    pin: Pin | None,
    message: bytes | None = None,
    *,
    instead: bool = False,
) -> None:
    """Write where it is, as far as it was said; what is known already is not taken away.

    `message` is the key of the message that brought a pin, or put a place right: taken back, it takes the place along.
    `instead`: somebody names it in the place of what was known, and what does not lie there falls. A village's words
    never stay beside another tambon than theirs.
    """
    spot = spots.of(session, report)
    if place is not None:
        known = _area(report)
        if instead and place.amphoe_code and (place.tambon_code or place.amphoe_code != report.amphoe_code):
            report.amphoe_code, report.tambon_code = place.amphoe_code, place.tambon_code
        elif place.tambon_code or not report.tambon_code:
            report.amphoe_code = place.amphoe_code or report.amphoe_code
            report.tambon_code = place.tambon_code or report.tambon_code
        left = pin is None and any(was and was != now for was, now in zip(known, _area(report), strict=True))
        spot = replace(spot, words=place.village or ("" if left else spot.words))
        report.place_source = "person" if instead else report.place_source or "text"
        report.place_key = message if instead and message and spot.lat is None else report.place_key
    if pin is not None:
        spot = replace(spot, lat=pin.lat, lng=pin.lng, accuracy=pin.accuracy, label=pin.label)
        report.place_source = report.place_source if report.place_source == "person" else "pin"
        report.place_key = message
    report.place_sealed = spots.seal(session, spot)


def _area(report: Report) -> tuple[str, str]:
    return report.amphoe_code, report.tambon_code
