"""A message's whole way through the running program: it fails, its coordinator hears of it, the fault is mended."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import httpx

from bot.app import make_app
from bot.clock import now
from bot.schema import migrate
from storage import inbox, people
from storage.models import Audit, Inbox, Report
from tests.bot.doors import ADDRESS, Door, Place, house_of, transport
from tests.bot.stumbling import StumblingReader, stumbling

WATER = "น้ำประปาไม่ไหลมาสามวันแล้ว ต.แม่ยาว อ.เมืองเชียงราย"
ROAD = "ถนนเป็นหลุมหน้าโรงเรียน ต.แม่ยาว อ.เมืองเชียงราย"
SOON = 6.0  # seconds: before a row that no job looks after is found by itself


@asynccontextmanager
async def opened_with_a_fault(place: Place) -> AsyncIterator[tuple[Door, StumblingReader]]:
    """The program, whose reader stumbles over water and roads; 'boss' coordinates Chiang Rai."""
    house = house_of(place.settings(provinces="chiang-rai"))
    migrate(house.engine)
    reader = stumbling(house.desk.reader, "น้ำ", "ถนน")
    house = replace(house, desk=replace(house.desk, reader=reader))
    with house.sessions.begin() as session:
        people.add_invite(session, "SS-1111-1111", "coordinator", "chiang-rai", now())
    app = make_app(house)
    try:
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport(app), base_url=ADDRESS) as http,
        ):
            yield Door(app, house, http), reader
    finally:
        house.engine.dispose()


async def heard(door: Door, user: str, words: str) -> dict[str, Any]:
    """Wait until somebody is told something; returns the reply."""
    async with asyncio.timeout(SOON):
        while True:
            answer = await door.http.get("/local/messages", params={"user": user})
            for message in answer.json()["messages"]:
                if words in message["text"]:
                    found: dict[str, Any] = message
                    return found
            await asyncio.sleep(0.05)


def button(reply: dict[str, Any], label: str) -> str:
    return next(str(one["postback"]) for one in reply["buttons"] if label in one["label"])


def test_a_parked_message_becomes_a_report_once_the_fault_is_mended(place: Place) -> None:
    async def run() -> None:
        async with opened_with_a_fault(place) as (door, reader):
            await door.say("boss", text="SS-1111-1111")
            await door.say("u1", text=WATER)
            await heard(door, "u1", "ขอโทษค่ะ")
            notice = await heard(door, "boss", "มีข้อความค้างอยู่ค่ะ")
            await door.say("u1", text="สวัสดีค่ะ")  # whoever is parked holds up nobody
            await door.say("boss", text=ROAD)  # what the coordinator told is parked too
            (listed,) = await door.say("boss", postback=button(notice, "ข้อความค้าง"))
            assert listed["card"]["title"] == "ข้อความค้าง · 2 ข้อความ"

            (again,) = await door.say("boss", postback=listed["card"]["rows"][0]["postback"])
            assert "กำลังลองใหม่ 1 ข้อความ" in again["text"]
            async with asyncio.timeout(SOON):
                while "ลองแล้ว 2 รอบ" not in listed["text"]:
                    (listed,) = await door.say("boss", postback=button(notice, "ข้อความค้าง"))
            reader.over.clear()
            (again,) = await door.say("boss", postback=button(listed, "ลองใหม่ทั้งหมด"))
            assert "กำลังลองใหม่ 2 ข้อความ" in again["text"]
            assert WATER in (await heard(door, "u1", "รับเรื่องแล้วค่ะ"))["text"]
            assert ROAD in (await heard(door, "boss", "รับเรื่องแล้วค่ะ"))["text"]
            (listed,) = await door.say("boss", postback=button(notice, "ข้อความค้าง"))
            assert listed["text"] == "ไม่มีข้อความค้างแล้วค่ะ"

            with door.house.readers() as session:
                assert session.query(Report).count() == 2
                assert set(inbox.counts(session)) == {"done"}
                assert session.query(Inbox).filter(Inbox.error != "").count() == 0
                assert session.query(Audit).filter_by(act="retried").count() == 3
            said = (await door.http.get("/local/messages", params={"user": "u1"})).json()["messages"]
            assert sum("ขอโทษค่ะ" in message["text"] for message in said) == 1

    asyncio.run(run())
