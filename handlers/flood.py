"""One who sends faster than anybody can mean it: all is kept and filed, but not every message is answered."""

from __future__ import annotations

from datetime import timedelta

from handlers import alarm
from handlers.messages import Reply
from handlers.turn import Turn

MINUTE = timedelta(seconds=60)
MOST = 20  # messages a minute that are answered one by one; five in ten seconds are a habit, twenty are a machine
MOST_OF_TEAM = 120  # a volunteer forwards what a hall said in one go


def count(turn: Turn) -> int:
    """Count a message of a person; how many came beyond what is answered, in the minute that began with the first."""
    person = turn.person
    if turn.incoming.kind != "message" or turn.incoming.group:
        return 0
    if person.burst_at is None or turn.now - person.burst_at > MINUTE:
        person.burst_at, person.burst = turn.now, 0
    person.burst += 1
    return max(0, person.burst - (MOST_OF_TEAM if turn.roles else MOST))


def calm(turn: Turn, beyond: int, replies: list[Reply]) -> list[Reply]:
    """What is said of all that there is to say: once that it goes slowly now, then nothing until the minute is over.

    Danger is always answered, and others always hear what they must.
    """
    if not beyond or alarm.concerns(turn):
        return replies
    others = [reply for reply in replies if reply.to is not None]
    return [turn.reply("report.slowly", turn.word("status")), *others] if beyond == 1 else others
