"""What is to happen later: a due row that becomes an event of its own when its time comes."""

from __future__ import annotations

import json
from datetime import datetime

from sqlalchemy.orm import Session

from handlers.messages import Incoming
from storage import due

CHANNEL = "timer"  # no platform: nobody says these events and nobody is answered in their chat
SEPARATOR = ":"


def remind(session: Session, name: str, subject: object, at: datetime) -> None:
    """Let the timer `name` go off for a subject at a time (aware); set again, it moves."""
    key = f"{name}{SEPARATOR}{subject}"
    payload = json.dumps({"key": key, "at": at.isoformat()}).encode()
    due.schedule(session, key, at, channel=CHANNEL, chat=key, payload=payload)


def forget(session: Session, name: str, subject: object) -> None:
    """Let a timer not go off."""
    due.cancel(session, f"{name}{SEPARATOR}{subject}")


def read(payload: bytes) -> Incoming:
    """The event of a timer; its `at` is when it was to go off."""
    said = json.loads(payload)
    at = datetime.fromisoformat(said["at"])
    return Incoming(CHANNEL, f"due:{said['key']}:{said['at']}", said["key"], "", "timer", at, postback=said["key"])
