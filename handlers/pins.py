"""Pins that lie where no village of ours can be."""

from __future__ import annotations

import math
from dataclasses import replace

from handlers import asking, belonging
from handlers.filing import settle_place
from handlers.messages import Pin, Reply
from handlers.turn import Turn
from nlp.reading import FoundPlace
from storage import inbox, reports, spots
from storage.models import Report

# Thailand's outermost points (Mae Sai, Betong, Mae La Noi, Khong Chiam), degrees, and a tenth of one around them.
SOUTH, NORTH, WEST, EAST = 5.5, 20.6, 97.2, 105.8


def in_thailand(pin: Pin) -> bool:
    """Whether a pin lies within Thailand's outermost points; false for what is no place on Earth."""
    return math.isfinite(pin.lat) and math.isfinite(pin.lng) and SOUTH <= pin.lat <= NORTH and WEST <= pin.lng <= EAST


def without_stray_pin(turn: Turn) -> Turn | None:
    """The turn without a pin that lies abroad; None where there is no such pin."""
    pin = turn.incoming.pin
    if pin is None or in_thailand(pin):
        return None
    return turn.but(incoming=replace(turn.incoming, pin=None))


def told(turn: Turn, place: FoundPlace | None) -> FoundPlace | None:
    """The place that somebody's words named, or where these leave it open the one of their pin's address.

    LINE writes the address of every pin. Words that name another tambon or amphoe come before it: who shares the place
    where they stand may speak of another.
    """
    pin = turn.incoming.pin
    if pin is None or not pin.label or (place is not None and place.tambon_code):
        return place
    home = turn.province
    found = turn.desk.reader.locate_address(pin.label, home.code if home else None)
    if found is None or not found.amphoe_code or place is None:
        return found or place
    apart = place.amphoe_code and place.amphoe_code != found.amphoe_code
    if apart or (place.candidates and found.tambon_code not in place.candidates):
        return place
    return replace(found, village=place.village or found.village)


def settle(turn: Turn, report: Report) -> bool:
    """Write the pin that came onto a report; whether it takes the place of an earlier one."""
    before = spots.of(turn.session, report)
    if _from_pin(turn, report):  # an earlier one's address tells nothing of where this one lies
        report.tambon_code = report.amphoe_code = ""
        province = turn.desk.province(report.province)
        words = reports.words_of(turn.session, report.id)
        place = turn.desk.reader.locate(words, province.code if province else None)
        settle_place(turn.session, report, place if _within(turn, report, place) else None, None)
    place = None if report.tambon_code else told(turn, None)
    place = place if _within(turn, report, place) else None
    key = inbox.message_key(turn.session, turn.incoming.channel, turn.incoming.message_id)
    settle_place(turn.session, report, place, turn.incoming.pin, key)
    return before.lat is not None


def _within(turn: Turn, report: Report, place: FoundPlace | None) -> bool:
    """Whether a place lies in a report's province: codes of another would take it from its own officers' sight."""
    province = turn.desk.province(report.province)
    return place is not None and (province is None or place.province_code == province.code)


def elsewhere(turn: Turn, place: FoundPlace | None) -> bool:
    """Whether a pin's address lies in a province that does not take part."""
    return place is not None and turn.desk.directory.by_code(place.province_code) is None


def take_away(turn: Turn, report: Report) -> bool:
    """Take the pin from a report, and the tambon that its address told; False where it has none."""
    spot = spots.of(turn.session, report)
    if spot.lat is None:
        return False
    if _from_pin(turn, report):
        report.tambon_code = report.amphoe_code = ""
    report.place_sealed = spots.seal(turn.session, spots.Spot(words=spot.words))
    report.place_key, report.place_source = None, "text"
    return True


def _from_pin(turn: Turn, report: Report) -> bool:
    """Whether the tambon that is known is the one of the pin's address."""
    label = spots.of(turn.session, report).label
    found = turn.desk.reader.locate_address(label, None) if label else None
    return found is not None and found.amphoe_code == report.amphoe_code and found.tambon_code == report.tambon_code


def abroad(turn: Turn) -> Reply:
    """Say that a pin is abroad and ask for another one, or for words."""
    told = belonging.open_report(turn) is not None
    return turn.reply("ask.abroad" if told else "ask.abroad_first", asking.location(turn))
