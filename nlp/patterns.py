"""Patterns of a table: words and parts that patterns are put together of, and the patterns, compiled."""

from __future__ import annotations

import re
from functools import cache

from nlp.tables import Table, TableError, read_table, subtable, texts

_REFERENCE = "%"


class PatternTable:
    """A table `[word]` of word lists, `[part]` of fragments and `[pattern]` of patterns, ready to match.

    `%name%` in a part or a pattern stands for the words or the part of that name, which must stand above it. A
    pattern may be a list: then any of them matches.
    """

    def __init__(self, file: str) -> None:
        """Read `file`.

        Raises:
            TableError: the file is missing, a name is unknown, or a pattern does not compile.
        """
        table = read_table(file)
        self._file = file
        self._parts: dict[str, str] = {}
        words = subtable(table, "word", file)
        for name in words:
            listed = texts(words, name, f"{file}: word")
            self._parts[name] = _any_of([re.escape(word) for word in sorted(listed, key=len, reverse=True)])
        for name, source in subtable(table, "part", file).items():
            self._parts[name] = self._put_together(source, f"part.{name}")
        patterns = subtable(table, "pattern", file)
        self._patterns = {name: self._compile(patterns, name) for name in patterns}

    def __getitem__(self, name: str) -> re.Pattern[str]:
        """Return the compiled pattern of that name.

        Raises:
            TableError: there is none.
        """
        if name not in self._patterns:
            raise TableError(self._file, f"pattern.{name}", "this pattern is needed")
        return self._patterns[name]

    def _compile(self, table: Table, name: str) -> re.Pattern[str]:
        try:
            return re.compile(self._put_together(table[name], f"pattern.{name}"))
        except re.error as error:
            raise TableError(self._file, f"pattern.{name}", str(error)) from error

    def _put_together(self, source: object, key: str) -> str:
        sources = source if isinstance(source, list) else [source]
        if not sources or not all(isinstance(one, str) and one for one in sources):
            raise TableError(self._file, key, "a pattern or a list of patterns is needed")
        return (
            _any_of([self._filled(str(one), key) for one in sources])
            if len(sources) > 1
            else self._filled(str(sources[0]), key)
        )

    def _filled(self, source: str, key: str) -> str:
        halves = source.split(_REFERENCE)
        for at in range(1, len(halves), 2):
            if halves[at] not in self._parts:
                raise TableError(self._file, key, f"no words and no part are called {halves[at]!r}")
            halves[at] = f"(?:{self._parts[halves[at]]})"
        return "".join(halves)


@cache
def pattern_table(file: str) -> PatternTable:
    """Return the patterns of `file`, read once.

    Raises:
        TableError: see `PatternTable`.
    """
    return PatternTable(file)


def _any_of(sources: list[str]) -> str:
    return "|".join(f"(?:{source})" if len(sources) > 1 and "|" in source else source for source in sources)
