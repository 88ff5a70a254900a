"""The table of timers: what happens when the time for something has come."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from handlers import attachments, erasing, hearing, silence
from handlers.desk import Desk
from handlers.later import SEPARATOR
from handlers.messages import Incoming, Reply

# A timer gets its subject as it was set, and now. It names whom it speaks to: nobody has spoken.
Timer = Callable[[Desk, Session, str, datetime], list[Reply]]

TIMERS: Mapping[str, Timer] = {
    "close": silence.close,
    "nudge": silence.nudge,
    "medium": attachments.lost,
    "heard": hearing.heard,
    erasing.TIMER: erasing.finish,
}


def go_off(incoming: Incoming, desk: Desk, session: Session) -> list[Reply]:
    """What a timer does and says; nothing for one that an older release set and nobody knows any more."""
    name, _, subject = incoming.postback.partition(SEPARATOR)
    timer = TIMERS.get(name)
    return timer(desk, session, subject, incoming.at) if timer else []
