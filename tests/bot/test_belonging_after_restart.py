"""What belongs together stays together when the program is started anew between its pieces."""

from __future__ import annotations

import asyncio
import base64

from sqlalchemy import select

from storage import media, reports, spots
from storage.models import Report
from tests.bot.doors import PICTURE, Place, opened

WATER = "ท่อประปาแตกหน้าวัด ต.แม่ยาว อ.เมืองเชียงราย"


def photo() -> dict[str, str]:
    return {"kind": "photo", "name": "รูป.jpg", "data_base64": base64.b64encode(PICTURE).decode()}


def test_a_photo_a_restart_its_words_a_restart_and_a_pin(place: Place) -> None:
    async def run() -> None:
        settings = place.settings(provinces="chiang-rai")
        async with opened(settings) as door:
            first = await door.say(media=[photo()], album="ก")
            assert "เป็นอย่างไรคะ" in first[-1]["text"]
        async with opened(settings) as door:
            assert await door.say(media=[photo()], album="ก") == [], "an album is answered once"
            (added,) = await door.say(text=WATER)
            assert "เพิ่มใน" in added["text"]
        async with opened(settings) as door:
            (added,) = await door.say(location={"lat": 19.9, "lng": 99.8})
            assert "เพิ่มใน" in added["text"]
            with door.house.readers() as session:
                (report,) = session.scalars(select(Report))
                assert reports.words_of(session, report.id) == WATER
                assert spots.of(session, report).lat == 19.9
                assert len(media.of_report(session, report.id)) == 2

    asyncio.run(run())
