"""What was told in secret lately: what follows it is read by nobody who could not read the secret itself."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta
from typing import cast

from handlers.filing import PRIVATE
from handlers.turn import Turn
from nlp.reading import Reading, Sensitive
from storage import reports
from storage.models import Report

LISTENS = timedelta(hours=1)  # in which what somebody says may well be about the secret
STANDS = timedelta(
    days=7
)  # in which words that tell nothing clear are still about one that stands: what hurts comes again
# What a secret may be about: words about one of these may well be about it, however surely they are read.
NEAR = (
    "family_violence",
    "mental_health",
    "drugs_alcohol",
    "child_education",
    "health_service",
    "safety",
    "rights_status",
    "governance",
)


def lately(turn: Turn) -> Report | None:
    """The secret that the person told, took back or heard of within the hour, or that has ended in it.

    Of somebody who was erased nothing is known any more. What is said before a whole group is no secret.
    """
    return _told_within(turn, LISTENS)


def clear(turn: Turn, reading: Reading, near: Collection[str] = NEAR) -> bool:
    """Whether words by themselves surely tell another trouble than one of `near`, or one that needs all hands."""
    another = reading.sure and reading.category not in (turn.desk.reader.taxonomy.fallback, *near)
    return another or reading.urgency == "emergency"


def beside(turn: Turn, reading: Reading) -> Report | None:
    """The secret that unclear words may be about; None where they are clear, secret by themselves, or follow none."""
    if reading.sensitive in PRIVATE:
        return None
    if told := lately(turn):
        return None if clear(turn, reading) else told
    told = _told_within(turn, STANDS)
    return told if told and told.status not in reports.OVER and not clear(turn, reading, (told.category,)) else None


def _told_within(turn: Turn, time: timedelta) -> Report | None:
    return None if turn.incoming.group else reports.confided(turn.session, turn.person.id, turn.now - time)


def secretly(reading: Reading, secret: Report) -> Reading:
    """The same reading, of words that are kept as secret as what they follow."""
    return replace(reading, sensitive=cast("Sensitive", secret.sensitive))


def goes_on(turn: Turn) -> Report | None:
    """The same, where that secret still stands and can be added to."""
    told = beside(turn, turn.reading)
    return told if told is not None and told.status not in reports.OVER else None
