"""What twenty people say in a group within an hour, as LINE and Telegram send it: nearly all of it is not for us."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.peers import BOT_NAME, TELEGRAM_TOKEN

PEOPLE = 20
LINE_GROUP, TELEGRAM_GROUP = "C" + "8e0a" * 8, -1001987654321
BOT_ID = int(TELEGRAM_TOKEN.partition(":")[0])
BEGAN = 1_795_572_000  # Unix time of the tests' Wednesday morning
GOSSIP = "ความลับของบ้านข้าง ๆ"  # what nobody may find with us
NAME = "บ้านห้วยขม"
WATER = "น้ำประปาไม่ไหลมาสามวันแล้ว ต.แม่ยาว อ.เมืองเชียงราย"
BEATEN = "ผัวตบตีทุกคืน กลัวมาก"
Said = tuple[dict[str, Any], bool]


def line_talk(count: int) -> Iterator[Said]:
    """Events of LINE, each with whether it is meant for us."""
    chatter: list[dict[str, Any]] = [
        {"type": "text", "text": GOSSIP},
        {"type": "sticker", "stickerId": "1", "packageId": "1", "stickerResourceType": "STATIC"},
        {"type": "image", "contentProvider": {"type": "line"}},
        {"type": "image", "contentProvider": {"type": "line"}, "imageSet": {"id": "A1", "index": 1, "total": 2}},
        {"type": "audio", "duration": 1000, "contentProvider": {"type": "line"}},
        {"type": "file", "fileName": f"{GOSSIP}.pdf", "fileSize": 100},
        {"type": "location", "title": GOSSIP, "address": "x", "latitude": 19.9, "longitude": 99.8},
        {"type": "text", "text": f"@สม {GOSSIP}", "mention": {"mentionees": [_mentionee(0, 3, own=False)]}},
        {
            "type": "text",
            "text": f"@All {GOSSIP}",
            "mention": {"mentionees": [{"index": 0, "length": 4, "type": "all"}]},
        },
        {"type": "text", "text": GOSSIP, "quotedMessageId": "m1"},
    ]
    for n in range(count):
        yield _line_event(n, {"message": {"id": f"m{n}", "quoteToken": "q", **chatter[n % len(chatter)]}}), False
    yield _line_event(count, {"type": "memberJoined", "joined": {"members": [{"type": "user", "userId": "U1"}]}}), False
    for n, text in ((count + 1, WATER), (count + 2, BEATEN)):
        said = {"type": "text", "text": f"@บอต {text}", "mention": {"mentionees": [_mentionee(0, 4, own=True)]}}
        yield _line_event(n, {"message": {"id": f"m{n}", "quoteToken": "q", **said}}), True


def telegram_talk(count: int) -> Iterator[Said]:
    """Updates of Telegram, each with whether it is meant for us."""
    small = [{"file_id": "f", "file_unique_id": "u", "width": 9, "height": 9}]
    stranger = {"id": 909, "is_bot": False, "first_name": GOSSIP}
    us = {"id": BOT_ID, "is_bot": True, "first_name": "SanSiang", "username": BOT_NAME}
    sticker = {**small[0], "type": "regular", "is_animated": False, "is_video": False}
    poll = {"id": "p", "question": GOSSIP, "options": [], "total_voter_count": 0, "is_closed": False}
    before = {"message_id": 1, "date": BEGAN, "chat": _telegram_group(), "from": stranger, "text": GOSSIP}
    poll |= {"is_anonymous": True, "type": "regular", "allows_multiple_answers": False}
    chatter: list[dict[str, Any]] = [
        {"text": GOSSIP},
        {"sticker": sticker},
        {"photo": small, "caption": GOSSIP},
        {"photo": small, "media_group_id": "A1"},
        {"voice": {"file_id": "v", "file_unique_id": "v", "duration": 3}},
        {"location": {"latitude": 19.9, "longitude": 99.8}},
        {"text": GOSSIP, "reply_to_message": before},
        {"text": GOSSIP, "forward_origin": {"type": "user", "date": BEGAN, "sender_user": us}},
        {"new_chat_members": [stranger]},
        {"pinned_message": before},
        {"poll": poll},
        {"text": f"/help@OtherBot {GOSSIP}", "entities": [{"type": "bot_command", "offset": 0, "length": 14}]},
        {"text": f"@somchai {GOSSIP}", "entities": [{"type": "mention", "offset": 0, "length": 8}]},
        {"new_chat_title": GOSSIP},
    ]
    for n in range(count):
        kind = "edited_message" if n % 19 == 18 and "text" in chatter[n % len(chatter)] else "message"
        yield _update(n, chatter[n % len(chatter)], kind), False
    own = {"type": "mention", "offset": 0, "length": len(BOT_NAME) + 1}
    album = {"photo": small, "media_group_id": "A2"}
    yield _update(count, {**album, "caption": f"@{BOT_NAME} {WATER}", "caption_entities": [own]}), True
    yield _update(count + 1, album), False
    answer = {"reply_to_message": before, "quote": {"text": GOSSIP, "position": 0}}
    yield _update(count + 2, {"text": f"@{BOT_NAME} {BEATEN}", "entities": [own], **answer}), True


def _mentionee(index: int, length: int, *, own: bool) -> dict[str, Any]:
    return {"index": index, "length": length, "type": "user", "userId": "U" + "b" * 32, "isSelf": own}


def _line_event(n: int, more: dict[str, Any]) -> dict[str, Any]:
    source = {"type": "group", "groupId": LINE_GROUP, "userId": f"U{n % PEOPLE:032x}"}
    about = {"webhookEventId": f"01K{n:023d}", "deliveryContext": {"isRedelivery": False}, "mode": "active"}
    return {
        "type": "message",
        "timestamp": (BEGAN + n) * 1000,
        "source": source,
        "replyToken": f"t{n}",
        **about,
        **more,
    }


def _telegram_group() -> dict[str, Any]:
    return {"id": TELEGRAM_GROUP, "title": NAME, "type": "supergroup"}


def _update(n: int, message: dict[str, Any], kind: str = "message") -> dict[str, Any]:
    sender = {"id": 5000 + n % PEOPLE, "is_bot": False, "first_name": NAME, "language_code": "th"}
    edited = {"edit_date": BEGAN + n} if kind == "edited_message" else {}
    about = {"message_id": 100 + n, "date": BEGAN + n, "chat": _telegram_group(), "from": sender, **edited}
    return {"update_id": 700 + n, kind: {**about, **message}}
