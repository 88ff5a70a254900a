"""A reader that stumbles over some words until it is mended: handling what holds them fails every time."""

from __future__ import annotations

from dataclasses import dataclass, field, fields

from nlp.reader import Reader
from nlp.reading import Reading


@dataclass(frozen=True, slots=True)
class StumblingReader(Reader):
    """Reads like another. `over` may be emptied or filled at any time."""

    over: set[str] = field(default_factory=set)

    def read(self, text: str, province: str | None = None) -> Reading:
        """Read, or stumble."""
        if any(word in text for word in self.over):
            raise Stumbled
        return Reader.read(self, text, province)


class Stumbled(Exception):
    """A fault of ours."""


def stumbling(reader: Reader, *over: str) -> StumblingReader:
    """A reader that stumbles over some words."""
    parts = {part.name: getattr(reader, part.name) for part in fields(reader)}
    return StumblingReader(**parts, over=set(over))
