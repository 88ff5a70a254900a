"""Media's whole way through the running program, from a platform's door to what people are told, on each database."""

from __future__ import annotations

import asyncio
import base64
import json
import secrets
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from storage.models import Medium, Report
from tests.bot.doors import Door, Place, opened
from tests.ear import KEY, EarPeer
from tests.peers import LINE_SECRET, LINE_TOKEN, TELEGRAM_TOKEN, LinePeer, TelegramPeer, line_webhook
from tests.pictures import DEVICE, GPS, XYZ, film, plain, taken, voice

WATER = "น้ำประปาไม่ไหลมาสามวันแล้ว ต.แม่ยาว อ.เมืองเชียงราย"
SOON = 12.0  # seconds
CHAT = "U" + "d" * 32


async def until_told(door: Door, words: str, user: str = "u1") -> dict[str, Any]:
    """Wait until somebody at the local door is told something; returns the reply."""
    async with asyncio.timeout(SOON):
        while True:
            answer = await door.http.get("/local/messages", params={"user": user})
            for message in answer.json()["messages"]:
                if words in message["text"]:
                    found: dict[str, Any] = message
                    return found
            await asyncio.sleep(0.05)


async def settled(door: Door, count: int) -> list[Medium]:
    """The media, once there are so many and nothing waits."""
    async with asyncio.timeout(SOON):
        while True:
            with door.house.readers() as session:
                media = session.query(Medium).order_by(Medium.id).all()
            if len(media) == count and not any(medium.state == "waiting" for medium in media):
                return media
            await asyncio.sleep(0.02)


def sent(data: bytes, kind: str = "photo", name: str = "") -> dict[str, str]:
    return {"kind": kind, "name": name, "data_base64": base64.b64encode(data).decode()}


def all_kept(door: Door, folder: Path) -> list[bytes]:
    """Every medium that lies anywhere, opened: sealed files on the disk and in the database."""
    on_disk = [path for path in (folder / "media").rglob("*") if path.is_file()]
    digests = {path.name for path in on_disk}
    with door.house.readers() as session:
        digests |= {medium.sha256 for medium in session.query(Medium) if medium.sha256}
    return [door.house.store.load(digest) for digest in sorted(digests)]


def test_no_original_lies_anywhere_and_what_is_no_picture_is_not_kept(place: Place) -> None:
    async def run() -> None:
        async with opened(place.settings(provinces="chiang-rai")) as door:
            pictures = [sent(taken("JPEG", 6)), sent(taken("PNG"))]
            odd = [sent(film(b"vide", b"soun"), "video"), sent(b"PK\x03\x04 a zip", name="a.jpg"), sent(b"", "voice")]
            await door.say(text=WATER, media=[*pictures, *odd])
            media = await settled(door, 5)
            assert [medium.state for medium in media] == ["kept"] * 3 + ["failed"] * 2
            found = all_kept(door, place.folder)
            assert len(found) == 3
            for data in found:
                assert not any(secret in data for secret in (DEVICE, GPS[:24], XYZ))

    asyncio.run(run())


def test_a_voice_that_a_crash_left_unheard_is_heard_confirmed_and_played(place: Place) -> None:
    async def run(ear: EarPeer) -> None:
        async with opened(place.settings(provinces="chiang-rai")) as door:
            await door.say(media=[sent(voice(), "voice", "เสียงยาย.aac")])
            await settled(door, 1)
        heard = {"transcriber_url": f"{ear.url}/v1", "transcriber_key": KEY}
        async with opened(place.settings(provinces="chiang-rai", **heard)) as door:
            asked = await until_told(door, WATER)
            yes = next(one["postback"] for one in asked["buttons"] if one["label"] == "ถูกแล้ว")
            (noted, *_) = await door.say(postback=yes)
            assert "แม่ยาว" in noted["text"]
            with door.house.readers() as session:
                assert session.query(Report).one().tambon_code
            await played(door)
        (request,) = ear.accepted
        assert request["file"][:2] == ("voice.m4a", "audio/mp4")
        assert XYZ not in request["file"][2]

    with EarPeer(WATER) as ear:
        asyncio.run(run(ear))


async def played(door: Door) -> None:
    """The only medium comes back whole and in parts, under its own name."""
    link = door.house.links.file(1)
    whole = await door.http.get(link)
    assert (whole.status_code, whole.headers["content-type"]) == (200, "audio/mp4")
    assert "inline" in whole.headers["content-disposition"]
    assert "%E0%B9%80%E0%B8%AA%E0%B8%B5%E0%B8%A2%E0%B8%87" in whole.headers["content-disposition"]
    assert ".m4a" in whole.headers["content-disposition"]
    assert "no-store" in whole.headers["cache-control"]
    assert whole.headers["x-content-type-options"] == "nosniff"
    size = len(whole.content)
    for wanted, start, end in (("bytes=0-1", 0, 2), ("bytes=5-", 5, size), ("bytes=-4", size - 4, size)):
        part = await door.http.get(link, headers={"range": wanted})
        assert (part.status_code, part.content) == (206, whole.content[start:end])
        assert part.headers["content-range"] == f"bytes {start}-{end - 1}/{size}"
    assert (await door.http.get(link, headers={"range": f"bytes={size}-"})).status_code == 416
    assert (await door.http.get(link, headers={"range": "bytes=x"})).status_code == 200
    gone = await door.http.get(link[:-2])
    assert gone.status_code == 404
    assert "เปิดไฟล์นี้ไม่ได้แล้วค่ะ" in gone.text


