"""Which report a message belongs to: the one it answers, the one its album went to, or the one that is still open."""

from __future__ import annotations

from datetime import timedelta

from handlers.desk import QUIET_WINDOW
from handlers.messages import Button
from handlers.turn import Turn
from storage import inbox, media, reports
from storage.models import Report

LATELY = timedelta(minutes=10)  # in which two things told side by side may be mixed up


def open_report(turn: Turn) -> Report | None:
    """The report that what came now is added to; None where it begins a new one.

    What a person answers to (a quote) comes first, then the album that it is a piece of, then the quiet window.
    """
    if turn.incoming.group:
        return None  # what is said in a hall full of people never joins what was said in private
    return _quoted(turn) or album_report(turn) or _still_open(turn)


def album_report(turn: Turn) -> Report | None:
    """The report that earlier pieces of the same album went to, whatever was told in between."""
    keys = [key for medium in turn.incoming.media if (key := _album(turn, medium.album))]
    found = media.report_of_album(turn.session, keys[0]) if keys else None
    return _own_and_open(turn, found)


def _album(turn: Turn, album: str) -> bytes | None:
    return media.album_key(turn.session, turn.incoming.channel, turn.incoming.user, album)


def _quoted(turn: Turn) -> Report | None:
    key = inbox.message_key(turn.session, turn.incoming.channel, turn.incoming.quotes)
    if key is None:
        return None
    said = reports.by_message(turn.session, key)
    return _own_and_open(turn, said[0].id if said else media.report_of_message(turn.session, key))


def _still_open(turn: Turn) -> Report | None:
    person = turn.person
    if person.open_report_id is None or person.quiet_until is None or person.quiet_until < turn.now:
        return None
    return _open(turn, person.open_report_id)


def _own_and_open(turn: Turn, report_id: int | None) -> Report | None:
    report = _open(turn, report_id)
    return report if report and turn.person.id in (report.reporter_id, report.relayed_by_id) else None


def _open(turn: Turn, report_id: int | None) -> Report | None:
    report = reports.by_id(turn.session, report_id) if report_id else None
    return report if report and report.status not in reports.OVER and report.erased_at is None else None


def hold_open(turn: Turn, report: Report, window: timedelta = QUIET_WINDOW) -> None:
    """Let what comes within a window belong to this report; what is said in a group stands alone."""
    if turn.incoming.group:
        return
    turn.person.open_report_id, turn.person.quiet_until = report.id, turn.now + window


def others(turn: Turn, report: Report, part: int | None, medium: int | None) -> tuple[Button, ...]:
    """A button for the other report that was told just now: two things told side by side are easily mixed up."""
    what = f"p{part}" if part else f"m{medium}" if medium else ""
    lately = reports.of_person(turn.session, turn.person.id, 3)
    for other in lately if what else ():
        if other.id != report.id and other.updated_at > turn.now - LATELY and _open(turn, other.id):
            return (turn.press("belongs", "rep.move", other.id, what, code=other.code),)
    return ()
