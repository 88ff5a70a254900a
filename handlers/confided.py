"""What was told in secret lately: what follows it is read by nobody who could not read the secret itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import cast

from handlers.filing import PRIVATE
from handlers.turn import Turn
from nlp.reading import Reading, Sensitive
from storage import reports
from storage.models import Report

# In which what somebody says may still be about a secret that is over, or that stands: what hurts comes again.
LISTENS, STANDS = timedelta(hours=1), timedelta(days=7)
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
    """The secret that the person told or heard of within a week, or that was taken back or ended within the hour.

    Of somebody who was erased nothing is known any more. What is said before a whole group is no secret.
    """
    if turn.incoming.group:
        return None
    told = reports.confided(turn.session, turn.person.id, turn.now - STANDS)
    over = told is not None and told.status in reports.OVER and told.updated_at < turn.now - LISTENS
    return None if over else told


def clear(turn: Turn, reading: Reading) -> bool:
    """Whether words by themselves surely tell another trouble than a secret one, or one that needs all hands."""
    another = reading.sure and reading.category not in (turn.desk.reader.taxonomy.fallback, *NEAR)
    return another or reading.urgency == "emergency"


def beside(turn: Turn, reading: Reading) -> Report | None:
    """The secret that unclear words may be about; None where they are clear, secret by themselves, or follow none."""
    return None if reading.sensitive in PRIVATE or clear(turn, reading) else lately(turn)


def secretly(reading: Reading, secret: Report) -> Reading:
    """The same reading, of words that are kept as secret as what they follow."""
    return replace(reading, sensitive=cast("Sensitive", secret.sensitive))


def goes_on(turn: Turn) -> Report | None:
    """The same, where that secret still stands and can be added to."""
    told = beside(turn, turn.reading)
    return told if told is not None and told.status not in reports.OVER else None