@pytest.mark.sqlite
def test_a_slow_ear_delays_no_chat_and_no_other_medium(place: Place) -> None:
    async def run(ear: EarPeer) -> None:
        ear.script(delay=3.0)
        heard = {"transcriber_url": f"{ear.url}/v1", "transcriber_key": KEY}
        async with opened(place.settings(provinces="chiang-rai", **heard)) as door:
            for user in ("u1", "u2", "u3"):
                await door.say(user, media=[sent(voice(), "voice")])
            async with asyncio.timeout(SOON):
                while not ear.calls:  # noqa: ASYNC110  # filled from another thread
                    await asyncio.sleep(0.02)
            assert await door.say("u4", text=WATER, media=[sent(plain())])
            await settled(door, 4)
            assert ear.accepted == [], "it still listens to the first"

    with EarPeer(WATER) as ear:
        asyncio.run(run(ear))


@pytest.mark.sqlite
def test_a_file_that_is_too_big_is_refused_in_words(place: Place) -> None:
    async def run() -> None:
        async with opened(place.settings(provinces="chiang-rai")) as door:
            body = {"user": "u1", "media": [sent(bytes(20 * 1024 * 1024 + 1))]}
            answer = await door.http.post("/local/messages", json=body)
            assert answer.status_code == 413
            assert "ใหญ่เกินไปค่ะ" in answer.json()["say"]

    asyncio.run(run())


def by_line(number: int) -> tuple[dict[str, str], bytes]:
    """A picture at LINE's door."""
    said = {"type": "image", "id": f"58{number}", "quoteToken": "q", "contentProvider": {"type": "line"}}
    event = {
        "type": "message",
        "message": said,
        "webhookEventId": f"01K9ZV5T3QN8R4W7X2Y6C1D{number:03}",
        "deliveryContext": {"isRedelivery": False},
        "timestamp": int(time.time() * 1000),
        "source": {"type": "user", "userId": CHAT},
        "replyToken": secrets.token_hex(16),
        "mode": "active",
    }
    return line_webhook([event])


async def until_said(peer: LinePeer, words: str) -> int:
    """Wait until a platform was given some words to say; how often it was."""
    async with asyncio.timeout(SOON):
        while not (count := sum(words in str(one.get("text")) for one in peer.accepted)):  # noqa: ASYNC110  # of another thread
            await asyncio.sleep(0.05)
    return count


@pytest.mark.sqlite
def test_line_s_pictures_late_and_gone(place: Place) -> None:
    picture = base64.b64encode(taken()).decode()

    async def run(peer: LinePeer) -> None:
        peer.script(
            content={
                "581": {"status": 202, "times": 1, "data": picture},
                "582": {"status": 410, "times": 9},
                "583": {"status": 503, "times": 1, "data": picture},
            }
        )
        base = {"line_api_base": peer.url, "line_data_api_base": peer.url}
        keys = {"line_channel_secret": LINE_SECRET, "line_channel_access_token": LINE_TOKEN}
        async with opened(place.settings(provinces="chiang-rai", line_province="chiang-rai", **keys, **base)) as door:
            for number in range(1, 4):
                headers, body = by_line(number)
                answer: httpx.Response = await door.http.post("/webhook/line", content=body, headers=headers)
                assert answer.status_code == 200
            media = await settled(door, 3)
            assert [medium.state for medium in media] == ["kept", "failed", "kept"]
            assert [medium.attempts for medium in media] == [2, 1, 2]
            assert all(DEVICE not in data for data in all_kept(door, place.folder))
            assert await until_said(peer, "รูปมาไม่ถึงเราค่ะ") == 1

    with LinePeer() as peer:
        asyncio.run(run(peer))


@pytest.mark.sqlite
def test_telegram_s_voice_that_is_too_big_is_lost_as_such(place: Place) -> None:
    update = json.loads((Path(__file__).parents[1] / "payloads" / "telegram" / "voice.json").read_text("utf-8"))
    update["message"]["date"] = int(time.time())

    async def run(peer: TelegramPeer) -> None:
        peer.script(files={"AwAC-v": {"data": "", "path": "x", "size": 30_000_000}}, updates=[update])
        keys = {"telegram_bot_token": TELEGRAM_TOKEN, "telegram_api_base": peer.url}
        async with opened(place.settings(provinces="chiang-rai", telegram_province="chiang-rai", **keys)) as door:
            (medium,) = await settled(door, 1)
            assert (medium.state, medium.error) == ("failed", "big: bigger than 20 MB")

    with TelegramPeer() as peer:
        asyncio.run(run(peer))
