"""LINE's webhook bodies, as LINE sends them, at the channel's door and read."""

import json
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.base import Refused
from bot.channels.line import LineChannel
from handlers.messages import Incoming, Media, Pin
from tests.openapi import faults
from tests.peers import LINE_SECRET, LINE_TOKEN, line_signed, line_webhook

PAYLOADS = Path(__file__).parents[2] / "payloads" / "line"
USER = "U4af4980629f1c0b7e2d3a6b5c8d9e0f1"
MEMBER = "U9b1e77d20c4f4e6a8a3d5c2b1a0f9e8d"
GROUP = "C8e0a5d1f3b7c49e2a6d4f8b0c1e3a5d7"
ROOM = "R1a2b3c4d5e6f708192a3b4c5d6e7f809"
ALBUM = "F3AA2BD1C0E94E7C9B5D6A7F8E9D0C1B"

# What of an Incoming differs from a plain private message; message ids are checked apart.
EXPECTED: dict[str, list[dict[str, Any] | None]] = {
    "empty": [],
    "text": [{"text": "น้ำท่วมถนนหน้าโรงเรียนบ้านห้วยขม หมู่ 3 ค่ะ 🙏"}],
    "text_redelivered": [{"text": "ไฟทางดับทั้งซอยครับ"}],
    "text_emoji_quote": [{"text": "ขอบคุณนะคะ (love)", "quotes": "581000770011"}],
    "image": [{"media": (Media("photo", "58200077001122"),)}],
    "image_album": [{"media": (Media("photo", f"58200{n}77001122", album=ALBUM, position=n),)} for n in (2, 1, 3)],
    "image_external": [{}],
    "audio": [{"media": (Media("voice", "583000770011"),)}],
    "video": [{"media": (Media("video", "583001770011"),)}],
    "file": [{"media": (Media("file", "583002770011", name="สรุปเวที.pdf"),)}],
    "location": [{"pin": Pin(19.9732, 99.7521, "ศาลาหมู่ 3, ต.แม่ยาว อ.เมืองเชียงราย จ.เชียงราย")}],
    "location_bare": [{"pin": Pin(20.0, 99.5)}],
    "sticker": [{"sticker": True}],
    "sticker_message": [{"sticker": True, "text": "ช่วยด้วย"}],
    "sticker_future": [{"sticker": True}],
    "postback": [{"kind": "postback", "postback": "rep.show:17.c2lnbmF0dXJl"}],
    "postback_params": [{"kind": "postback", "postback": "when"}],
    "follow": [{"kind": "follow"}],
    "unfollow": [{"kind": "unfollow"}],
    "join": [{"kind": "join", "chat": GROUP, "user": "", "group": True}],
    "leave": [{"kind": "leave", "chat": GROUP, "user": "", "group": True}],
    "unsend": [{"kind": "unsend", "target": "325708"}],
    "unsend_group": [{"kind": "unsend", "target": "325709", "chat": GROUP, "user": MEMBER, "group": True}],
    "group_mention": [{"text": "🙏 น้ำประปาไม่ไหลมาสามวันแล้ว", "chat": GROUP, "user": MEMBER, "group": True}],
    "room_mention_two": [{"text": "@ผู้ใหญ่สม ฝากดูถนนด้วย", "chat": ROOM, "user": MEMBER, "group": True}],
    "group_mention_all": [],
    "group_talk": [],
    "group_postback": [
        {"kind": "postback", "postback": "forum.end:3.c2ln", "chat": GROUP, "user": MEMBER, "group": True}
    ],
    "group_members": [],
    "edited": [
        {
            "kind": "edit",
            "target": "581050770011",
            "text": "น้ำประปาไม่ไหลมาสี่วันแล้ว",
            "chat": GROUP,
            "user": MEMBER,
            "group": True,
        }
    ],
    "edited_talk": [],
    "standby": [None],
    "unused": [None] * 6,
    "future": [None, {"text": "ข้อความในรูปแบบใหม่"}],
    "no_event_id": [{"text": "ไม่มีเลขเหตุการณ์"}],
    "broken_letters": [{"text": "ครึ่งตัว � ค่ะ"}],
}


@pytest.fixture
def channel() -> LineChannel:
    return LineChannel(channel_secret=LINE_SECRET, access_token=LINE_TOKEN)


