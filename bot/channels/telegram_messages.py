"""Replies as Telegram messages: packing one call each, HTML text and inline keyboards, within Telegram's limits.

Limits: https://core.telegram.org/bots/api (sendMessage, sendPhoto, InlineKeyboardButton), texts counted in UTF-16
units after the tags are parsed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from html import escape
from urllib.parse import urlsplit

from bot.channels.telegram_updates import SAYS
from bot.channels.text import divide, graphemes, shorten, utf16
from handlers.messages import Button, Card, Reply, Row

TEXT_UNITS = 4_096
CAPTION_UNITS = 1_024
CALLBACK_BYTES = 64
KEYBOARD_BUTTONS = 100
_BUTTON_CLUSTERS = 48
_ROW_CLUSTERS = 26  # what a small telephone shows in one line of buttons
_ROW_BUTTONS = 3
_VALUE_UNITS = 3_000
_CARD_ROWS = 60  # rows that are buttons, so that a card's keyboard stays below its limit


@dataclass(frozen=True, slots=True)
class Key:
    """One inline button: `data` goes back to us, or `url` opens."""

    label: str
    data: str = ""
    url: str = ""


def pack(replies: Sequence[Reply], public_url: str, shows: Callable[[str], bool]) -> list[tuple[Reply, ...]]:
    """Divide replies into single messages, each one call: text, or a picture or a file with its caption.

    `shows` tells whether a picture or file of ours can be sent at all; what cannot is left out, its text stays.
    """
    return [(part,) for reply in replies for part in _parts(reply, public_url, shows)]


def html(reply: Reply) -> str:
    """The message as Telegram's HTML: the card where there is one, else the text."""
    if reply.card is None:
        return escape(reply.text.strip(), quote=False)
    lines = [f"<b>{escape(reply.card.title.strip(), quote=False)}</b>"] if reply.card.title.strip() else []
    for row in reply.card.rows:
        label, value = escape(row.label.strip(), quote=False), escape(row.value.strip(), quote=False)
        lines.append(f"{label}: {value}" if label and value else label or value)
    if reply.card.footer.strip():
        lines += ["", f"<i>{escape(reply.card.footer.strip(), quote=False)}</i>"]
    return "\n".join(lines).strip()


def visible(reply: Reply) -> str:
    """The message as people see it: what Telegram counts."""
    if reply.card is None:
        return reply.text.strip()
    card = reply.card
    rows = [": ".join(part for part in (row.label.strip(), row.value.strip()) if part) for row in card.rows]
    return "\n".join([card.title.strip(), *rows, "", card.footer.strip()]).strip()


def keyboard(reply: Reply, public_url: str) -> list[list[Key]]:
    """The inline buttons of a packed reply in lines of one to three, as their labels' width allows."""
    rows = reply.card.rows if reply.card is not None else ()
    buttons = [
        Button(label=row.label.strip() or row.value.strip(), postback=row.postback) for row in rows if row.postback
    ]
    keys = [key for button in (*buttons, *reply.buttons) if (key := _key(button, public_url)) is not None]
    lines: list[list[Key]] = []
    for key in dict.fromkeys(keys):
        if lines and len(lines[-1]) < _ROW_BUTTONS and _fits((*lines[-1], key)):
            lines[-1].append(key)
        else:
            lines.append([key])
    return lines


def _fits(line: Sequence[Key]) -> bool:
    widest = max(len(graphemes(key.label)) for key in line)
    return widest * len(line) <= _ROW_CLUSTERS  # Telegram gives every button of a line the same width


def _parts(reply: Reply, public_url: str, shows: Callable[[str], bool]) -> list[Reply]:
    attached = [replace(_BLANK, image=reply.image)] if reply.image and shows(reply.image) else []
    attached += [replace(_BLANK, file=reply.file)] if reply.file and shows(reply.file) else []
    attached = [replace(part, to=reply.to, quota=reply.quota) for part in attached]
    said = _with_words(replace(reply, image="", file=""), public_url)
    if attached and utf16(visible(said)) <= CAPTION_UNITS:
        return [replace(said, image=attached[0].image, file=attached[0].file), *attached[1:]]
    bare = replace(said, buttons=())
    if said.card is None:
        texts = divide(said.text, TEXT_UNITS)
        if not texts and said.buttons:
            texts = [" · ".join(button.label for button in said.buttons)]
        parts = [replace(bare, text=text) for text in texts]
    else:
        parts = [replace(bare, card=card) for card in _cards(said.card)]
    if parts:
        parts[-1] = replace(parts[-1], buttons=said.buttons)
    return [*parts, *attached]


def _with_words(reply: Reply, public_url: str) -> Reply:
    """Write out what cannot be a button here: pickers, telephone links, words and postbacks over 64 bytes."""
    fitting = [button for button in reply.buttons if _key(button, public_url) is not None][:KEYBOARD_BUTTONS]
    if reply.card is not None:
        fitting = fitting[: KEYBOARD_BUTTONS - _CARD_ROWS]
    words = [word for button in reply.buttons if button not in fitting and (word := _word(button))]
    reply = replace(reply, buttons=tuple(fitting))
    if not words:
        return reply
    hints = "\n".join(f"• {word}" for word in words)
    if reply.card is None:
        return replace(reply, text=f"{reply.text.strip()}\n\n{hints}".strip())
    return replace(reply, card=replace(reply.card, rows=(*reply.card.rows, Row(label="", value=hints))))


def _word(button: Button) -> str:
    if button.url.startswith("tel:"):
        number = button.url.removeprefix("tel:")  # Telegram makes numbers in a text tappable by itself
        return button.label if number in button.label else f"{button.label} {number}"
    if button.url.startswith("/"):
        return ""  # a page of ours that nobody outside can open
    return f"{button.label}: {button.url}" if button.url else button.text or button.label


def _cards(card: Card) -> list[Card]:
    rows = [
        Row(label=row.label if n == 0 else "", value=value, postback=row.postback)
        for row in card.rows
        for n, value in enumerate(divide(row.value, _VALUE_UNITS) or [""])
    ]
    if utf16(card.footer) > _VALUE_UNITS // 4:
        rows += [Row(label="", value=value) for value in divide(card.footer, _VALUE_UNITS)]
        card = replace(card, footer="")
    cards: list[Card] = []
    some: tuple[Row, ...] = ()
    for row in rows:
        candidate = Reply(text="", card=replace(card, rows=(*some, row)))
        if some and (len(some) >= _CARD_ROWS or utf16(visible(candidate)) > TEXT_UNITS):
            cards.append(replace(card, rows=some, footer=""))
            some = ()
        some = (*some, row)
    return [*cards, replace(card, rows=some)]


def _key(button: Button, public_url: str) -> Key | None:
    label = shorten(button.label.strip(), _BUTTON_CLUSTERS)
    if not label or button.ask:
        return None  # inline keyboards open no picker
    if button.url:
        url = public_url + button.url if button.url.startswith("/") else button.url
        parts = urlsplit(url)
        # Telegram refuses the whole message for an address that only this machine knows, or for tel:.
        local = parts.hostname is None or "." not in parts.hostname or parts.hostname.startswith("127.")
        usable = parts.scheme == "tg" or (parts.scheme in ("http", "https") and not local)
        return Key(label, url=url) if usable else None
    words = SAYS + (button.text or button.label)
    for data in (button.postback, words):
        if data and len(data.encode()) <= CALLBACK_BYTES:
            return Key(label, data=data)
    return None


_BLANK = Reply(text="")
