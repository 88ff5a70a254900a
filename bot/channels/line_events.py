"""Reading LINE's webhook events: cutting a request's events into envelopes and understanding one of them."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.channels.base import Envelope
from bot.channels.text import clean, cut_out
from handlers.messages import Incoming, IncomingKind, Media, MediaKind, Pin

NAME = "line"
_KINDS: dict[str, IncomingKind] = {
    "message": "message",
    "messageEdited": "edit",
    "postback": "postback",
    "follow": "follow",
    "unfollow": "unfollow",
    "join": "join",
    "leave": "leave",
    "unsend": "unsend",
}
# What a group says to us without a mention, because it can only be meant for us or holds no words.
_GROUP_ALWAYS = frozenset({"postback", "join", "leave", "unsend"})
_MEDIA: dict[str, MediaKind] = {"image": "photo", "audio": "voice", "video": "video", "file": "file"}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def envelope(event: Any) -> Envelope | None:
    """Wrap one event of a webhook body as it came; None for what a group says without addressing us.

    No model is built here: LINE waits two seconds for the whole request.
    """
    if not isinstance(event, dict):
        event = {"type": "", "value": event}
    source = _part(event, "source")
    if source.get("type") in ("group", "room") and not _addressed(event):
        return None
    return Envelope(
        channel=NAME,
        event_id=event_id(event),
        chat=_chat(source),
        payload=_bytes(event),
        message_id=_string(_part(event, "message").get("id")),
    )


def event_id(event: dict[str, Any]) -> str:
    """The event's ULID; without one a hash of the event that its redelivery shares."""
    given = event.get("webhookEventId")
    if isinstance(given, str) and given and _is_text(given):
        return given
    same = {key: value for key, value in event.items() if key != "deliveryContext"}
    return "sha256:" + hashlib.sha256(json.dumps(same, sort_keys=True).encode()).hexdigest()


def read(payload: bytes) -> Incoming | None:
    """Read one event with the SDK's models; None for a type without a use for us, and for a module's stand-by events.

    A message whose content the SDK does not know (a new type, a new kind of sticker) still becomes a message,
    with the text it has, if any: a person wrote it and waits for an answer.
    """
    try:
        event = json.loads(payload)
    except ValueError:
        return None
    kind = _KINDS.get(str(event.get("type"))) if isinstance(event, dict) else None
    at = _time(event.get("timestamp")) if kind else None
    if kind is None or at is None or event.get("mode") == "standby":
        return None
    source = _part(event, "source")
    chat = _chat(source)
    if not chat:
        return None
    message_id = _string(_part(event, "message").get("id"))
    model = _model(event)
    content = _content(model.message) if getattr(model, "message", None) else _salvaged(_part(event, "message"))
    return Incoming(
        channel=NAME,
        event_id=event_id(event),
        chat=chat,
        user=_string(source.get("userId")),
        kind=kind,
        at=at,
        text=content.get("text", ""),
        postback=_string(_part(event, "postback").get("data")),
        pin=content.get("pin"),
        media=content.get("media", ()),
        sticker=content.get("sticker", False),
        message_id=message_id,
        quotes=_string(_part(event, "message").get("quotedMessageId")),
        target=message_id if kind == "edit" else _string(_part(event, "unsend").get("messageId")),
        group=source.get("type") in ("group", "room"),
        reply_token=_string(event.get("replyToken")),
    )


def _addressed(event: dict[str, Any]) -> bool:
    if event.get("type") in _GROUP_ALWAYS:
        return True
    mentionees = _part(_part(event, "message"), "mention").get("mentionees")
    return isinstance(mentionees, list) and any(
        isinstance(mentionee, dict) and mentionee.get("isSelf") is True for mentionee in mentionees
    )


def _model(event: dict[str, Any]) -> Any:
    """Build the SDK's event, or None where its models refuse this one."""
    from linebot.v3.webhooks import Event  # type: ignore[import-untyped]  # noqa: PLC0415  # half a second

    complete = {
        "mode": "active",
        "deliveryContext": {"isRedelivery": False},
        **event,
        "webhookEventId": event_id(event),
    }
    try:
        return Event.from_dict(complete)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _content(message: Any) -> dict[str, Any]:
    if message.type == "text":
        mentionees = message.mention.mentionees if message.mention else []
        ours = [(m.index, m.length) for m in mentionees if getattr(m, "is_self", None)]
        return {"text": clean(cut_out(message.text, ours) if ours else message.text)}
    if message.type in _MEDIA:
        provider = getattr(message, "content_provider", None)
        if provider is not None and provider.type == "external":
            return {}  # it lies on a stranger's server, which we do not call
        album = getattr(message, "image_set", None)
        medium = Media(
            kind=_MEDIA[message.type],
            ref=message.id,
            name=clean(getattr(message, "file_name", "") or ""),
            album=album.id if album else "",
            position=(album.index or 0) if album else 0,
        )
        return {"media": (medium,)}
    if message.type == "location":
        label = ", ".join(part for part in (message.title, message.address) if part)
        return {"pin": Pin(float(message.latitude), float(message.longitude), clean(label))}
    if message.type == "sticker":
        return {"sticker": True, "text": clean(message.text or "")}
    return {}


def _salvaged(message: dict[str, Any]) -> dict[str, Any]:
    return {"text": clean(_string(message.get("text"))), "sticker": message.get("type") == "sticker"}


def _chat(source: dict[str, Any]) -> str:
    return _string(source.get("groupId")) or _string(source.get("roomId")) or _string(source.get("userId"))


def _part(event: dict[str, Any], name: str) -> dict[str, Any]:
    value = event.get(name)
    return value if isinstance(value, dict) else {}


def _string(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _is_text(value: str) -> bool:
    """Whether a database can keep it: half a surrogate pair it cannot."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _time(milliseconds: Any) -> datetime | None:
    if not isinstance(milliseconds, int):
        return None
    try:
        return _EPOCH + timedelta(milliseconds=milliseconds)
    except OverflowError:
        return None


def _bytes(event: dict[str, Any]) -> bytes:
    try:
        return json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()
    except UnicodeEncodeError:  # half a surrogate pair: only an escape can carry it
        return json.dumps(event, separators=(",", ":")).encode()
