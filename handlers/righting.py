"""A place that somebody puts right in words: what they name stands, and what does not lie in it falls."""

from __future__ import annotations

from datetime import timedelta

from handlers import belonging, pins
from handlers.filing import settle_place
from handlers.turn import Turn
from nlp.reading import FoundPlace
from storage import inbox, people, reports, spots
from storage.models import Report

SENTENCE = 60  # letters: who corrects a place does so in a sentence
LATELY = timedelta(hours=1)  # in which what was told is still what is corrected
BARE = 12  # letters: a village that stands alone and is in no gazetteer has no longer name
LEAST = 3  # letters of a name by which a report is known


def corrects(turn: Turn, text: str) -> bool:
    """Whether a text says that a place told before is wrong."""
    manner = turn.desk.reader.manner(text)
    return len(text) <= SENTENCE and (manner.denies or manner.pin_wrong)


def right(turn: Turn, report: Report, text: str) -> bool:
    """Put a report's place right where a text says that it is wrong; whether anything was."""
    if not corrects(turn, text):
        return False
    gone = turn.desk.reader.manner(text).pin_wrong and pins.take_away(turn, report)
    place = named(turn, report, text)
    if place is None or not (place.amphoe_code or place.village):
        return gone
    put(turn, report, place)
    return True


def put(turn: Turn, report: Report, place: FoundPlace) -> None:
    """Let what somebody names stand in the place of what was known."""
    key = inbox.message_key(turn.session, turn.incoming.channel, turn.incoming.message_id)
    settle_place(turn.session, report, place, None, key, instead=True)
    if province := turn.desk.directory.by_code(place.province_code):
        report.province = report.province or province.slug


def named(turn: Turn, report: Report, text: str) -> FoundPlace | None:
    """The place that a correction names; a village's name alone counts where nothing else is told."""
    reader, province = turn.desk.reader, turn.desk.province(report.province)
    place = reader.locate_answer(text, province.code if province else None)
    if place is not None and (place.amphoe_code or place.candidates):
        return place
    if turn.reading.sure and turn.reading.category != reader.taxonomy.fallback:
        return None
    chunks = [chunk for chunk in text.split() if not reader.manner(chunk).denies]
    village = next(filter(None, map(reader.village, chunks)), "") or _bare(turn, report, text, chunks)
    code = province.code if province else ""
    return FoundPlace(province_code=code, village=village, words=village) if village else place


def _bare(turn: Turn, report: Report, text: str, chunks: list[str]) -> str:
    """The one bare name beside a name that is denied and that the report has; '' where there is none."""
    denied = turn.desk.reader.denied(text)
    if len(chunks) != 1 or len(text.split()) != 2 or not _has(turn, report, denied):
        return ""
    name = _plain(turn, chunks[0])
    manner = turn.desk.reader.manner(name)
    other = manner.not_a_place or manner.when or manner.nod or manner.no_idea or manner.phone
    return name if LEAST <= len(name) <= BARE and not other else ""


def meant(turn: Turn, text: str) -> Report | None:
    """The report whose place a text corrects: the one that has what it denies, else the one that is talked of."""
    lately = [one for one in reports.of_person(turn.session, turn.person.id, 5) if _open(turn, one)]
    denied = turn.desk.reader.denied(text)
    if denied and (known := next((one for one in lately if _has(turn, one, denied)), None)):
        return known
    name, data = people.dialogue_of(turn.session, turn.person.id)
    if name == "ask" and data["about"] in ("words", "same"):
        return None
    asked = reports.by_id(turn.session, int(data["report"])) if name == "ask" else None
    talked_of = (asked if asked and _open(turn, asked) else None) or belonging.open_report(turn)
    found = talked_of or next(iter(lately), None)
    return found if found and (found.amphoe_code or found.place_sealed is not None) else None


def _open(turn: Turn, report: Report) -> bool:
    mine = turn.person.id in (report.reporter_id, report.relayed_by_id)
    over = report.status in reports.CLOSED or report.erased_at is not None
    return mine and not over and report.updated_at > turn.now - LATELY


def _has(turn: Turn, report: Report, denied: str) -> bool:
    """Whether a report lies where somebody says that something does not lie."""
    names = turn.desk.reader.place_names(report.tambon_code or report.amphoe_code)
    village = spots.of(turn.session, report).words.split()[:1]
    denied = _plain(turn, denied)
    known = [name for name in (*village, names.tambon, names.amphoe) if len(name) >= LEAST]
    return len(denied) >= LEAST and any(name in denied or denied in name for name in known)


def _plain(turn: Turn, name: str) -> str:
    """A name without the polite word that ends it."""
    for ending in turn.desk.texts.polite:
        name = name.removesuffix(ending)
    return name
