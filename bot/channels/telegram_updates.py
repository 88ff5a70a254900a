"""Reading Telegram's updates: wrapping one as an envelope and understanding it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bot.channels.base import Envelope
from bot.channels.text import clean, cut_out, span
from handlers.messages import Incoming, IncomingKind, Media, Origin, Pin

if TYPE_CHECKING:
    import telegram

NAME = "telegram"
SAYS = "t:"  # callback data of a button that says words begins so: a tap is read as if they had been typed
MAX_MEDIUM_BYTES = 20_000_000  # getFile's limit
_GROUPS = ("group", "supergroup")
_START = re.compile(r"^/start(?:@\w+)?(?:\s+(\S+))?\s*$")
_OF_OTHERS = ("reply_to_message", "external_reply", "quote")
_PRESENT = ("creator", "administrator", "member", "restricted")
# Notes of Telegram itself in a private chat, said by nobody: https://core.telegram.org/bots/api#message
_SERVICE = (
    "pinned_message",
    "message_auto_delete_timer_changed",
    "chat_background_set",
    "write_access_allowed",
    "connected_website",
    "proximity_alert_triggered",
    "successful_payment",
    "refunded_payment",
    "users_shared",
    "chat_shared",
    "migrate_to_chat_id",
    "migrate_from_chat_id",
    "new_chat_members",
    "left_chat_member",
    "new_chat_title",
    "new_chat_photo",
    "delete_chat_photo",
    "group_chat_created",
    "supergroup_chat_created",
    "forum_topic_created",
    "forum_topic_edited",
    "forum_topic_closed",
    "forum_topic_reopened",
    "video_chat_scheduled",
    "video_chat_started",
    "video_chat_ended",
    "video_chat_participants_invited",
)


def envelope(update: dict[str, Any], bot_id: int, username: str) -> Envelope | None:
    """Wrap an update as it came; None for what a group says without addressing us.

    What others said that a group's message answers or quotes is left out.

    `username` is ours without the "@". An update of no chat is kept under its sender's id.
    """
    kind, body = next(((k, v) for k, v in update.items() if k != "update_id" and isinstance(v, dict)), ("", {}))
    message = body.get("message", {}) if kind == "callback_query" else body
    chat = message.get("chat") if isinstance(message, dict) else None
    if not isinstance(chat, dict):
        chat = {}
    if chat and chat.get("type") != "private" and kind not in ("callback_query", "my_chat_member"):
        try:
            addressed = chat.get("type") in _GROUPS and _addressed(body, bot_id, username)
        except (AttributeError, TypeError, ValueError):
            addressed = False  # a shape unknown to us: what is not surely meant for us is not kept
        if not addressed:
            return None
        update = {**update, kind: _without_others(body, bot_id)}
    place = chat.get("id", _part(body, "from").get("id", ""))
    said = kind in ("message", "edited_message") and "message_id" in body
    return Envelope(
        channel=NAME,
        event_id=str(update.get("update_id", "")),
        chat=str(place),
        payload=_bytes(update),
        message_id=f"{place}:{body['message_id']}" if said else "",
    )


def read(payload: bytes, bot_id: int, username: str, now: datetime) -> Incoming | None:
    """Read one update; None for a kind that we do not know or have no use for.

    `now` (aware) is the time of a tap on a button, for which Telegram tells none.
    """
    import telegram  # noqa: PLC0415  # a third of a second
    from telegram.error import TelegramError  # noqa: PLC0415

    try:
        update = telegram.Update.de_json(json.loads(payload), None)
        if update.edited_message is not None:
            return _edit(update, update.edited_message, bot_id, username)
        if update.message is not None:
            return _message(update, update.message, bot_id, username)
        if update.callback_query is not None:
            return _tap(update, update.callback_query, now)
        if update.my_chat_member is not None:
            return _membership(update, update.my_chat_member)
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, OSError, TelegramError):
        return None  # a shape that the library does not know
    return None


def callback_id(payload: bytes) -> str:
    """The id under which a tap wants to be acknowledged, '' where the update is no tap."""
    try:
        return str(json.loads(payload)["callback_query"]["id"])
    except (ValueError, KeyError, TypeError):
        return ""


def said_in_group(payload: bytes) -> tuple[int, int] | None:
    """Chat and message id of what was said to us in a group; None for everything else."""
    try:
        message = json.loads(payload)["message"]
        if message["chat"]["type"] not in _GROUPS or any(message.get(name) for name in _SERVICE):
            return None
        return int(message["chat"]["id"]), int(message["message_id"])
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _addressed(message: dict[str, Any], bot_id: int, username: str) -> bool:
    if _part(_part(message, "reply_to_message"), "from").get("id") == bot_id:
        return True
    text = message.get("text") or message.get("caption") or ""
    for entity in message.get("entities") or message.get("caption_entities") or ():
        said = span(text, entity.get("offset", 0), entity.get("length", 0))
        if entity.get("type") == "text_mention" and _part(entity, "user").get("id") == bot_id:
            return True
        if entity.get("type") == "mention" and _is_us(said, username):
            return True
        # A bare command reaches us in a group only when we were the last bot to speak there.
        if entity.get("type") == "bot_command" and ("@" not in said or _is_us(said[said.index("@") :], username)):
            return True
    return False


def _without_others(message: dict[str, Any], bot_id: int) -> dict[str, Any]:
    """A group's message without what it answers or quotes, unless that is ours: others said that, and not to us."""
    if _part(_part(message, "reply_to_message"), "from").get("id") == bot_id:
        return message
    return {name: value for name, value in message.items() if name not in _OF_OTHERS}


