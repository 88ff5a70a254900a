"""Messages and their unsends at the doors of two processes at the same moment: no word is left."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from handlers.desk import Desk
from storage import inbox
from storage.models import Report
from tests.bot.process import WITHIN, Process, event, process
from tests.leaks import lying
from tests.peers import LinePeer, line_webhook
from tests.rig import open_database

pytestmark = pytest.mark.postgresql
RARE = "เจื้อยแจ้วพิลึก"
USERS = "abcdef"


def told(user: str) -> dict[str, Any]:
    """A message of LINE's with words that nobody else says."""
    made = event(user, 0)
    made["message"]["text"] += f" {RARE}"
    return made


def taken_back(user: str) -> dict[str, Any]:
    """The unsend of that message."""
    original = told(user)
    plain = {key: value for key, value in original.items() if key not in ("message", "replyToken")}
    unsend = {"messageId": original["message"]["id"]}
    return {**plain, "type": "unsend", "unsend": unsend, "webhookEventId": f"02{user}{0:023}"}


async def post(door: Process, *events: dict[str, Any]) -> None:
    headers, body = line_webhook(list(events))
    assert (await door.http.post("/webhook/line", content=body, headers=headers)).status_code == 200


async def handled(url: str, events: int) -> None:
    """Wait until so many events are handled; one that was taken back before its turn counts as ignored."""
    database = open_database(url)
    try:
        async with asyncio.timeout(WITHIN):
            while True:
                with database.readers() as session:
                    states = inbox.counts(session)
                if sum(states.values()) == states.get("done", 0) + states.get("ignored", 0) == events:
                    return
                await asyncio.sleep(0.1)
    finally:
        database.engine.dispose()


def test_whichever_door_hears_first_no_word_is_left(desk: Desk, address: str, tmp_path: Path) -> None:
    async def run(peer: LinePeer) -> None:
        async with AsyncExitStack() as stack:
            one, two = [await stack.enter_async_context(process(desk, address, peer, tmp_path)) for _ in range(2)]
            works = []
            for number, user in enumerate(USERS):
                first, second = (told, taken_back) if number % 2 else (taken_back, told)
                works += [post(one, first(user)), post(two, second(user))]
            await asyncio.gather(*works)
            await asyncio.gather(*(post(two, told(user)) for user in USERS))  # LINE repeats itself
            await handled(address, 2 * len(USERS))

    with LinePeer() as peer:
        asyncio.run(run(peer))
    database = open_database(address)
    try:
        assert lying(database, RARE) == []
        with database.readers() as session:
            assert {row.status for row in session.scalars(select(Report))} <= {"cancelled"}
    finally:
        database.engine.dispose()
