"""Polling, sending and media, against Telegram's stand-in at the wire."""

import asyncio
import base64
import json
import logging
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

import pytest

from bot.channels.base import Fetched, FetchFailed, Parcel, SendFailed
from bot.channels.telegram import TelegramChannel
from handlers.messages import Button, Card, Reply, Row
from tests.peers import BOT_NAME, TELEGRAM_TOKEN, TelegramPeer

PAYLOADS = Path(__file__).parents[2] / "payloads" / "telegram"
HELLO = Reply("รับเรื่องแล้วค่ะ <ชร-1> & ขอบคุณ", buttons=(Button("เรื่องใหม่", text="เรื่องใหม่"),))
T = TypeVar("T")


@pytest.fixture
def peer() -> Iterator[TelegramPeer]:
    with TelegramPeer() as peer:
        yield peer


async def our_files(path: str) -> Fetched | None:
    return Fetched(b"%PDF", "application/pdf") if path == "/files/pdf" else None


@asynccontextmanager
async def opened(url: str, **told: Any) -> AsyncIterator[TelegramChannel]:
    channel = TelegramChannel(**{"token": TELEGRAM_TOKEN, "api_base": url, "webhook_secret": "s", **told})
    await channel.open()
    try:
        yield channel
    finally:
        await channel.close()


def run(url: str, work: Callable[[TelegramChannel], Awaitable[T]], **told: Any) -> T:
    async def inside() -> T:
        async with opened(url, **told) as channel:
            return await work(channel)

    return asyncio.run(inside())


def send(url: str, *replies: Reply, chat: str = "77001", **told: Any) -> SendFailed | None:
    async def work(channel: TelegramChannel) -> SendFailed | None:
        try:
            for packed in channel.pack(replies or [HELLO]):
                await channel.send(Parcel(chat, packed, "key"))
        except SendFailed as failed:
            return failed
        return None

    return run(url, work, **told)


def outcome(failed: SendFailed | None) -> str:
    return failed.failure if failed else "sent"


def update(number: int, text: str = "สวัสดี") -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((PAYLOADS / "text.json").read_text(encoding="utf-8"))
    loaded["update_id"] = number
    loaded["message"]["text"] = text
    return loaded


def test_message_goes_out_escaped_with_its_button(peer: TelegramPeer) -> None:
    assert outcome(send(peer.url)) == "sent"
    (sent,) = peer.accepted
    assert (sent["kind"], sent["chat"], sent["text"]) == ("sendMessage", "77001", HELLO.text)
    assert sent["keyboard"] == [[{"text": "เรื่องใหม่", "callback_data": "t:เรื่องใหม่"}]]


def test_updates_are_given_again_until_the_next_offset_is_asked(peer: TelegramPeer) -> None:
    peer.script(updates=[update(900), update(5), update(6)])  # ids restart after a quiet week

    async def work(channel: TelegramChannel) -> None:
        first, offset = await channel.updates(None, 0)
        again, _ = await channel.updates(None, 0)
        assert [e.event_id for e in first] == [e.event_id for e in again] == ["900", "5", "6"]
        assert offset == 7
        assert await channel.updates(901, 0) == ([], 901)

    run(peer.url, work)


def test_long_poll_waits_for_an_update(peer: TelegramPeer) -> None:
    async def work(channel: TelegramChannel) -> None:
        waiting = asyncio.create_task(channel.updates(0, 5))
        await asyncio.sleep(0.1)
        assert not waiting.done()
        peer.script(updates=[update(40)])
        envelopes, offset = await waiting
        assert ([e.event_id for e in envelopes], offset) == (["40"], 41)

    run(peer.url, work)


def test_one_odd_update_does_not_hold_up_the_rest(peer: TelegramPeer) -> None:
    peer.script(updates=[{"update_id": 1, "message": {"chat": 5, "date": "x"}}, {"update_id": 2}, update(3)])

    async def work(channel: TelegramChannel) -> None:
        envelopes, offset = await channel.updates(None, 0)
        assert ([e.event_id for e in envelopes], offset) == (["1", "2", "3"], 4)
        assert [channel.read(e.payload) is None for e in envelopes] == [True, True, False]

    run(peer.url, work)