def _is_us(mention: str, username: str) -> bool:
    return bool(username) and mention.casefold() == f"@{username}".casefold()


def _message(update: telegram.Update, message: telegram.Message, bot_id: int, username: str) -> Incoming | None:
    if any(getattr(message, name, None) for name in _SERVICE):
        return None
    text = _words(message, bot_id, username)
    read = replace(_frame(update, message, "message"), text=text, media=_media(message), pin=_pin(message))
    read = replace(read, sticker=message.sticker is not None, origin=_origin(message))
    if message.contact is not None and not text:
        return replace(read, text=message.contact.phone_number)  # a number instead of words
    start = _START.match(text)
    if start is None:
        return read
    if start[1]:
        return replace(read, text=start[1])  # a deep link's payload: an invitation or a code
    return read if read.group else replace(read, kind="follow", text="")


def _edit(update: telegram.Update, message: telegram.Message, bot_id: int, username: str) -> Incoming | None:
    if message.location is not None:
        return None  # a live location moves by edits; its words have not changed
    frame = _frame(update, message, "edit")
    return replace(frame, text=_words(message, bot_id, username), target=frame.message_id)


def _tap(update: telegram.Update, query: telegram.CallbackQuery, now: datetime) -> Incoming | None:
    data = query.data
    if data is None or query.message is None:
        return None
    chat = query.message.chat
    says = data.startswith(SAYS)
    return Incoming(
        channel=NAME,
        event_id=str(update.update_id),
        chat=str(chat.id),
        user=str(query.from_user.id),
        kind="message" if says else "postback",
        at=now,
        text=data.removeprefix(SAYS) if says else "",
        postback="" if says else data,
        group=chat.type in _GROUPS,
        language=query.from_user.language_code or "",
    )


def _membership(update: telegram.Update, changed: telegram.ChatMemberUpdated) -> Incoming | None:
    was, now = changed.old_chat_member.status in _PRESENT, changed.new_chat_member.status in _PRESENT
    group = changed.chat.type in _GROUPS
    if was == now or not (group or changed.chat.type == "private"):
        return None  # a change of rights, or a broadcast channel
    kinds: tuple[IncomingKind, IncomingKind] = ("leave", "join") if group else ("unfollow", "follow")
    return Incoming(
        channel=NAME,
        event_id=str(update.update_id),
        chat=str(changed.chat.id),
        user=str(changed.from_user.id),
        kind=kinds[now],
        at=changed.date,
        group=group,
        language=changed.from_user.language_code or "",
    )


