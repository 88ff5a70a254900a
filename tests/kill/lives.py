"""How the program ends: the steps at which it dies by its own hand, and the seconds after which it is killed."""

from __future__ import annotations

import random
from dataclasses import dataclass

# Every step, and the latest of its passings that may be the last: webhooks that come together are received as one.
STEPS = {
    "receive.before": 2,
    "receive.kept": 2,
    "prepare.read": 10,
    "handle.responded": 10,
    "handle.written": 10,
    "writer.committed": 6,
    "send.before": 10,
    "send.sent": 10,
    "send.settled": 10,
    "fetch.kept": 1,
    "tick.fired": 1,
}


@dataclass(frozen=True, slots=True)
class Life:
    """How a victim ends: at the n-th passing of a step, or so many seconds after its birth or after its door opened.

    `armed`: passings count from a signal on only.
    """

    step: str = ""
    after: int = 0
    opened: bool = False
    seconds: float = 0.0
    armed: bool = False


def plan_lives(random_kills: int, chance: random.Random) -> list[Life]:
    """Lives in a chance order; the first ends within the first start, which on SQLite also makes the database."""
    stepped = [Life(step, chance.randint(1, latest)) for step, latest in STEPS.items()]
    starting = [Life(seconds=chance.uniform(0.2, 2.0)) for _ in range(random_kills // 2)]
    working = [Life(opened=True, seconds=chance.uniform(0.0, 0.6)) for _ in range(random_kills - random_kills // 2)]
    later = [*stepped, *starting[1:], *working]
    chance.shuffle(later)
    return [*starting[:1], *later]
