"""A job's right to speak, with what the database would say handed in."""

from __future__ import annotations

import asyncio

import pytest

from bot.drivers.right import MARGIN, SILENT, Right, Superseded


def right(*answers: float | None) -> tuple[Right, list[float | None]]:
    """A right whose questions get these answers in turn, and what of them was asked for."""
    left, asked = list(answers), []

    async def silence() -> float | None:
        asked.append(left.pop(0))
        return asked[-1]

    return Right(silence), asked


def test_it_asks_once_and_then_remembers() -> None:
    ours, asked = right(0.0)

    async def check() -> None:
        for _ in range(3):
            await ours.check()

    asyncio.run(check())
    assert asked == [0.0]


def test_a_job_that_is_not_ours_any_more_may_not_speak() -> None:
    ours, _ = right(None)
    with pytest.raises(Superseded):
        asyncio.run(ours.check())


def test_who_is_about_to_be_taken_for_dead_waits_until_it_is_known() -> None:
    ours, asked = right(SILENT - MARGIN + 0.5, SILENT + 1, 0.1)
    asyncio.run(ours.check())
    assert len(asked) == 3
    gone, _ = right(SILENT - 0.1, None)
    with pytest.raises(Superseded):
        asyncio.run(gone.check())


def test_the_longer_our_worker_was_silent_the_sooner_it_asks_again() -> None:
    ours, asked = right(SILENT - MARGIN - 0.2, 0.0)

    async def check() -> None:
        await ours.check()
        await asyncio.sleep(0.3)
        await ours.check()

    asyncio.run(check())
    assert len(asked) == 2
