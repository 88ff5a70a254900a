"""Stand-ins that note who said what when, and who asked for updates: each victim has an address of its own there."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from tests.peers import LinePeer, TelegramPeer

_WHOSE = re.compile(r"/by/(\d+)(/.*)")


@dataclass(frozen=True, slots=True)
class Stop:
    """A victim that was interrupted, by its number, in seconds of Unix time. `ended` None: it was killed.

    `how` tells a reader: the step at which it died, or what was done to it.
    """

    by: int
    how: str
    began: float
    ended: float | None = None


class HearingLine(LinePeer):
    """LINE. What it accepted carries `by` (the victim's number) and `at` (Unix time)."""

    async def answer(self, request: Request, path: str, body: bytes) -> Response:
        """Answer as LINE does, and note who was answered."""
        by, path = _whose(path)
        before = len(self.accepted)
        response = await super().answer(request, path, body)
        _note(self.accepted[before:], by)
        return response


class HearingTelegram(TelegramPeer):
    """Telegram. What it accepted carries the same; `polls` are (victim's number, Unix time) of each getUpdates."""

    def __init__(self) -> None:
        super().__init__()
        self.polls: list[tuple[int, float]] = []

    async def answer(self, request: Request, path: str, body: bytes) -> Response:
        """Answer as Telegram does, and note who was answered."""
        by, path = _whose(path)
        if path.lower().endswith("/getupdates"):
            self.polls.append((by, time.time()))
        before = len(self.accepted)
        response = await super().answer(request, path, body)
        _note(self.accepted[before:], by)
        return response


def address_for(peer: LinePeer | TelegramPeer, by: int) -> str:
    """Where a victim finds a platform."""
    return f"{peer.url}/by/{by}"


def _whose(path: str) -> tuple[int, str]:
    match = _WHOSE.fullmatch(path)
    return (int(match[1]), match[2]) if match else (0, path)


def _note(taken: Sequence[dict[str, Any]], by: int) -> None:
    """Sending is answered without a pause, so what nobody noted yet is this victim's."""
    for one in taken:
        one.setdefault("by", by)
        one.setdefault("at", time.time())
