"""PostgreSQL goes away amid work and comes back: nothing is lost or doubled, and everybody is told meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from handlers.desk import Desk
from tests.bot.process import Process, at_rest, end_connections, handled_in_order, process, ruler, sent_once
from tests.bot.proxy import Proxy, proxied
from tests.peers import LinePeer

pytestmark = pytest.mark.postgresql


@pytest.fixture
def wire(address: str) -> Iterator[Proxy]:
    with proxied(address) as proxy:
        yield proxy


@pytest.fixture
def peer() -> Iterator[LinePeer]:
    with LinePeer() as line:
        yield line


def test_cut_off_it_says_so_and_goes_on_by_itself(
    desk: Desk, address: str, wire: Proxy, peer: LinePeer, tmp_path: Path
) -> None:
    async def run() -> None:
        async with process(desk, wire.address_of(address), peer, tmp_path) as one:
            assert await one.hear("a", 0) == 200
            await one.becomes(200)
            wire.cut()
            assert await one.hear("a", 1) == 503
            status, said = await one.readiness()
            assert (status, "database: the server cannot be reached" in said) == (503, True), said
            assert (await one.http.get("/healthz")).status_code == 200
            wire.restore()
            await one.becomes(200)  # nobody has to send anything for that
            for number in (1, 2):
                await one.hear_until_kept("a", number)
            await at_rest(address, 3)

    asyncio.run(run())
    handled_in_order(address)
    sent_once(peer, address)


def test_connections_that_the_server_ends_under_load_lose_and_double_nothing(
    desk: Desk, address: str, peer: LinePeer, tmp_path: Path
) -> None:
    async def speak(one: Process, user: str) -> None:
        for number in range(6):
            await one.hear_until_kept(user, number)

    async def run() -> None:
        async with process(desk, address, peer, tmp_path) as one:
            speaking = [asyncio.create_task(speak(one, user)) for user in "abcd"]
            with ruler(address) as keeper:
                for _ in range(6):
                    await asyncio.sleep(0.3)
                    assert end_connections(keeper, address)
            await asyncio.gather(*speaking)
            await at_rest(address, 24)

    asyncio.run(run())
    handled_in_order(address)
    sent_once(peer, address)


@pytest.mark.long
def test_a_server_that_does_not_answer_holds_nobody_up(
    desk: Desk, address: str, wire: Proxy, peer: LinePeer, tmp_path: Path
) -> None:
    async def run() -> None:
        loop = asyncio.get_running_loop()
        async with process(desk, wire.address_of(address), peer, tmp_path) as one:
            assert await one.hear("a", 0) == 200
            await at_rest(address, 1)
            wire.silence()
            began = loop.time()
            statuses = await asyncio.gather(one.hear("a", 1), one.readiness())
            assert statuses[0] == 503
            assert statuses[1] == (503, "database: it does not answer")
            assert loop.time() - began < 9
            wire.restore()
            await one.hear_until_kept("a", 1)
            await at_rest(address, 2)

    asyncio.run(run())
    sent_once(peer, address)


@pytest.mark.parametrize("busy", [False, pytest.param(True, marks=pytest.mark.long)], ids=["idle", "busy"])
def test_the_end_of_the_process_is_not_held_up_by_a_server_that_is_gone(
    desk: Desk, address: str, wire: Proxy, peer: LinePeer, tmp_path: Path, *, busy: bool
) -> None:
    async def run() -> float:
        loop = asyncio.get_running_loop()
        async with process(desk, wire.address_of(address), peer, tmp_path) as one:
            peer.script(delay=0.5)
            assert await one.hear("a", 0) == 200
            async with asyncio.timeout(5):
                while not peer.calls:  # noqa: ASYNC110  # the peer tells nobody
                    await asyncio.sleep(0.02)
            if not busy:
                await at_rest(address, 1)
            wire.cut()
            began = loop.time()
        return loop.time() - began

    assert asyncio.run(run()) < 9.5  # who stops containers gives them ten