def body_of(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((PAYLOADS / f"{name}.json").read_text(encoding="utf-8"))
    return loaded


def test_every_payload_is_expected() -> None:
    assert {path.stem for path in PAYLOADS.glob("*.json")} == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_payload_reads_as_expected(channel: LineChannel, name: str) -> None:
    body = (PAYLOADS / f"{name}.json").read_bytes()
    envelopes = channel.accept(line_signed(body), body)
    assert len(envelopes) == len(EXPECTED[name])
    for envelope, expected in zip(envelopes, EXPECTED[name], strict=True):
        read = channel.read(envelope.payload)
        if expected is None:
            assert read is None
            continue
        event = json.loads(envelope.payload)
        plain = Incoming("line", envelope.event_id, USER, USER, "message", datetime.now(UTC))
        assert read is not None
        assert replace(read, at=plain.at, message_id="", reply_token="") == replace(plain, **expected)
        assert read.at == datetime.fromtimestamp(event["timestamp"] / 1000, UTC)
        assert read.message_id == envelope.message_id == event.get("message", {}).get("id", "")
        assert read.reply_token == event.get("replyToken", "")
        assert (envelope.channel, envelope.chat) == ("line", read.chat)


def test_event_id_is_the_platforms_own_or_survives_redelivery(channel: LineChannel) -> None:
    (text,) = body_of("text")["events"]
    assert [e.event_id for e in channel.accept(*line_webhook([text]))] == [text["webhookEventId"]]
    (bare,) = body_of("no_event_id")["events"]
    again = {**bare, "deliveryContext": {"isRedelivery": True}}
    other = {**bare, "timestamp": bare["timestamp"] + 1}
    first, second, third = channel.accept(*line_webhook([bare, again, other]))
    assert first.event_id == second.event_id != third.event_id
    assert len(first.event_id) > 20


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (lambda body: {}, 401),
        (lambda body: {"x-line-signature": ""}, 401),
        (lambda body: {"x-line-signature": "AAAA"}, 401),
        (lambda body: {"x-line-signature": "ลายเซ็น"}, 401),
        (lambda body: line_signed(body, "another secret"), 401),
        (lambda body: line_signed(body + b" "), 401),
    ],
)
def test_unsigned_or_forged_is_refused(
    channel: LineChannel, headers: Callable[[bytes], dict[str, str]], status: int
) -> None:
    _, body = line_webhook(body_of("text")["events"])
    with pytest.raises(Refused) as refused:
        channel.accept(headers(body), body)
    assert refused.value.status == status


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"{}", b'{"events": 1}', b"null", b"[" * 100_000])
def test_signed_nonsense_is_refused(channel: LineChannel, body: bytes) -> None:
    with pytest.raises(Refused) as refused:
        channel.accept(line_signed(body), body)
    assert refused.value.status == 400


def test_letters_outside_utf8_are_refused(channel: LineChannel) -> None:
    body = "ก".encode("tis-620")
    with pytest.raises(Refused) as refused:
        channel.accept(line_signed(body), body)
    assert refused.value.status == 401


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
PARTS = ("type", "source", "message", "timestamp", "mode", "webhookEventId", "replyToken", "unsend", "postback")


@given(
    kind=st.sampled_from(["message", "unsend", "postback", "follow"]), part=st.sampled_from(PARTS), value=json_values
)
def test_no_event_however_odd_breaks_the_door_or_the_reader(kind: str, part: str, value: object) -> None:
    channel = LineChannel(channel_secret=LINE_SECRET, access_token=LINE_TOKEN)
    (event,) = body_of("text")["events"]
    headers, body = line_webhook([{**event, "type": kind, part: value}, value])  # type: ignore[list-item]
    for envelope in channel.accept(headers, body):
        channel.read(envelope.payload)
    message = {**event["message"], "mention": value, "emojis": value, part: value}
    for envelope in channel.accept(*line_webhook([{**event, "message": message}])):
        read = channel.read(envelope.payload)
        assert read is None or read.text.encode() is not None


def test_what_is_no_json_reads_as_nothing(channel: LineChannel) -> None:
    assert channel.read(b"\xff") is None
    assert channel.read(b"[]") is None


# What the published interface does not hold: the future, what it has not yet (edits), and what is broken on purpose.
UNPUBLISHED = {"future", "sticker_future", "no_event_id", "edited", "edited_talk"}


@pytest.mark.skipif("SANSIANG_PEERS" not in os.environ, reason="SANSIANG_PEERS names no folder with interface files")
@pytest.mark.parametrize("name", sorted(set(EXPECTED)))
def test_payload_has_the_published_shape(name: str) -> None:
    yaml = pytest.importorskip("yaml")
    file = Path(os.environ["SANSIANG_PEERS"]) / "line" / "webhook.strict.yml"
    document = yaml.load(file.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    broken = list(faults(body_of(name), document["components"]["schemas"]["CallbackRequest"], document))
    assert bool(broken) == (name in UNPUBLISHED), broken
