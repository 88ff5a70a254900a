"""The local channel through the real door: talk, files, and who is let in."""

from __future__ import annotations

import asyncio
import base64
import json
import re
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from storage.models import Inbox, Medium, Report
from tests.bot.doors import PICTURE, Door, Place, opened
from tests.rig import raw

WATER = "น้ำประปาไม่ไหลมาสามวันแล้ว ต.แม่ยาว อ.เมืองเชียงราย"
Check = Callable[[Door], Coroutine[Any, Any, None]]


def talk(place: Place, check: Check, **settings: Any) -> None:
    async def run() -> None:
        async with opened(place.settings(provinces="chiang-rai", **settings)) as door:
            await check(door)

    asyncio.run(run())


def photo(data: bytes = PICTURE) -> dict[str, str]:
    return {"kind": "photo", "name": "รูป.jpg", "data_base64": base64.b64encode(data).decode()}


def test_a_message_is_answered_with_what_is_said_back(place: Place) -> None:
    async def check(door: Door) -> None:
        (receipt,) = await door.say(text=WATER, event_id="e1")
        assert receipt["card"]["tone"] == "receipt"
        assert WATER in receipt["text"]
        assert {"label", "postback"} <= set(receipt["buttons"][0])
        assert receipt["image_url"] is None
        pressed = await door.say(postback=receipt["buttons"][0]["postback"])
        assert pressed[0]["text"] == "ขอบคุณค่ะ"
        listed = (await door.http.get("/local/messages", params={"user": "u1"})).json()["messages"]
        assert [message["text"] for message in listed] == [receipt["text"], "ขอบคุณค่ะ"]
        assert listed[0] == receipt
        later = await door.http.get("/local/messages", params={"user": "u1", "after": str(receipt["n"])})
        assert [message["text"] for message in later.json()["messages"]] == ["ขอบคุณค่ะ"]
        assert (await door.http.get("/local/messages", params={"user": "u2"})).json() == {"messages": []}

    talk(place, check)


def test_the_same_event_id_is_the_same_message(place: Place) -> None:
    async def check(door: Door) -> None:
        one = await door.say(text=WATER, event_id="e1")
        assert await door.say(text=WATER, event_id="e1") == one
        together = await asyncio.gather(*(door.say(text=WATER, event_id="e2") for _ in range(5)))
        assert all(answer == together[0] for answer in together)
        # Another person's event may have the same id.
        assert await door.say("u2", text=WATER, event_id="e1") != one
        with door.house.readers() as session:
            assert session.query(Inbox).count() == 3

    talk(place, check)


@pytest.mark.parametrize(
    ("body", "where"),
    [
        (b"not json", "JSON"),
        (b"{}", "user"),
        (b'{"user": ""}', "user"),
        (b'{"user": "u1", "loud": true}', "loud"),
        (b'{"user": "u1", "location": {"lat": 91, "lng": 0}}', "location.lat"),
        (b'{"user": "u1", "location": {"lat": 9, "lng": 9, "accuracy": -1}}', "location.accuracy"),
        (b'{"user": "u1", "location": {"lat": NaN, "lng": 0}}', ""),
        (b'{"user": "u1", "media": [{"kind": "poem"}]}', "media.0.kind"),
        (b'{"user": "u1", "media": [{"data_base64": "not base64!"}]}', "base64"),
        (b'{"user": 7}', "user"),
    ],
)
def test_a_body_that_is_wrong_is_told_where(place: Place, body: bytes, where: str) -> None:
    async def check(door: Door) -> None:
        answer = await door.http.post("/local/messages", content=body)
        assert answer.status_code == 400
        assert where in answer.json()["error"]

    talk(place, check)


def test_odd_questions_are_refused(place: Place) -> None:
    async def check(door: Door) -> None:
        for params in ({}, {"user": ""}, {"user": "u1", "after": "x"}, {"user": "u1", "after": "9" * 16}):
            assert (await door.http.get("/local/messages", params=params)).status_code == 400
        assert (await door.http.put("/local/messages")).status_code == 405

    talk(place, check)


def test_other_machines_and_other_sites_are_not_let_in(place: Place) -> None:
    async def check(door: Door) -> None:
        async with door.from_("203.0.113.9") as stranger:
            assert (await stranger.post("/local/messages", json={"user": "u1", "text": "x"})).status_code == 403
            assert (await stranger.get("/local/messages", params={"user": "u1"})).status_code == 403
            assert (await stranger.get("/try")).status_code == 403
            assert (await stranger.get("/healthz")).status_code == 200
        async with door.from_("127.0.0.1", "evil.example") as renamed:
            assert (await renamed.get("/try")).status_code == 403
        body = {"user": "u1", "text": "x"}
        for origin in ("https://evil.example", "null", "http://127.0.0.1:9999"):
            answer = await door.http.post("/local/messages", json=body, headers={"origin": origin})
            assert answer.status_code == 403, origin
        own = await door.http.post("/local/messages", json=body, headers={"origin": "http://127.0.0.1:8080"})
        assert own.status_code == 200
        assert (await door.http.get("/try")).status_code == 200

    talk(place, check)


def test_a_public_door_lets_others_in_and_still_no_other_sites(place: Place) -> None:
    async def check(door: Door) -> None:
        async with door.from_("203.0.113.9", "demo.example") as visitor:
            body = {"user": "u1", "text": "สวัสดีค่ะ"}
            assert (await visitor.post("/local/messages", json=body)).status_code == 200
            headers = {"origin": "https://evil.example"}
            assert (await visitor.post("/local/messages", json=body, headers=headers)).status_code == 403

    talk(place, check, local_channel="public")


