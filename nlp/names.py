"""Personal names behind titles. Formal titles take what follows; kin words only a known name or nickname."""

from __future__ import annotations

import re

from nlp.tables import Table, text, texts
from nlp.tokenize import Tokens, tokens

_LONGEST = 24
_GLUED = 4
_MARK = re.compile("[\u0e30-\u0e3a\u0e45-\u0e4e]")
_THAI_RUN = re.compile("[\u0e01-\u0e3a\u0e40-\u0e4e]+")


class NameFinder:
    """Lists of titles and names, ready to find names."""

    def __init__(self, table: Table, where: str) -> None:
        """Take the table `name` of the personal patterns.

        Raises:
            TableError: a list is missing or of the wrong shape.
        """
        from pythainlp.corpus import thai_female_names, thai_male_names  # noqa: PLC0415 — reads word lists

        self.placeholder = text(table, "placeholder", where)
        self._never = frozenset(texts(table, "never", where))
        self._nick_after = frozenset(texts(table, "nick_after", where))
        self._nick_titles = frozenset(texts(table, "nick_titles", where))
        given = {name for name in (*thai_female_names(), *thai_male_names()) if len(name) > 1}
        self._given = frozenset((given | set(texts(table, "nicknames", where))) - self._never)
        self._follows = texts(table, "follows", where)
        formal = texts(table, "formal", where)
        self._formal = _titles(formal, texts(table, "formal_never", where))
        kin = texts(table, "kin", where)
        self._kin = frozenset(kin)
        self._kin_anywhere = re.compile("|".join(re.escape(word) for word in sorted(kin, key=len, reverse=True)))
        self._not_before = tuple(texts(table, "not_before_name", where))

    def find(self, masked: str) -> list[tuple[int, int]]:
        """Return where names stand, in order, without their titles."""
        if not (self._formal.search(masked) or self._kin_anywhere.search(masked)):
            return []
        found = tokens(masked)
        starts = set(found.starts)
        spans: list[tuple[int, int]] = []
        for title in self._formal.finditer(masked):
            before = masked[max(0, title.start() - 8) : title.start()]
            if title.start() in starts and not before.endswith(self._not_before):
                spans += self._formal_name(masked, title.end())
        spans += self._kin_names(found)
        return _merged(spans)

    def _formal_name(self, masked: str, at: int) -> list[tuple[int, int]]:
        """Return the given name behind a formal title, and the surname behind a space where one follows."""
        at += masked.startswith(" ", at)
        end = self._known_end(masked, at) or self._sentence_end(masked, at)
        if end - at < 2:
            return []
        spans = [(at, end)]
        surname = _THAI_RUN.match(masked, end + 1) if masked[end : end + 1] == " " else None
        if surname and not surname[0].startswith(self._follows) and len(surname[0]) <= _LONGEST:
            spans.append((surname.start(), surname.end()))
        return spans

    def _known_end(self, masked: str, at: int) -> int:
        """Return where the longest known given name at `at` ends, 0 where there is none."""
        for end in range(min(len(masked), at + _LONGEST), at + 1, -1):
            if masked[at:end] in self._given and not _MARK.match(masked, end):
                return end
        return 0

    def _sentence_end(self, masked: str, at: int) -> int:
        run = _THAI_RUN.match(masked, at)
        if not run:
            return at
        words = tokens(run[0][:_LONGEST])
        for start, word in zip(words.starts, words.words, strict=True):
            if word in self._follows or word in self._never:
                return at + start
        return min(run.end(), at + _LONGEST)

    def _kin_names(self, found: Tokens) -> list[tuple[int, int]]:
        spans: list[tuple[int, int]] = []
        masked = found.text
        previous = ""
        for number, (start, end) in enumerate(zip(found.starts, found.ends, strict=True)):
            word = masked[start:end]
            joined = previous + word
            title = word if word in self._kin else joined if joined in self._kin else ""
            stop = self._kin_end(masked, end, title, found.ends[number + 1 : number + 7]) if title else 0
            glued = 0 if title or len(word) < _GLUED else self._glued(word)
            if stop:
                spans.append((end, stop))
            elif glued:
                spans.append((start + glued, end))
            elif previous == "(" and masked[end : end + 1] == ")" and word in self._given:
                spans.append((start, end))
            previous = word
        return spans

    def _kin_end(self, masked: str, at: int, title: str, ends: tuple[int, ...]) -> int:
        for end in reversed(ends):
            name = masked[at:end]
            if name in self._given and len(name) > 1 and " " not in name:
                return end
            if name in self._nick_after and title in self._nick_titles and self._goes_on(masked, end):
                return end
        return 0

    def _goes_on(self, masked: str, end: int) -> bool:
        rest = masked[end : end + 12]
        return rest.startswith(self._follows) or not rest.strip()

    def _glued(self, word: str) -> int:
        """Return the length of the title where the tokenizer left title and name in one word, else 0."""
        return next((cut for cut in (2, 3, 4) if word[:cut] in self._nick_titles and word[cut:] in self._given), 0)


def _titles(words: tuple[str, ...], never: tuple[str, ...]) -> re.Pattern[str]:
    longest = sorted(words, key=len, reverse=True)
    return re.compile(
        f"(?!{'|'.join(re.escape(word) for word in never)})(?:{'|'.join(re.escape(word) for word in longest)})"
    )


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
