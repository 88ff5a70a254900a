"""Replies as LINE message objects: rendering, and packing into calls within LINE's limits.

Limits: https://developers.line.biz/en/reference/messaging-api/ (message objects, quick reply, Flex), counted as in
https://developers.line.biz/en/docs/messaging-api/text-character-count/ (text in UTF-16 units, labels and what a
button says in grapheme clusters).
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import quote, urlsplit

from bot.channels.text import divide, shorten, shorten_units, utf16
from handlers.messages import Button, Card, Reply, Row, Tone

PER_CALL = 5
TEXT_UNITS = 5_000
ALT_TEXT_UNITS = 1_500
BUBBLE_BYTES = 30_000
QUICK_REPLIES = 13
LABEL_CLUSTERS = 20
ACTION_TEXT_CLUSTERS = 300
POSTBACK_CHARACTERS = 300
URI_CHARACTERS = 1_000
_VALUE_UNITS = 1_500  # a longer value goes on in a row of its own, so that a bubble can be divided within it
_BUTTONS_PER_BUBBLE = 30  # far below 30 KB with every label and every postback at its longest
_CARRIED_BYTES = 7_000  # room for quick replies of the call before, which may move into a bubble
_SCHEMES = frozenset({"http", "https", "line", "tel"})

# Dark enough for white letters (contrast above 4.5 to 1, WCAG 2.2 AA).
_COLOURS: dict[Tone, str] = {
    "plain": "#37474F",
    "receipt": "#1B6E3C",
    "hotline": "#B3261E",
    "case": "#1A4F8B",
    "digest": "#5B3A8C",
    "error": "#8A4B00",
}
# Sizes of labels and footer, and of values: what villagers read is set larger than lists of cases.
_SIZES: dict[Tone, tuple[str, str]] = {"receipt": ("md", "lg"), "hotline": ("md", "xl")}
_PLAIN_SIZES = ("sm", "md")
_LETTERS = "#111111"
_FADED = "#5F6368"
# A row that can be tapped. On a hotline's card a number is one: somebody in need calls with one touch.
_TAPPED = {"backgroundColor": "#EEF3FA", "cornerRadius": "md", "paddingAll": "10px"}
_NUMBER = re.compile(r"[1-9]\d{2,3}|0\d(?:[ -]?\d){7,8}", re.ASCII)


def pack(replies: Sequence[Reply], public_url: str) -> list[tuple[Reply, ...]]:
    """Divide replies into what goes out with one call each: at most five message objects, nothing lost.

    Quick replies are shown under the newest message only, so those of an earlier call move on to the next one.
    """
    parcels: list[tuple[Reply, ...]] = []
    current: tuple[Reply, ...] = ()
    for piece in [part for reply in replies for part in _parts(reply)]:
        if len(render((*current, piece), public_url)) <= PER_CALL:
            current = (*current, piece)
            continue
        moving = tuple(button for reply in current for button in _quick(reply))
        parcels.append(tuple(_without_quick(reply) for reply in current))
        current = (replace(piece, buttons=_unique((*moving, *piece.buttons))),)
    return [parcel for parcel in (*parcels, current) if render(parcel, public_url)]


def render(replies: Sequence[Reply], public_url: str) -> list[dict[str, Any]]:
    """Render one call's replies as LINE message objects.

    A card's buttons stand in its bubble, where they outlast the next message; a text's buttons are quick replies.
    `public_url` is '' where no https address of ours is known: then pictures and links to our own pages are left out.
    """
    messages: list[dict[str, Any]] = []
    for reply in replies:
        messages += _messages(reply, public_url)
    quick = [b for b in _unique(tuple(b for reply in replies for b in _quick(reply))) if _action(b, public_url)]
    if not quick or not messages:
        return messages
    # Pickers exist as quick replies only: what does not fit is taken from the others, the last first.
    spare = max(0, len(quick) - QUICK_REPLIES)
    overflow = [button for button in quick if not _picks(button)][-spare:] if spare else []
    for start in range(0, len(overflow), _BUTTONS_PER_BUBBLE):
        some = overflow[start : start + _BUTTONS_PER_BUBBLE]
        messages.append(_flex(Card(title=""), some, " · ".join(button.label for button in some), public_url))
    items = [button for button in quick if button not in overflow][:QUICK_REPLIES]
    messages[-1]["quickReply"] = {"items": [{"type": "action", "action": _action(b, public_url)} for b in items]}
    return messages


def absolute(path: str, public_url: str) -> str:
    """The https address of one of our own paths, '' where there is none."""
    return public_url + quote(path, safe="/%?=&-_.~") if path and public_url else ""


def bubble_size(bubble: dict[str, Any]) -> int:
    """Bytes of a bubble as the SDK writes it into the request."""
    return len(json.dumps(bubble))


def _messages(reply: Reply, public_url: str) -> list[dict[str, Any]]:
    messages: list[dict[str, Any]] = []
    link = absolute(reply.file, public_url)
    image = absolute(reply.image, public_url)
    text = reply.text.strip()
    if reply.card is not None:
        inside = [button for button in reply.buttons if not _picks(button)]
        messages.append(_flex(reply.card, inside, text or reply.card.title, public_url))
        text = ""
    elif reply.buttons and not (text or link or image):
        text = shorten_units(" · ".join(button.label for button in reply.buttons), TEXT_UNITS)
    joined = "\n".join(part for part in (text, link) if part)
    messages += [{"type": "text", "text": part} for part in divide(joined, TEXT_UNITS)]
    if image:
        messages.append({"type": "image", "originalContentUrl": image, "previewImageUrl": image})
    return messages


def _parts(reply: Reply) -> list[Reply]:
    """One reply as replies that fit; the last one carries the buttons, the picture and the file."""
    bare = replace(reply, buttons=(), image="", file="")
    if reply.card is None:
        parts = [replace(bare, text=text) for text in divide(reply.text, TEXT_UNITS)] or [bare]
    else:
        cards = _cards(reply.card, [button for button in reply.buttons if not _picks(button)])
        # The notification line announces the first bubble; the following ones are announced by their title.
        parts = [replace(bare, text="" if n else reply.text, card=card) for n, card in enumerate(cards)]
    return [*parts[:-1], replace(parts[-1], buttons=reply.buttons, image=reply.image, file=reply.file)]


def _cards(card: Card, buttons: Sequence[Button]) -> list[Card]:
    """One card as cards whose bubbles stay within 30 KB; the last one carries the footer."""
    if utf16(card.footer) > _VALUE_UNITS:
        card = replace(card, rows=(*card.rows, Row(label="", value=card.footer)), footer="")
    rows = [
        Row(label=row.label if n == 0 else "", value=value, postback=row.postback)
        for row in card.rows
        for n, value in enumerate(divide(row.value, _VALUE_UNITS) or [""])
    ]
    frame = bubble_size(_bubble(replace(card, rows=()), buttons, "https://" + "x" * 200)) + _CARRIED_BYTES
    cards: list[Card] = []
    some: list[Row] = []
    size = frame
    for row in rows:
        weight = bubble_size({"contents": _row(row, "hotline")})
        if some and size + weight > BUBBLE_BYTES:
            cards.append(replace(card, rows=tuple(some), footer=""))
            some, size = [], frame
        some.append(row)
        size += weight
    return [*cards, replace(card, rows=tuple(some))]


def _flex(card: Card, buttons: Sequence[Button], alt: str, public_url: str) -> dict[str, Any]:
    alt_text = shorten_units(alt.strip() or card.title.strip() or card.footer.strip() or "-", ALT_TEXT_UNITS)
    return {"type": "flex", "altText": alt_text, "contents": _bubble(card, buttons, public_url)}


def _bubble(card: Card, buttons: Sequence[Button], public_url: str) -> dict[str, Any]:
    bubble: dict[str, Any] = {"type": "bubble", "size": "mega"}
    if card.title.strip():
        title = _text(card.title, weight="bold", size="lg", color="#FFFFFF")
        bubble["header"] = {**_box([title], paddingAll="16px"), "backgroundColor": _COLOURS[card.tone]}
    sizes = _SIZES.get(card.tone, _PLAIN_SIZES)
    rows = [_row(row, card.tone) for row in card.rows if row.label.strip() or row.value.strip()]
    if rows:
        bubble["body"] = _box(rows, spacing="md", paddingAll="16px")
    foot = [_text(card.footer, size=sizes[0], color=_FADED)] if card.footer.strip() else []
    for button in buttons:
        action = _action(button, public_url)
        if action is not None:
            foot.append({"type": "button", "style": "secondary", "height": "sm", "scaling": True, "action": action})
    if foot:
        bubble["footer"] = _box(foot, spacing="sm", paddingAll="12px")
    elif not rows and "header" not in bubble:
        bubble["body"] = _box([_text("-")])
    return bubble


def _row(row: Row, tone: Tone) -> dict[str, Any]:
    sizes = _SIZES.get(tone, _PLAIN_SIZES)
    lines = [_text(row.label, size=sizes[0], color=_FADED)] if row.label.strip() else []
    if row.value.strip():
        lines.append(_text(row.value, size=sizes[1], color=_LETTERS))
    box = _box(lines, spacing="xs")
    if row.postback and len(row.postback) <= POSTBACK_CHARACTERS:
        said = shorten(row.label.strip() or row.value.strip(), ACTION_TEXT_CLUSTERS)
        action = {"type": "postback", "label": shorten(said, LABEL_CLUSTERS), "data": row.postback, "displayText": said}
        return box | _TAPPED | {"action": action}
    if tone == "hotline" and _NUMBER.fullmatch(row.value.strip()):
        uri = "tel:" + row.value.strip().replace("-", "").replace(" ", "")
        label = shorten(row.label.strip() or row.value.strip(), LABEL_CLUSTERS)
        return box | _TAPPED | {"action": {"type": "uri", "label": label, "uri": uri}}
    return box


def _action(button: Button, public_url: str) -> dict[str, Any] | None:
    label = shorten(button.label.strip(), LABEL_CLUSTERS)
    if not label:
        return None
    if _picks(button):
        return {"type": button.ask, "label": label}
    if button.url:
        uri = absolute(button.url, public_url) if button.url.startswith("/") else quote(button.url, safe=_URI_SAFE)
        usable = urlsplit(uri).scheme in _SCHEMES and len(uri) <= URI_CHARACTERS
        return {"type": "uri", "label": label, "uri": uri} if usable else None
    said = shorten(button.text.strip() or button.label.strip(), ACTION_TEXT_CLUSTERS)
    if button.postback and len(button.postback) <= POSTBACK_CHARACTERS:
        told = {"inputOption": "openVoice"} if button.ask == "voice" else {}
        return {"type": "postback", "label": label, "data": button.postback, "displayText": said} | told
    # A postback too long for LINE falls back to saying the label, which the conversation understands as words.
    return {"type": "message", "label": label, "text": said}


def _picks(button: Button) -> bool:
    """Whether a button opens a picker of LINE's. Recording opens with any postback."""
    return button.ask in ("location", "camera")


_URI_SAFE = "%/:=&?~#+!$,;'@()*[]"


def _quick(reply: Reply) -> tuple[Button, ...]:
    return tuple(button for button in reply.buttons if reply.card is None or _picks(button))


def _without_quick(reply: Reply) -> Reply:
    quick = _quick(reply)
    return replace(reply, buttons=tuple(button for button in reply.buttons if button not in quick))


def _unique(buttons: tuple[Button, ...]) -> tuple[Button, ...]:
    return tuple(dict.fromkeys(buttons))


def _box(contents: list[dict[str, Any]], **style: str) -> dict[str, Any]:
    return {"type": "box", "layout": "vertical", "contents": contents, **style}


def _text(text: str, **style: str) -> dict[str, Any]:
    # Old eyes set large letters in LINE: the card follows.
    return {"type": "text", "text": text.strip(), "wrap": True, "scaling": True, **style}