def test_the_page_names_its_people_and_provinces(place: Place) -> None:
    async def check(door: Door) -> None:
        page = await door.http.get("/try")
        boot = re.search(r'id="boot">(.*?)</script>', page.text, re.DOTALL)
        assert boot
        told = json.loads(boot[1])
        assert [one["user"] for one in told["identities"]] == ["villager", "volunteer", "staff"]
        assert told["provinces"] == [{"slug": "chiang-rai", "name_th": "เชียงราย"}]
        assert "no-store" in page.headers["cache-control"]
        assert (await door.http.get("/static/js/try.js")).status_code == 200
        assert (await door.http.get("/static/../web.py")).status_code == 404

    talk(place, check)


async def kept_picture(door: Door) -> int:
    """The id of the only medium, once its bytes are kept."""
    for _ in range(300):
        with door.house.readers() as session:
            medium = session.query(Medium).first()
            if medium is not None and medium.state == "kept":
                return medium.id
        await asyncio.sleep(0.01)
    raise AssertionError("the picture was not kept")


def test_a_picture_comes_back_by_a_link_of_ours_only(place: Place) -> None:
    async def check(door: Door) -> None:
        await door.say(text=WATER, media=[photo()])
        medium_id = await kept_picture(door)
        with door.house.readers() as session:
            code = session.query(Report).one().code
        (shown,) = await door.say(text=code)
        link = shown["image_url"]
        answer = await door.http.get(link)
        assert (answer.status_code, answer.content) == (200, PICTURE)
        assert answer.headers["content-type"] == "image/jpeg"
        assert "no-store" in answer.headers["cache-control"]
        assert (await door.http.get(link[:-2])).status_code == 404
        assert (await door.http.get(f"/files/{medium_id}")).status_code == 404
        assert (await door.http.get("/files/" + "x" * 2000)).status_code == 404
        files = [path for path in (place.folder / "media").rglob("*") if path.is_file()]
        if door.house.settings.shared:
            assert files == [], "other machines must find it"
            assert PICTURE not in raw(place.url)
        else:
            assert len(files) == 1
            assert PICTURE not in files[0].read_bytes(), "a picture lies sealed on the disk"

    talk(place, check)


def test_what_a_browser_could_run_is_not_kept(place: Place) -> None:
    async def check(door: Door) -> None:
        page = b"<script>alert(1)</script>"
        for kind in ("photo", "file"):
            await door.say(text=WATER, media=[{**photo(page), "kind": kind, "name": "x.html"}])
        for _ in range(300):
            with door.house.readers() as session:
                states = [medium.state for medium in session.query(Medium)]
            if states == ["failed", "failed"]:
                break
            await asyncio.sleep(0.01)
        assert states == ["failed", "failed"]
        assert not [path for path in (place.folder / "media").rglob("*") if path.is_file()]

    talk(place, check)


def test_a_picture_that_was_taken_back_is_gone_from_the_disk(place: Place) -> None:
    async def check(door: Door) -> None:
        await door.say(text=WATER, media=[photo()], event_id="e1")
        link = door.house.links.file(await kept_picture(door))
        assert (await door.http.get(link)).status_code == 200
        await door.say(unsend="e1")
        assert (await door.http.get(link)).status_code == 404
        for _ in range(300):
            if not any(path.is_file() for path in (place.folder / "media").rglob("*")):
                break
            await asyncio.sleep(0.01)
        else:
            raise AssertionError("the file is still there")

    talk(place, check)


def test_a_file_too_large_is_refused(place: Place) -> None:
    async def check(door: Door) -> None:
        large = {"user": "u1", "media": [photo(b"\0" * (20 * 1024 * 1024 + 1))]}
        assert (await door.http.post("/local/messages", json=large)).status_code == 413

    talk(place, check)


def test_what_one_start_kept_the_next_start_finishes(place: Place) -> None:
    settings = place.settings(provinces="chiang-rai")

    async def run() -> None:
        async with opened(settings, work=False) as door:
            keep = asyncio.create_task(door.http.post("/local/messages", json={"user": "u1", "text": WATER}))
            for _ in range(300):
                with door.house.readers() as session:
                    if session.query(Inbox).count():
                        break
                await asyncio.sleep(0.01)
            keep.cancel()
        async with opened(settings) as door:
            for _ in range(300):
                listed = (await door.http.get("/local/messages", params={"user": "u1"})).json()["messages"]
                if listed:
                    break
                await asyncio.sleep(0.01)
            assert [WATER in message["text"] for message in listed] == [True]

    asyncio.run(run())


def test_what_was_said_is_shown_as_a_platform_would_show_it(place: Place) -> None:
    async def check(door: Door) -> None:
        (receipt,) = await door.say(text=WATER)
        asked = {"user": "u1", "n": receipt["n"]}
        pictures = set()
        for platform in ("line", "telegram"):
            answer = await door.http.get("/local/picture", params={**asked, "as": platform})
            assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
            assert "no-store" in answer.headers["cache-control"]
            pictures.add(answer.content)
        assert len(pictures) == 2
        wrong: list[tuple[int, dict[str, Any]]] = [
            (404, {"user": "u2", "as": "line"}),
            (404, {"n": receipt["n"] + 1, "as": "line"}),
            (404, {"n": 0, "as": "line"}),
            (400, {"as": "smoke"}),
            (400, {"n": "x", "as": "line"}),
        ]
        for status, asked_for in wrong:
            assert (await door.http.get("/local/picture", params={**asked, **asked_for})).status_code == status
        async with door.from_("203.0.113.7") as stranger:
            assert (await stranger.get("/local/picture", params={**asked, "as": "line"})).status_code == 403

    talk(place, check)
