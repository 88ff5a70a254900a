"""Words said in anger or out of fear beside a report: "he cheats", "do not tell the headman"."""

from __future__ import annotations

import re

from nlp.tables import pattern, read_table

FILE = "anger.toml"


class Anger:
    """The patterns, ready for use."""

    def __init__(self) -> None:
        """Read `anger.toml`.

        Raises:
            TableError: a pattern is missing or is no regular expression.
        """
        table = read_table(FILE)
        self._public = pattern(table, "public", FILE)
        self._common = pattern(table, "common", FILE)
        self._cheat = re.compile(pattern(table, "before", FILE).pattern + pattern(table, "cheat", FILE).pattern)
        self._silence = pattern(table, "silence", FILE)

    def without(self, folded: str) -> str:
        """Return a folded text without such words.

        They stay where they name an office or public money, and where such money is spoken of besides.
        """
        bare = self._silence.sub(" ", self._cheat.sub(self._private, folded)).strip()
        return folded if self._common.search(bare) else bare

    def _private(self, found: re.Match[str]) -> str:
        return found[0] if self._public.search(found[0]) else " "
