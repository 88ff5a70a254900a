"""Whether replies fit the platforms: packed and rendered as the channels do, and checked against published limits."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from bot.channels import line_messages, telegram_messages
from handlers.messages import Reply
from tests.limits import line_faults, telegram_faults

HTTPS = "https://sansiang.example"


def line_calls(replies: Sequence[Reply], url: str = HTTPS) -> list[list[dict[str, Any]]]:
    """The message objects of each call of LINE."""
    return [line_messages.render(parcel, url) for parcel in line_messages.pack(replies, url)]


def telegram_calls(replies: Sequence[Reply], url: str = HTTPS) -> Iterator[tuple[str, dict[str, str]]]:
    """Method and parameters of each call of Telegram."""
    for (reply,) in telegram_messages.pack(replies, url, lambda _path: True):
        keys = [
            [{"text": key.label} | ({"url": key.url} if key.url else {"callback_data": key.data}) for key in line]
            for line in telegram_messages.keyboard(reply, url)
        ]
        method = "sendPhoto" if reply.image else "sendDocument" if reply.file else "sendMessage"
        asked = {"text" if method == "sendMessage" else "caption": telegram_messages.html(reply)}
        yield method, asked | ({"reply_markup": json.dumps({"inline_keyboard": keys})} if keys else {})


def misfits(replies: Sequence[Reply]) -> list[str]:
    """What a platform would refuse of replies to one chat, with and without an address of ours."""
    found = []
    for url in (HTTPS, ""):
        for messages in line_calls(replies, url):
            found += [f"LINE: {fault}" for fault in line_faults(messages)]
        for method, asked in telegram_calls(replies, url):
            found += [f"Telegram: {fault}" for fault in (telegram_faults(method, asked),) if fault]
    return found
