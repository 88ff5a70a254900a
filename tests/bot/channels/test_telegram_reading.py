"""Telegram's updates, as Telegram sends them, at the channel's door and read."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels import telegram_updates
from bot.channels.base import Refused
from bot.channels.telegram import TelegramChannel
from handlers.messages import Incoming, Media, Origin, Pin
from tests.peers import BOT_NAME, TELEGRAM_TOKEN, telegram_webhook

PAYLOADS = Path(__file__).parents[2] / "payloads" / "telegram"
NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
BOT_ID = int(TELEGRAM_TOKEN.partition(":")[0])
SECRET = "a-webhook-secret"
USER = "77001"
GROUP = {"chat": "-1001987654321", "group": True}
UNHEARD = "never kept"

# What of an Incoming differs from a plain private message; times and message ids are checked apart.
EXPECTED: dict[str, dict[str, Any] | str | None] = {
    "text": {"text": "ขยะล้นถังหน้าตลาดสดค่ะ"},
    "start": {"kind": "follow"},
    "start_payload": {"text": "inv-7QK2-M4PA"},
    "command": {"text": "/help"},
    "photo_caption": {"text": "สะพานขาด", "media": (Media("photo", "AgAC-big"),)},
    "album_first": {"text": "ถนนพังสามจุด", "media": (Media("photo", "AgAC-big", album="13579", position=406),)},
    "album_second": {"media": (Media("photo", "AgAC-big", album="13579", position=407),)},
    "voice": {"media": (Media("voice", "AwAC-v"),)},
    "audio": {"media": (Media("voice", "CQAC-a", name="เวที.m4a"),)},
    "video": {"media": (Media("video", "BAAC-v", name="น้ำ.mp4"),)},
    "video_note": {"media": (Media("video", "DQAC-n"),)},
    "document": {"text": "บันทึกเวทีเมื่อวาน", "media": (Media("file", "BQAC-d", name="บันทึกเวที.docx"),)},
    "location": {"pin": Pin(19.9732, 99.7521, accuracy=64)},
    "venue": {"pin": Pin(19.9, 99.8, "รพ.สต. แม่ยาว, หมู่ 3")},
    "sticker": {"sticker": True},
    "contact": {"text": "+66812345678"},
    "dice": {},
    "pinned": None,
    "callback": {"kind": "postback", "postback": "rep.show:17.c2ln"},
    "callback_says": {"text": "เรื่องใหม่"},
    "blocked": {"kind": "unfollow"},
    "unblocked": {"kind": "follow"},
    "group_join": {"kind": "join", **GROUP},
    "group_leave": {"kind": "leave", **GROUP},
    "group_promoted": None,
    "edited": {"kind": "edit", "text": "ขยะล้นถังหน้าตลาดสดมาสามวันแล้วค่ะ", "target": "77001:401"},
    "edited_live_location": None,
    "forward_user": {"text": "บ่อน้ำแห้ง", "origin": Origin("ลุงคำ ปันแก้ว", datetime.fromtimestamp(1763600000, UTC))},
    "forward_hidden": {"text": "บ่อน้ำแห้ง", "origin": Origin("ป้าจัน", datetime.fromtimestamp(1763600001, UTC))},
    "forward_chat": {"text": "บ่อน้ำแห้ง", "origin": Origin("กลุ่มหมู่ 3", datetime.fromtimestamp(1763600002, UTC))},
    "forward_channel": {"text": "ประกาศ", "origin": Origin("ข่าวตำบล", datetime.fromtimestamp(1763600003, UTC))},
    "group_mention": {"text": "🙏 น้ำประปาไม่ไหล", **GROUP},
    "group_caption_mention": {"text": "ถนนพัง", "media": (Media("photo", "AgAC-big"),), **GROUP},
    "group_reply": {"text": "ที่บ้านห้วยขมค่ะ", "quotes": "-1001987654321:398", **GROUP},
    "group_command": {"text": "/status", **GROUP},
    "group_other_command": UNHEARD,
    "group_talk": UNHEARD,
    "group_reply_other": UNHEARD,
    "group_callback": {"kind": "postback", "postback": "forum.end:3.c2ln", **GROUP},
    "inline_query": None,
    "future": None,
}


def update_of(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((PAYLOADS / f"{name}.json").read_text(encoding="utf-8"))
    return loaded


def test_every_payload_is_expected() -> None:
    assert {path.stem for path in PAYLOADS.glob("*.json")} == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_payload_reads_as_expected(name: str) -> None:
    update, expected = update_of(name), EXPECTED[name]
    envelope = telegram_updates.envelope(update, BOT_ID, BOT_NAME)
    if expected == UNHEARD:
        assert envelope is None
        return
    assert envelope is not None
    assert envelope.event_id == str(update["update_id"])
    assert json.loads(envelope.payload) == update
    read = telegram_updates.read(envelope.payload, BOT_ID, BOT_NAME, NOW)
    if not isinstance(expected, dict):
        assert read is None
        return
    plain = Incoming("telegram", envelope.event_id, USER, USER, "message", NOW, language="th")
    assert read is not None
    assert replace(read, at=NOW, message_id="") == replace(plain, **expected)
    assert (envelope.channel, envelope.chat, envelope.message_id) == ("telegram", read.chat, read.message_id)
    said = update.get("message") or update.get("edited_message")
    assert read.message_id == (f"{read.chat}:{said['message_id']}" if said else "")
    told = said or update.get("my_chat_member")
    assert read.at == (datetime.fromtimestamp(told.get("edit_date", told["date"]), UTC) if told else NOW)


def test_update_of_no_chat_is_kept_under_its_sender() -> None:
    envelope = telegram_updates.envelope(update_of("inline_query"), BOT_ID, BOT_NAME)
    assert envelope is not None
    assert (envelope.chat, envelope.message_id) == (USER, "")


def test_picture_over_what_can_be_fetched_is_read_in_a_smaller_size() -> None:
    update = update_of("photo_caption")
    update["message"]["photo"][1]["file_size"] = 21_000_000
    read = telegram_updates.read(json.dumps(update).encode(), BOT_ID, BOT_NAME, NOW)
    assert read is not None
    assert read.media == (Media("photo", "AgAC-mid"),)


def channel(secret: str = SECRET) -> TelegramChannel:
    return TelegramChannel(token=TELEGRAM_TOKEN, webhook_secret=secret, clock=lambda: NOW)


def test_webhook_with_the_secret_is_taken() -> None:
    (envelope,) = channel().accept(*telegram_webhook(update_of("text"), SECRET))
    assert (envelope.chat, envelope.message_id) == ("77001", "77001:401")


@pytest.mark.parametrize(
    ("configured", "headers"),
    [
        (SECRET, {}),
        (SECRET, {"x-telegram-bot-api-secret-token": "wrong"}),
        ("", {"x-telegram-bot-api-secret-token": ""}),
    ],
)
def test_webhook_without_the_secret_is_refused(configured: str, headers: dict[str, str]) -> None:
    _, body = telegram_webhook(update_of("text"), SECRET)
    with pytest.raises(Refused) as refused:
        channel(configured).accept(headers, body)
    assert refused.value.status == 401


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"{}", b'{"update_id": "x"}', b"[" * 100_000, b"\xff"])
def test_nonsense_is_refused(body: bytes) -> None:
    with pytest.raises(Refused) as refused:
        channel().accept({"x-telegram-bot-api-secret-token": SECRET}, body)
    assert refused.value.status == 400


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(
    name=st.sampled_from(["text", "group_mention", "callback", "blocked", "photo_caption", "forward_user"]),
    part=st.sampled_from(["chat", "from", "text", "photo", "entities", "date", "message", "forward_origin", "data"]),
    value=json_values,
)
def test_no_update_however_odd_breaks_the_door_or_the_reader(name: str, part: str, value: object) -> None:
    update = update_of(name)
    body = next(inner for inner in update.values() if isinstance(inner, dict))
    body[part] = value
    for envelope in channel().accept(*telegram_webhook(update, SECRET)):
        channel().read(envelope.payload)
    for envelope in channel().accept(*telegram_webhook({"update_id": 1, "message": value}, SECRET)):
        channel().read(envelope.payload)
