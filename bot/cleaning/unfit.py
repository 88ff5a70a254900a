"""How cleaning ends."""

from __future__ import annotations

from dataclasses import dataclass

from bot.channels.base import Why


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What is kept, and the media type that its bytes tell."""

    data: bytes
    media_type: str


class Unfit(Exception):
    """A medium that is not kept. `why` is what its sender is told, the text is for logs and holds nothing of it."""

    def __init__(self, why: Why, reason: str) -> None:
        super().__init__(reason)
        self.why: Why = why
        self.reason = reason
