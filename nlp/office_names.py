"""Names behind the title of an office: "the headman Black" is a man, "the headman of Black Forest" is a place."""

from __future__ import annotations

import re

from nlp.name_reading import After, Name, Span, after, listed_name
from nlp.name_words import FILE, Kind, NameWords
from nlp.tables import pattern, read_table, subtable, texts
from nlp.tokenize import Tokens


class OfficeNames:
    """The titles of offices, ready to find who holds them."""

    def __init__(self, words: NameWords, persons: frozenset[str]) -> None:
        """Take the lists of names, and the words by which a sentence takes a person up again.

        Raises:
            TableError: the pattern or the list of nicknames is missing or wrong.
        """
        table = subtable(read_table(FILE), "office", FILE)
        self._title = re.compile(f"(?:{pattern(table, 'title', FILE).pattern})\\s?")
        self._called = frozenset(texts(table, "called", FILE))
        self._words = words
        self._persons = persons

    def find(self, found: Tokens) -> list[Span]:
        """Return where names stand behind titles of offices."""
        names = (self._name(found, title.end(), title[0]) for title in self._title.finditer(found.text))
        return [(name.start, name.end) for name in names if name]

    def _name(self, found: Tokens, start: int, title: str) -> Name | None:
        if start not in found.starts:
            return None
        first = found.starts.index(start)
        name = listed_name(self._words, found, first)
        if name is None and found.words[first] in self._called:
            name = Name(start, found.ends[first], first + 1, Kind.ALSO_WORD)
        if name is None:
            return None
        said = found.text[name.start : name.end]
        # Behind a space the sentence may go on with the chickens that the headman has not seen to.
        known = name.kind is Kind.NAME or (said in self._called and (title[-1] != " " or title[-2] == "."))
        if not known or said in self._words.places or found.text[name.end : name.end + 1] == "\u0e46":
            return None
        return name if after(self._words, found, name, self._persons) is not After.OTHER else None
