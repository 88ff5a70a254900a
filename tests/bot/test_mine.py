"""A person's own data as a file, by a signed link."""

from __future__ import annotations

import asyncio
import base64
import io
import json
import zipfile
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.clock import now
from bot.links import Links
from bot.mine import collect, page_of
from storage import backing, people
from storage.models import Person, Report
from storage.vault import derive
from tests.bot.doors import PICTURE, Door, Place, opened
from tests.rig import WEDNESDAY

WATER = "น้ำประปาไม่ไหลมาสามวันแล้ว ต.แม่ยาว อ.เมืองเชียงราย โทร 081-234-5678"


async def asked(door: Door) -> str:
    """The link that the person gets."""
    picture = base64.b64encode(PICTURE).decode()
    await door.say("u1", text=WATER, event_id="w", media=[{"kind": "photo", "data_base64": picture}])
    await door.say("u1", edit="w", text=WATER.replace("สามวัน", "สี่วัน"))
    await door.say("u2", text="ไฟทางดับทั้งซอยมาสามคืนแล้ว ต.แม่ยาว อ.เมืองเชียงราย")
    (reply,) = await door.say("u1", text="ข้อมูลของฉัน")
    file = next(button for button in reply["buttons"] if button["label"] == "ขอไฟล์ข้อมูล")
    (reply,) = await door.say("u1", postback=file["postback"])
    return str(next(button for button in reply["buttons"] if button["label"] == "เปิดไฟล์")["url"])


def test_the_file_holds_all_that_is_ones_own_and_nothing_of_others(place: Place) -> None:
    async def run() -> None:
        async with opened(place.settings(local_channel="on")) as door:
            url = await asked(door)
            for _ in range(100):
                answer = await door.http.get(url)
                archive = zipfile.ZipFile(io.BytesIO(answer.content))
                if len(archive.namelist()) > 2:
                    break
                await asyncio.sleep(0.05)
            assert answer.headers["cache-control"] == "private, no-store"
            page, data, picture = archive.namelist()
            assert page == "ข้อมูลของฉัน.html"
            html, raw = archive.read(page).decode(), archive.read(data).decode()
            said: dict[str, Any] = json.loads(raw)
            assert archive.read(picture) == PICTURE
            assert picture in html
            words = said["reports"][0]["words"]
            assert [(part["version"], "081-234-5678" in part["text"]) for part in words] == [(1, True), (2, True)]
            assert "สามวัน" in html
            assert "สี่วัน" in html
            assert "<script" not in html
            assert "ไฟทาง" not in html + raw
            assert said["consents"][0]["kind"] == "notice"
            assert said["accounts"][0]["id"] == "u1"
            assert {"roles", "forums", "joined", "erasures", "unfinished", "told_for_others"} <= set(said)
            (reply,) = await door.say("u1", text="ข้อมูลของฉัน")
            button = next(one for one in reply["buttons"] if one["label"] == "ลบข้อมูลทั้งหมด")
            (reply,) = await door.say("u1", postback=button["postback"])
            await door.say("u1", postback=reply["buttons"][0]["postback"])
            assert (await door.http.get(url)).status_code == 404, "who is erased has no file"
            assert (await door.http.get("/me/x")).status_code == 404

    asyncio.run(run())


def test_the_link_is_signed_by_us_for_one_thing_and_grows_old() -> None:
    secret, day = derive("a secret", "links"), WEDNESDAY
    token = Links(secret, lambda: day).mine(7).removeprefix("/me/")
    assert Links(secret, lambda: day + timedelta(hours=23)).person_of(token) == 7
    assert Links(secret, lambda: day + timedelta(hours=25)).person_of(token) is None
    assert Links(derive("another", "links"), lambda: day).person_of(token) is None
    assert Links(secret, lambda: day).medium_of(token) is None, "a file's link opens no person"
    file = Links(secret, lambda: day).file(7).removeprefix("/files/")
    assert Links(secret, lambda: day).person_of(file) is None


@pytest.mark.sqlite
def test_what_is_too_large_is_named(place: Place) -> None:
    async def run() -> None:
        async with opened(place.settings(local_channel="on")) as door:
            await asked(door)
            for _ in range(100):
                with door.house.readers() as session:
                    person = session.query(Person).order_by(Person.id).first()
                    assert person is not None
                    found = collect(session, person.id, most=5)
                if found and found.left_out:
                    break
                await asyncio.sleep(0.05)
            assert found is not None
            assert len(found.left_out) == 1
            assert found.files == ()

    asyncio.run(run())


@pytest.mark.sqlite
def test_another_households_code_and_what_a_team_reads_stay_out(place: Place) -> None:
    theirs = "น้ำประปาไม่ไหลเลยมาสามวันแล้ว ต.แม่ยาว อ.เมืองเชียงราย"

    async def run() -> None:
        async with opened(place.settings(local_channel="on")) as door:
            await door.say("u1", text=WATER)
            (receipt, *_) = await door.say("u2", text=theirs)
            first, second = codes(door)
            assert second in receipt["text"]
            with door.house.sessions.begin() as session:
                people.add_invite(session, "SS-1111-1111", "staff", "chiang-rai", now())
                one, two = session.query(Report).order_by(Report.id)
                backing.join(session, one.id, two.reporter_id or 0, two.id, two.created_at)
                two.status = "closed_unconfirmed"
            await door.say("u2", text="SS-1111-1111")
            await door.say("u2", text="งานใหม่")
            await door.say("u2", text=first)
            with door.house.readers() as session:
                report = session.query(Report).order_by(Report.id)[1]
                found = collect(session, report.reporter_id or 0)
            assert found is not None
            assert [row["code"] for row in found.data["joined"]] == [second]
            out = json.dumps(found.data["messages_out"], ensure_ascii=False)
            assert second in out, "one's own receipt is one's own"
            assert first not in out
            _, page = page_of(found, door.house.desk.texts)
            assert first not in page
            assert "ปิดโดยไม่มีการยืนยัน" in page
            assert "closed_unconfirmed" not in page

    asyncio.run(run())


def codes(door: Door) -> list[str]:
    with door.house.readers() as session:
        return [report.code for report in session.query(Report).order_by(Report.id)]


def test_days_and_hours_are_those_of_thailand(place: Place) -> None:
    async def run() -> None:
        async with opened(place.settings(local_channel="on")) as door:
            await door.say("u1", text=WATER)
            with door.house.sessions.begin() as session:
                session.query(Report).one().created_at = datetime(2026, 3, 1, 20, 30, tzinfo=UTC)
            with door.house.readers() as session:
                found = collect(session, session.query(Report).one().reporter_id or 0)
            assert found is not None
            assert "2026-03-02" in page_of(found, door.house.desk.texts)[1]

    asyncio.run(run())
