"""The platforms' published limits as their servers check them, written apart from the channels that keep them."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import urlsplit

INPUT_OPTIONS = ("openKeyboard", "openVoice", "openRichMenu", "closeRichMenu")


def units(text: str) -> int:
    """UTF-16 code units."""
    return len(text.encode("utf-16-le")) // 2


def clusters(text: str) -> int:
    """Letters as people see them, near enough for Thai: no combining mark counts, nor sara am."""
    return bool(text.strip()) and max(1, _letters(text))


def _letters(text: str) -> int:
    return sum(unicodedata.category(letter) not in ("Mn", "Me", "Mc") and letter != "ำ" for letter in text)


def line_faults(messages: Any) -> list[str]:
    """Name what LINE refuses in a list of message objects."""
    if not isinstance(messages, list) or not 1 <= len(messages) <= 5:
        return ["messages"]
    return [f"messages[{n}].{fault}" for n, message in enumerate(messages) for fault in _line_message(message)]


def telegram_faults(method: str, asked: dict[str, str]) -> str:
    """Describe what Telegram refuses in a send method's parameters, '' where nothing."""
    text = unescape(re.sub(r"<[^>]*>", "", asked.get("text") or asked.get("caption") or ""))
    if method.lower() == "sendmessage" and not text.strip():
        return "message text is empty"
    if units(text) > (4096 if method.lower() == "sendmessage" else 1024):
        return "message is too long" if method.lower() == "sendmessage" else "message caption is too long"
    if re.search(r"<(?!/?(?:b|i|u|s|code|pre|a)\b)", asked.get("text", "")):
        return "can't parse entities: Unsupported start tag"
    keys = [key for line in json.loads(asked.get("reply_markup", "{}")).get("inline_keyboard", []) for key in line]
    if len(keys) > 100:
        return "reply markup is too long"
    for key in keys:
        if not 1 <= len(key.get("callback_data", "x").encode()) <= 64:
            return "BUTTON_DATA_INVALID"
        if "url" in key and (urlsplit(key["url"]).scheme not in ("http", "https", "tg") or "." not in key["url"]):
            return "BUTTON_URL_INVALID"
        if not key.get("text"):
            return "text buttons are unallowed in the inline keyboard"
    return ""


def rich_menu_faults(menu: dict[str, Any]) -> list[str]:
    """Name what LINE refuses in a rich menu object, and tiles that lie outside it or upon each other."""
    width, height = menu["size"]["width"], menu["size"]["height"]
    faults = [] if 800 <= width <= 2500 and height >= 250 and width / height >= 1.45 else ["size"]
    faults += [] if 1 <= len(menu["name"]) <= 300 else ["name"]
    faults += [] if 1 <= len(menu["chatBarText"]) <= 14 else ["chatBarText"]
    faults += [] if 1 <= len(menu["areas"]) <= 20 else ["areas"]
    taken: list[tuple[int, int, int, int]] = []
    for area in menu["areas"]:
        at = area["bounds"]
        left, top, right, bottom = at["x"], at["y"], at["x"] + at["width"], at["y"] + at["height"]
        if min(left, top) < 0 or right > width or bottom > height or left >= right or top >= bottom:
            faults.append("areas.bounds")
        if any(left < r and right > x and top < b and bottom > y for x, y, r, b in taken):
            faults.append("areas.bounds: one upon another")
        taken.append((left, top, right, bottom))
        action = area["action"]
        kept = {"inputOption", "fillInText"} & set(action)
        if kept and (action["type"] != "postback" or action["inputOption"] not in INPUT_OPTIONS):
            faults.append("areas.action.inputOption")
    return [*faults, *_line_parts(menu["areas"])]


def _line_message(message: dict[str, Any]) -> Iterator[str]:
    kind = message.get("type")
    if kind == "text":
        if not 1 <= units(message.get("text", "")) <= 5000 or not message["text"].strip():
            yield "text"
    elif kind == "flex":
        if not 1 <= units(message.get("altText", "")) <= 1500:
            yield "altText"
        if len(json.dumps(message.get("contents"))) > 30 * 1024:
            yield "contents"
    elif kind == "image":
        if not all(message.get(k, "").startswith("https://") for k in ("originalContentUrl", "previewImageUrl")):
            yield "originalContentUrl"
    else:
        yield "type"
    items = message.get("quickReply", {"items": [1]})["items"]
    if not 1 <= len(items) <= 13:
        yield "quickReply.items"
    yield from _line_parts(message)


def _line_parts(part: Any) -> Iterator[str]:
    """Walk a message for actions and Flex components."""
    if isinstance(part, list):
        for one in part:
            yield from _line_parts(one)
    if not isinstance(part, dict):
        return
    if isinstance(part.get("action"), dict):
        action = part["action"]
        if not 1 <= clusters(action.get("label", "")) <= 20:
            yield "action.label"
        if len(action.get("data", "x")) > 300 or clusters(action.get("displayText", "")) > 300:
            yield "action.data"
        if action["type"] == "message" and not 1 <= clusters(action.get("text", "")) <= 300:
            yield "action.text"
        uri = action.get("uri", "https://x")
        if urlsplit(uri).scheme not in ("http", "https", "line", "tel") or not uri.isascii() or len(uri) > 1000:
            yield "action.uri"
    if part.get("type") in ("location", "camera") and "label" not in part:
        yield "action.label"
    if part.get("type") == "text" and not part.get("text", "").strip():
        yield "contents.text"
    for value in part.values():
        yield from _line_parts(value)
