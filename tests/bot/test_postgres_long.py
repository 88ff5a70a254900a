"""Outages of PostgreSQL that last for longer than any patience."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from handlers.desk import Desk
from tests.bot.process import at_rest, handled_in_order, process, sent_once
from tests.bot.proxy import proxied
from tests.peers import LinePeer

pytestmark = [pytest.mark.postgresql, pytest.mark.long]

OUTAGE = 25.0  # seconds: longer than a worker waits for its jobs, and than its silence is borne


@pytest.mark.parametrize("count", [1, 2])
def test_what_was_sent_when_the_server_went_away_is_not_sent_again(
    desk: Desk, address: str, tmp_path: Path, count: int
) -> None:
    async def run(peer: LinePeer) -> None:
        with proxied(address) as wire:
            url = wire.address_of(address)
            async with process(desk, url, peer, tmp_path) as one:
                others = [process(desk, url, peer, tmp_path) for _ in range(count - 1)]
                for other in others:
                    await other.__aenter__()
                peer.script(delay=1.0)
                for user in "abcdefgh":
                    assert await one.hear(user, 0, 1) == 200
                async with asyncio.timeout(10):
                    while len(peer.calls) < 8 + 1:  # noqa: ASYNC110  # the peer tells nobody
                        await asyncio.sleep(0.05)
                wire.cut()
                await asyncio.sleep(OUTAGE)
                peer.script(delay=0.0)
                wire.restore()
                await at_rest(address, 16, within=60)
                for other in others:
                    await other.__aexit__(None, None, None)

    with LinePeer() as peer:
        asyncio.run(run(peer))
        handled_in_order(address)
        sent_once(peer, address)
