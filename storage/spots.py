"""Where reports are: as exactly as somebody said, sealed, because it may tell a home."""

from __future__ import annotations

import json
from dataclasses import astuple, dataclass

from sqlalchemy.orm import Session

from storage.models import Report
from storage.vault import vault_of


@dataclass(frozen=True, slots=True)
class Spot:
    """Words of a village or landmark, and a pin in WGS 84 degrees.

    `accuracy` is the pin's in metres, None where nobody told; `label` is the address that its platform gave it.
    """

    words: str = ""
    lat: float | None = None
    lng: float | None = None
    accuracy: float | None = None
    label: str = ""


def seal(session: Session, spot: Spot) -> bytes | None:
    """A spot, sealed; None when it says nothing."""
    if not spot.words and spot.lat is None:
        return None
    values = astuple(spot) if spot.accuracy is not None or spot.label else (spot.words, spot.lat, spot.lng)
    return vault_of(session).seal(json.dumps(values, ensure_ascii=False), "place")


def opened(session: Session, sealed: bytes | None) -> Spot:
    """A report's `place_sealed`, opened. What was sealed before pins had an accuracy and a label has neither."""
    return Spot(*json.loads(vault_of(session).open(sealed, "place"))) if sealed is not None else Spot()


def of(session: Session, report: Report) -> Spot:
    """Where a report is, opened."""
    return opened(session, report.place_sealed)