def _frame(update: telegram.Update, message: telegram.Message, kind: IncomingKind) -> Incoming:
    sender = message.from_user
    return Incoming(
        channel=NAME,
        event_id=str(update.update_id),
        chat=str(message.chat.id),
        user=str(sender.id) if sender else "",
        kind=kind,
        at=(message.edit_date or message.date) if kind == "edit" else message.date,
        message_id=f"{message.chat.id}:{message.message_id}",
        quotes=f"{message.chat.id}:{message.reply_to_message.message_id}" if message.reply_to_message else "",
        group=message.chat.type in _GROUPS,
        language=(sender.language_code if sender else "") or "",
    )


def _words(message: telegram.Message, bot_id: int, username: str) -> str:
    text = message.text or message.caption or ""
    group = message.chat.type in _GROUPS
    ours: list[tuple[int, int]] = []
    for entity in message.entities or message.caption_entities:
        said = span(text, entity.offset, entity.length)
        by_id = entity.type == "text_mention" and entity.user is not None and entity.user.id == bot_id
        if group and (by_id or (entity.type == "mention" and _is_us(said, username))):
            ours.append((entity.offset, entity.length))
        elif entity.type == "bot_command" and _is_us(said[len(said.partition("@")[0]) :], username):
            ours.append((entity.offset + said.index("@"), entity.length - said.index("@")))
    return clean(cut_out(text, ours)) if ours else clean(text)


def _media(message: telegram.Message) -> tuple[Media, ...]:
    album = message.media_group_id or ""
    place = message.message_id if album else 0  # an album's messages are numbered in its order
    if message.photo:
        fitting = [size for size in message.photo if (size.file_size or 0) <= MAX_MEDIUM_BYTES] or message.photo
        largest = max(fitting, key=lambda size: size.width * size.height)
        return (Media("photo", largest.file_id, "", album, place),)
    if message.voice is not None:
        return (Media("voice", message.voice.file_id, "", album, place),)
    if message.audio is not None:
        return (Media("voice", message.audio.file_id, clean(message.audio.file_name or ""), album, place),)
    if message.video is not None:
        return (Media("video", message.video.file_id, clean(message.video.file_name or ""), album, place),)
    if message.video_note is not None:
        return (Media("video", message.video_note.file_id, "", album, place),)
    if message.document is not None:
        return (Media("file", message.document.file_id, clean(message.document.file_name or ""), album, place),)
    return ()


def _pin(message: telegram.Message) -> Pin | None:
    venue = message.venue
    at = venue.location if venue else message.location
    if at is None:
        return None
    label = ", ".join(part for part in (venue.title, venue.address) if part) if venue else ""
    return Pin(at.latitude, at.longitude, clean(label), at.horizontal_accuracy)


def _origin(message: telegram.Message) -> Origin | None:
    origin = message.forward_origin
    if origin is None:
        return None
    name = ""
    if (user := getattr(origin, "sender_user", None)) is not None:
        name = user.full_name
    elif (hidden := getattr(origin, "sender_user_name", None)) is not None:
        name = hidden
    elif (chat := getattr(origin, "sender_chat", None) or getattr(origin, "chat", None)) is not None:
        name = chat.title or chat.full_name or ""
    return Origin(clean(name), origin.date)


def _part(body: dict[str, Any], name: str) -> dict[str, Any]:
    value = body.get(name)
    return value if isinstance(value, dict) else {}


def _bytes(update: dict[str, Any]) -> bytes:
    try:
        return json.dumps(update, ensure_ascii=False, separators=(",", ":")).encode()
    except UnicodeEncodeError:  # half a surrogate pair: only an escape can carry it
        return json.dumps(update, separators=(",", ":")).encode()
