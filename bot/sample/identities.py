"""The three people of the try-out: ready identities of the local channel."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).parent / "people" / "three.toml"


@dataclass(frozen=True, slots=True)
class Identity:
    """A local user. `role` is villager, volunteer or staff."""

    user: str
    role: str
    name: str
    hint: str

    def shown(self) -> dict[str, str]:
        """As the page gets it."""
        return {"user": self.user, "role": self.role, "name": self.name, "hint": self.hint}


def read_identities() -> tuple[Identity, ...]:
    """The identities, villager first."""
    return tuple(Identity(**entry) for entry in tomllib.loads(FILE.read_text("utf-8"))["identity"])