def test_our_name_is_learnt_for_groups(peer: TelegramPeer) -> None:
    text = json.loads((PAYLOADS / "group_mention.json").read_text(encoding="utf-8"))
    talk = json.loads((PAYLOADS / "group_talk.json").read_text(encoding="utf-8"))
    peer.script(updates=[talk, text], fail=[{"path": "getMe", "status": 502, "times": 1}])

    async def work(channel: TelegramChannel) -> None:
        ((envelope,), _) = await channel.updates(None, 0)  # Telegram was down while we started
        read = channel.read(envelope.payload)
        assert read is not None
        assert BOT_NAME not in read.text

    run(peer.url, work)


def test_two_pollers_and_a_wrong_token_are_hopeless(peer: TelegramPeer) -> None:
    async def work(channel: TelegramChannel) -> None:
        await channel.set_webhook("https://sansiang.example/webhook/telegram")
        assert peer.webhook["secret_token"] == "s"
        assert peer.webhook["drop_pending_updates"] == "false"
        with pytest.raises(SendFailed) as failed:
            await channel.updates(None, 0)
        assert failed.value.failure == "never"
        await channel.delete_webhook()
        assert await channel.updates(None, 0) == ([], None)

    run(peer.url, work)
    with pytest.raises(SendFailed) as failed:
        run(peer.url, lambda channel: channel.updates(None, 0), token="1:wrong")
    assert failed.value.failure == "never"
    assert "wrong" not in str(failed.value)


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ({"blocked": ["77001"]}, "blocked"),
        ({"missing": ["77001"]}, "blocked"),
        ({"fail": [{"path": "send", "status": 500, "body": {"ok": False, "description": "Internal"}}]}, "again"),
        ({"fail": [{"path": "send", "status": 502, "body": "<html>"}]}, "again"),
        ({"fail": [{"path": "send", "status": 413, "body": {"description": "Request Entity Too Large"}}]}, "never"),
        ({"fail": [{"path": "send", "status": 400, "body": {"description": "Bad Request: odd"}}]}, "never"),
        ({"fail": [{"path": "send", "status": 401, "body": {"description": "Unauthorized"}}]}, "never"),
        ({"fail": [{"path": "send", "status": 200, "body": "<html>"}]}, "unsure"),
    ],
)
def test_refusal_is_translated(peer: TelegramPeer, script: dict[str, Any], expected: str) -> None:
    peer.script(**script)
    assert outcome(send(peer.url)) == expected
    assert not peer.accepted


def test_flood_control_names_its_time(peer: TelegramPeer) -> None:
    body = {"ok": False, "error_code": 429, "description": "Too Many", "parameters": {"retry_after": 17}}
    peer.script(fail=[{"path": "send", "status": 429, "body": body}])
    failed = send(peer.url)
    assert failed is not None
    assert (failed.failure, failed.retry_after) == ("again", 17.0)


def test_lost_connections_are_unsure_and_refused_ones_are_not_sent(peer: TelegramPeer) -> None:
    async def refused(channel: TelegramChannel) -> str:
        with pytest.raises(SendFailed) as failed:
            await channel.send(Parcel("77001", (HELLO,), "key"))
        return failed.value.failure

    async def lost(channel: TelegramChannel) -> str:
        peer.script(drop={"times": 1, "accepted": True})
        return await refused(channel)

    assert run(peer.url, lost) == "unsure"
    assert len(peer.accepted) == 1
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    assert run(f"http://127.0.0.1:{port}", refused) == "again"


def test_silence_is_unsure(peer: TelegramPeer) -> None:
    async def work(channel: TelegramChannel) -> str:
        peer.script(delay=0.5)
        with pytest.raises(SendFailed) as failed:
            await channel.send(Parcel("77001", (HELLO,), "key"))
        return failed.value.failure

    assert run(peer.url, work, timeout=0.1) == "unsure"


def test_group_that_moved_gets_the_message_once(peer: TelegramPeer) -> None:
    peer.script(migrated={"-77": -10077})
    assert outcome(send(peer.url, chat="-77")) == "sent"
    assert [sent["chat"] for sent in peer.accepted] == ["-10077"]


