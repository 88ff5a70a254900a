"""A reply as LINE or Telegram would show it: rendered and packed as their channels do, then set as a PNG."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from bot.channels import line_messages, telegram_messages
from bot.printing import icon, png
from handlers.messages import Reply

FOLDER = Path(__file__).parent
WIDTH = 375  # points: a small telephone
SCALE = 2.0  # pixels a point


def draw(platform: str, replies: Sequence[Reply], public_url: str) -> bytes:
    """What a platform (one of `PLATFORMS`) would show of replies to one chat, as a PNG.

    :param public_url: our web door's address; without an https one platforms get no pictures and links of ours.
    """
    url = public_url.rstrip("/") if public_url.startswith("https://") else ""
    messages = PLATFORMS[platform](replies, url)
    data = {"width": WIDTH, "messages": messages, "picture": icon("photo", "#5f6368"), "file": icon("file", "#5f6368")}
    return png(FOLDER / f"{platform}.typ", data, SCALE)


def line(replies: Sequence[Reply], public_url: str) -> list[dict[str, Any]]:
    """LINE's message objects, those of all calls."""
    parcels = line_messages.pack(replies, public_url)
    return [message for parcel in parcels for message in line_messages.render(parcel, public_url)]


def telegram(replies: Sequence[Reply], public_url: str) -> list[dict[str, Any]]:
    """Telegram's messages: `lines` of runs of text, and `keys`, the lines of the keyboard below."""
    packed = telegram_messages.pack(replies, public_url, lambda _path: True)
    return [_message(reply, public_url) for (reply,) in packed]


PLATFORMS: Mapping[str, Any] = {"line": line, "telegram": telegram}


def _message(reply: Reply, public_url: str) -> dict[str, Any]:
    runs = _Runs()
    runs.feed(telegram_messages.html(reply))
    runs.close()
    keys = [
        [{"label": key.label, "opens": bool(key.url)} for key in keys]
        for keys in telegram_messages.keyboard(reply, public_url)
    ]
    attached = "picture" if reply.image else "file" if reply.file else ""
    return {"lines": runs.lines, "keys": keys, "attached": attached}


class _Runs(HTMLParser):
    """Telegram's HTML as lines of runs: a text and the tags around it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[list[dict[str, Any]]] = [[]]
        self._around: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag opens."""
        self._around.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """A tag closes."""
        if tag in self._around:
            self._around.remove(tag)

    def handle_data(self, data: str) -> None:
        """Text, over one or more lines."""
        first, *more = data.split("\n")
        self._add(first)
        for text in more:
            self.lines.append([])
            self._add(text)

    def _add(self, text: str) -> None:
        if text:
            self.lines[-1].append({"text": text, "bold": "b" in self._around, "italic": "i" in self._around})
