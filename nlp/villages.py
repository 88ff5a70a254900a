"""Village words: a number or a name, as said."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nlp.tables import Table, TableError, text, texts


@dataclass(frozen=True, slots=True)
class Villages:
    """The patterns of village words."""

    numbers: re.Pattern[str]
    school: tuple[re.Pattern[str], ...]
    school_after: re.Pattern[str]
    name: re.Pattern[str]
    not_name: re.Pattern[str]
    stop: re.Pattern[str]

    def find(self, folded: str) -> str:
        """Return the village words of a text, '' where there are none. A school year is no village."""
        name = self._name(folded)
        for found in self.numbers.finditer(folded):
            before = folded[max(0, found.start() - 24) : found.start()]
            if "\u0e2b" in found[0] or not self._is_school(before, folded[found.end() : found.end() + 24]):
                number = found[0].strip(" ,")
                return f"{name} {number}" if name else number
        return name

    def _is_school(self, before: str, after: str) -> bool:
        return bool(self.school_after.search(after)) or any(school.search(before) for school in self.school)

    def _name(self, folded: str) -> str:
        for found in self.name.finditer(folded):
            words = found[0]
            stop = self.stop.search(words, 6)
            words = words[: stop.start()] if stop else words
            if len(words) >= 7 and not self.not_name.search(words):
                return words
        return ""


def load_villages(table: Table, file: str) -> Villages:
    """Return the patterns of the table `village`.

    Raises:
        TableError: a pattern is missing or is no regular expression.
    """

    def pattern(key: str) -> re.Pattern[str]:
        try:
            return re.compile(text(table, key, file))
        except re.error as error:
            raise TableError(file, key, str(error)) from error

    school = tuple(re.compile(item) for item in texts(table, "school", file))
    return Villages(
        pattern("number_list"), school, pattern("school_after"), pattern("name"), pattern("not_name"), pattern("stop")
    )
