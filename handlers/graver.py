"""A report that turns out graver than it seemed: numbers and alarm, and nobody stands behind it or before it."""

from __future__ import annotations

from dataclasses import dataclass

from handlers import alarm, backing, standing
from handlers.messages import Reply
from handlers.turn import Turn
from nlp.reading import Reading
from storage.models import Report


def weight(report: Report) -> Weight:
    """How grave a report is now."""
    return Weight(report.urgency == "emergency", report.for_roster)


def since(turn: Turn, report: Report, before: Weight, reading: Reading) -> Told:
    """What follows where a report has become an emergency, or one for the roster, by all its words together.

    It stands alone from now on, and so do the households behind one that others may no longer see. `reading` is how
    the whole is understood. Where the message alone sounds so, its own lane says the numbers and calls for help.
    """
    danger, hidden = report.urgency == "emergency" and not before.emergency, report.for_roster and not before.roster
    if not danger and not hidden:
        return Told()
    backing.leave(turn, report)
    freed = standing.release(turn.desk, turn.session, report, turn.now, but=turn.person.id) if hidden else []
    if alarm.concerns(turn):
        return Told(others=tuple(freed))
    calls = alarm.alert(turn, report) if danger else []
    return Told((alarm.hotlines(turn.but(reading=reading)),), (*calls, *freed))


@dataclass(frozen=True, slots=True)
class Weight:
    """How grave a report is: whether somebody is in danger, and whether only the roster may read it."""

    emergency: bool
    roster: bool


@dataclass(frozen=True, slots=True)
class Told:
    """What is said because of it: to the one who speaks, before everything else, and to others."""

    first: tuple[Reply, ...] = ()
    others: tuple[Reply, ...] = ()
