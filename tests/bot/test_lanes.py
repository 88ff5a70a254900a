import asyncio
from typing import Any

from bot.drivers.lanes import Lanes


async def until_idle(lanes: Lanes[str, Any]) -> None:
    while lanes.busy:  # noqa: ASYNC110  # lanes tell nobody when they are empty
        await asyncio.sleep(0)


def test_order_is_kept_within_a_key_and_no_key_waits_for_another() -> None:
    done: list[tuple[str, int]] = []

    async def check() -> None:
        gate = asyncio.Event()

        async def work(item: tuple[str, int]) -> None:
            if item == ("slow", 0):
                await gate.wait()
            done.append(item)

        lanes: Lanes[str, tuple[str, int]] = Lanes("test", work)
        for number in range(50):
            lanes.put("slow", ("slow", number))
        for number in range(3):
            lanes.put("quick", ("quick", number))
        for _ in range(20):
            await asyncio.sleep(0)
        assert done == [("quick", 0), ("quick", 1), ("quick", 2)]
        assert lanes.busy == 50
        gate.set()
        await until_idle(lanes)
        assert done[3:] == [("slow", number) for number in range(50)]
        await lanes.close()

    asyncio.run(check())


def test_a_failing_piece_stops_neither_its_key_nor_the_lane() -> None:
    done: list[int] = []

    async def check() -> None:
        async def work(item: int) -> None:
            if item == 1:
                raise RuntimeError("this one only")
            done.append(item)

        lanes: Lanes[str, int] = Lanes("test", work)
        for number in range(3):
            lanes.put("a", number)
        await until_idle(lanes)
        lanes.put("a", 3)
        await until_idle(lanes)
        await lanes.close()

    asyncio.run(check())
    assert done == [0, 2, 3]


def test_closing_ends_what_is_under_way_and_takes_nothing_more() -> None:
    ended: list[str] = []

    async def check() -> None:
        async def work(_item: int) -> None:
            try:
                await asyncio.Event().wait()
            finally:
                ended.append("ended")

        lanes: Lanes[str, int] = Lanes("test", work)
        lanes.put("a", 1)
        lanes.put("a", 2)
        await asyncio.sleep(0)
        await lanes.close()
        lanes.put("b", 3)

    asyncio.run(check())
    assert ended == ["ended"]
