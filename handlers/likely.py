"""Whether somebody else told the same before: the one open report nearby that a fresh one is likest to."""

from __future__ import annotations

from handlers.turn import Turn
from nlp.marking import Report as Told
from storage import likely, people, reports
from storage.models import Report

SHARE = 0.10  # probability from which another category than the likeliest is looked through too
# Newest open reports that are compared: a message has to wait for it, and twelve take some three milliseconds.
MOST = 12
# How alike, from 0 to 1. Of invented reports with near misses 93 to 95 in a hundred offers are right from here on, and
# half of those that somebody told before get one; from 0.8 on it is a point more, and a tenth fewer of them.
FLOOR = 0.6
KINDS = ("problem", "proposal")


def likest(turn: Turn, report: Report) -> Report | None:
    """The report of somebody else that seems to tell the same; None where there is none, or nobody should be asked.

    A private report never offers, nor one of somebody in danger or about somebody's health, and a group is not asked.
    """
    if turn.incoming.group or people.dialogue_of(turn.session, turn.person.id)[0] == "forum":
        return None
    province = turn.desk.province(report.province)
    apart = report.private or report.sensitive or report.urgency == "emergency" or turn.person.paused_at
    if province is None or apart or report.kind not in KINDS or report.status != "received":
        return None
    shares = {slug for slug, share in report.alternatives if share >= SHARE}
    others = likely.candidates(turn.session, report, turn.person.id, shares | {report.category}, turn.now, MOST)
    if not others:
        return None
    one, *compared = [_told(turn, each) for each in (likely.compared_by(turn.session, report), *others)]
    found = turn.desk.likeness().likest(one, compared, [province.code], nearby=True)
    return reports.by_id(turn.session, others[found[0][0]].id) if found and found[0][1] >= FLOOR else None


def _told(turn: Turn, one: likely.Candidate) -> Told:
    """A report as it is compared: where it is is opened for this alone."""
    amphoe = turn.desk.reader.place_names(one.amphoe_code).amphoe
    pin = (one.spot.lat, one.spot.lng) if one.spot.lat is not None and one.spot.lng is not None else None
    return Told(one.masked_text, one.spot.words, tambon_code=one.tambon_code, amphoe=amphoe, pin=pin)
