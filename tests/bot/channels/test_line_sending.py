"""What LINE's answers mean, and media, against LINE's stand-in at the wire."""

import asyncio
import base64
import json
import socket
import urllib.request
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from bot.channels.base import FetchFailed, Parcel, SendFailed
from bot.channels.line import LineChannel
from handlers.messages import Button, Card, Reply, Row
from tests.peers import LINE_SECRET, LINE_TOKEN, LinePeer, line_reply_token

HELLO = Reply("รับเรื่องแล้วค่ะ", buttons=(Button("เรื่องใหม่", text="เรื่องใหม่"),))
CHAT = "U4af4980629f1c0b7e2d3a6b5c8d9e0f1"


@pytest.fixture
def peer() -> Iterator[LinePeer]:
    with LinePeer() as peer:
        yield peer


@asynccontextmanager
async def opened(url: str, token: str = LINE_TOKEN, seconds: float = 10.0) -> AsyncIterator[LineChannel]:
    channel = LineChannel(
        channel_secret=LINE_SECRET, access_token=token, api_base=url, data_api_base=url, timeout=seconds
    )
    await channel.open()
    try:
        yield channel
    finally:
        await channel.close()


def send(
    url: str,
    *,
    token: str = "",
    key: str = "",
    access: str = LINE_TOKEN,
    replies: tuple[Reply, ...] = (HELLO,),
    timeout: float = 10.0,
) -> SendFailed | None:
    async def run() -> SendFailed | None:
        async with opened(url, access, timeout) as channel:
            try:
                await channel.send(Parcel(CHAT, replies, key or str(uuid.uuid4()), token))
            except SendFailed as failed:
                return failed
        return None

    return asyncio.run(run())


def outcome(failed: SendFailed | None) -> str:
    return failed.failure if failed else "sent"


def fetch(url: str, ref: str) -> tuple[bytes, str] | bool:
    async def run() -> tuple[bytes, str] | bool:
        async with opened(url) as channel:
            try:
                fetched = await channel.fetch(ref)
            except FetchFailed as failed:
                return failed.again
        return fetched.data, fetched.media_type

    return asyncio.run(run())


def test_reply_goes_out_free_and_without_a_retry_key(peer: LinePeer) -> None:
    token = line_reply_token(CHAT)
    assert outcome(send(peer.url, token=token)) == "sent"
    (sent,) = peer.accepted
    assert (sent["kind"], sent["chat"], sent["text"], sent["token"]) == ("reply", CHAT, HELLO.text, token)
    assert sent["messages"][0]["quickReply"]["items"][0]["action"]["text"] == "เรื่องใหม่"


def test_reply_token_works_once_and_for_a_minute(peer: LinePeer) -> None:
    token = line_reply_token(CHAT)
    assert [outcome(send(peer.url, token=token)) for _ in range(2)] == ["sent", "token"]
    assert outcome(send(peer.url, token=line_reply_token(CHAT, age=61))) == "token"


def test_push_repeated_under_its_key_arrives_once(peer: LinePeer) -> None:
    key = str(uuid.uuid4())
    assert [outcome(send(peer.url, key=key)) for _ in range(2)] == ["sent", "sent"]
    (sent,) = peer.accepted
    assert (sent["kind"], sent["chat"], sent["retry_key"]) == ("push", CHAT, key)


def test_monthly_limit_is_told_from_the_rate_limit(peer: LinePeer) -> None:
    peer.script(quota=1)
    assert [outcome(send(peer.url)) for _ in range(2)] == ["sent", "quota"]
    peer.script(
        fail=[
            {
                "status": 429,
                "body": {"message": "The API rate limit has been exceeded. Try again later."},
                "headers": {"Retry-After": "7"},
            }
        ]
    )
    failed = send(peer.url)
    assert failed is not None
    assert (failed.failure, failed.retry_after) == ("again", 7.0)


@pytest.mark.parametrize(
    ("status", "push", "reply"),
    [
        (500, "again", "unsure"),
        (503, "again", "unsure"),
        (400, "never", "never"),
        (401, "never", "never"),
        (403, "never", "never"),
        (409, "sent", "never"),
        (413, "never", "never"),
    ],
)
def test_status_is_translated(peer: LinePeer, status: int, push: str, reply: str) -> None:
    peer.script(fail=[{"status": status, "times": 2}])
    assert outcome(send(peer.url)) == push
    assert outcome(send(peer.url, token=line_reply_token())) == reply
    assert not peer.accepted