def test_failures_and_logs_tell_no_token_text_or_person(peer: TelegramPeer, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    peer.script(fail=[{"path": "send", "status": 400, "body": {"description": f"Bad Request: '{HELLO.text}' 77001"}}])
    failed = send(peer.url)
    send(peer.url)
    told = f"{failed} {caplog.text}"
    for secret in (TELEGRAM_TOKEN, "77001", "รับเรื่อง"):
        assert secret not in told


def test_files_are_uploaded_or_named_by_address_or_left_out(peer: TelegramPeer) -> None:
    reply = Reply("สรุปสัปดาห์", file="/files/pdf")
    assert outcome(send(peer.url, reply, files=our_files)) == "sent"
    assert outcome(send(peer.url, replace_file(reply, "/files/gone"), files=our_files)) == "sent"
    assert outcome(send(peer.url, reply, public_url="https://sansiang.example")) == "sent"
    assert outcome(send(peer.url, reply)) == "sent"
    uploaded, gone, named, left = peer.accepted
    assert uploaded["parameters"]["document"] == "pdf.pdf (4 bytes)"
    assert named["parameters"]["document"] == "https://sansiang.example/files/pdf"
    assert [sent["kind"] for sent in (uploaded, gone, named, left)] == [
        "sendDocument",
        "sendMessage",
        "sendDocument",
        "sendMessage",
    ]
    assert {sent["text"] for sent in peer.accepted} == {"สรุปสัปดาห์"}


def replace_file(reply: Reply, path: str) -> Reply:
    return Reply(reply.text, file=path)


def test_picture_takes_its_card_as_caption(peer: TelegramPeer) -> None:
    card = Card("สรุป", (Row("ทั้งหมด", "12 เรื่อง"),))
    send(peer.url, Reply("สรุป", card, image="/files/a"), public_url="https://sansiang.example")
    (sent,) = peer.accepted
    assert (sent["kind"], sent["text"]) == ("sendPhoto", "สรุป\nทั้งหมด: 12 เรื่อง")


def test_tap_is_acknowledged_and_never_raises(peer: TelegramPeer) -> None:
    async def work(channel: TelegramChannel) -> None:
        tap = (PAYLOADS / "callback.json").read_bytes()
        for payload in (tap, b"{}", b"\xff", (PAYLOADS / "text.json").read_bytes()):
            await channel.acknowledge(payload)
        peer.script(fail=[{"status": 400}])
        await channel.acknowledge(tap)

    run(peer.url, work)
    assert [sent["kind"] for sent in peer.accepted] == ["answerCallbackQuery"]


def test_what_is_said_to_us_in_a_group_gets_a_nod(peer: TelegramPeer) -> None:
    async def work(channel: TelegramChannel) -> None:
        for name in ("group_mention", "text", "group_callback", "edited", "pinned"):
            await channel.acknowledge((PAYLOADS / f"{name}.json").read_bytes())
        peer.script(fail=[{"path": "setMessageReaction", "status": 400}])
        await channel.acknowledge((PAYLOADS / "group_reply.json").read_bytes())

    run(peer.url, work)
    assert [sent["kind"] for sent in peer.accepted] == ["setMessageReaction", "answerCallbackQuery"]
    asked = peer.accepted[0]["parameters"]
    assert asked["chat_id"] == "-1001987654321"
    assert json.loads(asked["reaction"]) == [{"type": "emoji", "emoji": "\U0001f64f"}]


def test_media(peer: TelegramPeer) -> None:
    def fetch(ref: str) -> Fetched | bool:
        async def work(channel: TelegramChannel) -> Fetched | bool:
            try:
                return await channel.fetch(ref)
            except FetchFailed as failed:
                return failed.again

        return run(peer.url, work)

    data = base64.b64encode(b"picture").decode()
    files = {
        "f": {"data": data, "path": "photos/file_1.jpg"},
        "telegram-refuses": {"data": data, "path": "x", "size": 30_000_000},
        "we-refuse": {"data": data, "path": "x", "size": 20_500_000},
    }
    peer.script(files=files)
    assert fetch("f") == Fetched(b"picture", "image/jpeg")
    assert fetch("telegram-refuses") is False
    assert fetch("we-refuse") is False
    assert fetch("unknown") is False
    peer.script(fail=[{"path": "getFile", "status": 500}])
    assert fetch("f") is True
    peer.script(fail=[{"path": "/file/", "status": 404}])
    assert fetch("f") is False
