"""What a chat got, in the order in which it got it: what came twice, and whether a kill or a pause explains it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.kill.heard import Stop

UNDER_WAY = 5.0  # seconds from a platform's taking a parcel to our note of it, on a busy machine


@dataclass(frozen=True, slots=True)
class Taken:
    """A parcel that a platform took: from which victim, and when (Unix time)."""

    parcel: int
    by: int
    at: float


@dataclass(slots=True)
class Repeats:
    """What came twice to one chat. `late` counts what a victim said on waking that others had said meanwhile,
    `woken` are the pauses that explained it."""

    twice: int = 0
    unexplained: list[tuple[Taken, Taken]] = field(default_factory=list)  # what came before, and what came again
    late: int = 0
    out_of_order: int = 0
    woken: set[Stop] = field(default_factory=set)


def look(chat: Sequence[Taken], stops: Sequence[Stop]) -> Repeats:
    """Look at what a chat got.

    A parcel may come twice where the one who sent it was interrupted just then or woke just then, and another sent it
    next, before anything else. One who was paused may also, on waking, send the one parcel that it had in hand, though
    another sent it meanwhile: one for each chat and pause.
    """
    found, before = Repeats(), list[Taken]()
    for taken in chat:
        if pause := _in_hand(taken, before, stops, found):
            found.woken.add(pause)
            found.twice += 1
            found.late += 1
            continue
        if any(one.parcel == taken.parcel for one in before):
            found.twice += 1
            if not _explained(before[-1], taken, stops):
                found.unexplained.append((before[-1], taken))
        if before and taken.parcel < before[-1].parcel:
            found.out_of_order += 1
        before.append(taken)
    return found


def _explained(first: Taken, again: Taken, stops: Sequence[Stop]) -> bool:
    """Whether the one who said it first was interrupted before it could note so, and another said it again."""
    return (first.parcel, first.by != again.by) == (again.parcel, True) and any(
        stop.by == first.by and stop.began <= again.at and _under_way(first, stop) for stop in stops
    )


def _under_way(taken: Taken, stop: Stop) -> bool:
    """Whether it was said just before the interruption, or on waking from it."""
    moments = [stop.began] if stop.ended is None else [stop.began, stop.ended]
    return any(abs(moment - taken.at) <= UNDER_WAY for moment in moments)


def _in_hand(taken: Taken, before: Sequence[Taken], stops: Sequence[Stop], found: Repeats) -> Stop | None:
    """The pause that explains what a victim said on waking."""
    for stop in stops:
        if stop.ended is None or stop.by != taken.by or stop in found.woken:
            continue
        said = any(one.parcel == taken.parcel and stop.began <= one.at and one.by != taken.by for one in before)
        if said and 0 <= taken.at - stop.ended <= UNDER_WAY:
            return stop
    return None