@pytest.mark.parametrize("body", ["", "<html>", "[]", '{"sentMessages": "?"}', "\udcff"])
def test_unreadable_success_is_success_and_unreadable_failure_is_failure(peer: LinePeer, body: str) -> None:
    told = {"path": "push", "body": body.encode("utf-8", "replace").decode()}
    peer.script(fail=[{**told, "status": 200}, {**told, "status": 500}])
    assert [outcome(send(peer.url)) for _ in range(2)] == ["sent", "again"]


def test_answer_in_other_letters_keeps_its_status() -> None:
    answer = "HTTP/1.1 {} X\r\nContent-Length: 1\r\nConnection: close\r\n\r\n"
    for status, expected in (("200 OK", "sent"), ("502 Bad Gateway", "again")):
        with RawServer(answer.format(status).encode() + b"\xff") as url:
            assert outcome(send(url)) == expected


def test_lost_connections_are_unsure_and_refused_ones_are_not_sent(peer: LinePeer) -> None:
    peer.script(drop={"times": 2, "accepted": True})
    assert outcome(send(peer.url, token=line_reply_token(CHAT))) == "unsure"
    assert outcome(send(peer.url)) == "unsure"
    assert [sent["kind"] for sent in peer.accepted] == ["reply", "push"]
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    assert outcome(send(f"http://127.0.0.1:{port}")) == "again"


def test_silence_is_unsure(peer: LinePeer) -> None:
    peer.script(delay=0.4)
    assert outcome(send(peer.url, timeout=0.1)) == "unsure"


def test_wrong_access_token_is_hopeless_and_not_told(peer: LinePeer) -> None:
    failed = send(peer.url, access="stolen-token")
    assert failed is not None
    assert failed.failure == "never"
    assert "stolen-token" not in str(failed)
    assert CHAT not in str(failed)


def test_one_call_a_parcel(peer: LinePeer) -> None:
    card = Card("รับเรื่องแล้ว", (Row("เลขที่", "ชร-48271"),), "receipt")
    assert outcome(send(peer.url, replies=(HELLO, Reply("ชร-48271", card=card), HELLO))) == "sent"
    assert peer.calls == ["/v2/bot/message/push"]
    assert [message["type"] for message in peer.accepted[0]["messages"]] == ["text", "flex", "text"]


def test_media(peer: LinePeer) -> None:
    data = base64.b64encode(b"\xff\xd8\xff picture").decode()
    peer.script(content={"1": {"status": 202, "data": data}, "2": {"status": 500}, "3": {"status": 410, "times": 9}})
    assert fetch(peer.url, "1") is True
    assert fetch(peer.url, "1") == (b"\xff\xd8\xff picture", "image/jpeg")
    assert fetch(peer.url, "2") is True
    assert fetch(peer.url, "3") is False
    assert fetch(peer.url, "unknown/../id") is False
    peer.script(drop={"times": 2})  # the HTTP client itself asks a second time
    assert fetch(peer.url, "1") is True
    assert fetch("http://127.0.0.1:1", "1") is True


def test_media_over_twenty_megabytes_is_left(peer: LinePeer) -> None:
    peer.script(content={"big": {"data": base64.b64encode(bytes(20_100_000)).decode()}})
    assert fetch(peer.url, "big") is False


def test_quota_is_read_from_line(peer: LinePeer) -> None:
    async def run() -> tuple[int | None, int]:
        async with opened(peer.url) as channel:
            return await channel.quota()

    assert asyncio.run(run()) == (None, 0)
    peer.script(quota=300)
    send(peer.url)
    assert asyncio.run(run()) == (300, 1)


def test_peer_tells_another_process_what_it_took(peer: LinePeer) -> None:
    told = urllib.request.Request(peer.url + "/_script", json.dumps({"quota": 0}).encode(), method="POST")  # noqa: S310
    urllib.request.urlopen(told).close()  # noqa: S310
    assert outcome(send(peer.url)) == "quota"
    with urllib.request.urlopen(peer.url + "/_log") as log:  # noqa: S310
        assert json.load(log) == {"accepted": [], "calls": ["/v2/bot/message/push"]}


class RawServer:
    """Answers every connection with the same bytes, be they HTTP or not."""

    def __init__(self, answer: bytes) -> None:
        self._answer = answer

    def __enter__(self) -> str:
        import threading  # noqa: PLC0415

        self._listener = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._serve, daemon=True).start()
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def __exit__(self, *_: Any) -> None:
        self._listener.close()

    def _serve(self) -> None:
        connection, _ = self._listener.accept()
        with connection:
            connection.settimeout(0.3)
            try:
                while connection.recv(65_536):
                    pass
            except TimeoutError:
                connection.sendall(self._answer)
