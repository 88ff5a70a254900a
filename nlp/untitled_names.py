"""Names that no title announces: behind "called", in signatures, before a phone number, said a second time."""

from __future__ import annotations

from nlp.name_reading import After, Name, Span, after, initials_at, latin_name, listed_name, name_at, opening
from nlp.name_words import BARE, Kind, NameWords, Strength
from nlp.tables import Table, texts
from nlp.tokenize import Tokens

_NEAR_END = 30
_LONGEST_THING = 9


class UntitledNames:
    """Lists of what announces a name, ready to find names."""

    def __init__(self, words: NameWords, table: Table, where: str, phone: str) -> None:
        """Take the table `name` of the personal patterns, and the character that stands for a masked phone number.

        Raises:
            TableError: a list is missing or of the wrong shape.
        """
        self._words = words
        self._phone = phone
        self._persons = frozenset(texts(table, "persons", where))
        self._called = frozenset(texts(table, "called", where))
        self._called_on = frozenset(texts(table, "called_on", where)) | self._called
        self._not_called = frozenset(texts(table, "not_called", where))
        self._people = texts(table, "people", where)
        self._selves = frozenset(texts(table, "selves", where))
        self._self_ends = frozenset(texts(table, "self_ends", where))
        self._closings = frozenset(texts(table, "closings", where))
        self._from = frozenset(texts(table, "from", where))
        self._relations = texts(table, "relations", where)
        self._sure_relations = texts(table, "sure_relations", where)
        self._accounts = frozenset(texts(table, "accounts", where))
        self._announcers = self._called | self._selves | self._closings | self._from
        places = (texts(table, key, where) for key in ("place_words", "site_words", "house_words"))
        self._place_words = frozenset(word for words_of_places in places for word in words_of_places)
        self._no_bare = frozenset((*texts(table, "no_bare", where), *texts(table, "public_names", where)))

    def name(self, found: Tokens, number: int, title: int) -> Name | None:
        """Return a name that word `number` announces, or that begins there.

        Args:
            found: the words of a text.
            number: of a word in it.
            title: of how many words a title that begins there consists, 0 where there is none.
        """
        word = found.words[number]
        start = found.starts[number]
        if word in self._announcers:
            if word in self._called:
                return self._behind_called(found, number)
            if word in self._selves:
                return self._behind_self(found, number + 1)
            return self._behind_closing(found, number, word in self._from)
        if title:
            return self._behind_owner(found, number + title)
        if start and found.text[start - 1] == "(" and (name := self._in_brackets(found, number)):
            return name
        free = not number or start > found.ends[number - 1]
        if free or self._phone in found.text or found.text[start : start + BARE] in self._words.bare_heads:
            return self._bare(found, number, free)
        return None

    def introduces(self, found: Tokens, number: int) -> bool:
        """Return whether full names stand behind a word, or at it since an account's owner is named there."""
        word = found.words[number]
        return (
            word in self._called or word in self._closings or (number > 0 and found.words[number - 1] in self._accounts)
        )

    def repeated(self, found: Tokens, spans: list[Span]) -> list[Span]:
        """Return where names that were found stand again."""
        said = {found.text[start:end] for start, end in spans}
        starts, ends = set(found.starts), set(found.ends)
        again: list[Span] = []
        for name in said:
            if self._words.kind(name) not in {Kind.NAME, Kind.UNKNOWN}:
                continue
            at = found.text.find(name)
            while at >= 0:
                if at in starts and at + len(name) in ends:
                    again.append((at, at + len(name)))
                at = found.text.find(name, at + len(name))
        return again

    def _candidate(self, found: Tokens, number: int) -> tuple[Name, After] | None:
        if opening(found, number) is None:
            return None
        name = name_at(self._words, found, number) or latin_name(found, number, False)
        return (name, after(self._words, found, name, self._persons)) if name else None

    def _is_thing(self, word: str) -> bool:
        return word in self._words.things or word in self._words.acts or word in self._words.function

    def _behind_called(self, found: Tokens, number: int) -> Name | None:
        before = found.words[number - 1] if number else ""
        if before in self._not_called:
            return None
        while number + 1 < len(found.words) and found.words[number + 1] in self._called_on:
            number += 1
        if initials := initials_at(found, number + 1):
            return initials
        given = self._candidate(found, number + 1) or self._titled_whole(found, number + 1)
        if given is None:
            return None
        name, behind = given
        if name.kind is Kind.NAME:
            return name
        apart = behind in {After.END, After.GAP, After.PERSON}
        apart |= name.following < len(found.words) and found.words[name.following] in self._self_ends
        person = not before or before in self._selves or before in self._words.titles or before.startswith(self._people)
        if name.kind in {Kind.ALSO_WORD, Kind.UNKNOWN}:
            return name if behind is not After.OTHER or person else None
        thing = name.kind is Kind.THING or (name.kind is Kind.COMMON and person)
        return name if apart and thing and name.end - name.start <= _LONGEST_THING else None

    def _titled_whole(self, found: Tokens, number: int) -> tuple[Name, After] | None:
        """Return a name of which the first syllable is a title by chance, as names of hill people and Malays have."""
        following = number + 1
        if following >= len(found.words) or found.starts[following] > found.ends[number]:
            return None
        if self._words.titles.get(found.words[number]) is not Strength.WEAK or opening(found, number) is None:
            return None
        name = Name(found.starts[number], found.ends[following], following + 1, Kind.UNKNOWN)
        behind = after(self._words, found, name, self._persons)
        return (name, behind) if behind in {After.END, After.GAP} and name.end - name.start <= _LONGEST_THING else None

    def _behind_closing(self, found: Tokens, number: int, only_at_end: bool) -> Name | None:
        given = self._candidate(found, number + 1)
        if given is None:
            return None
        name, behind = given
        if only_at_end:
            near = len(found.text) - name.end <= _NEAR_END and behind in {After.END, After.GAP}
            return name if near and name.kind is Kind.NAME else None
        return name if name.kind in {Kind.NAME, Kind.ALSO_WORD} and behind is not After.OTHER else None

    def _behind_self(self, found: Tokens, number: int) -> Name | None:
        given = self._candidate(found, number)
        if given is None:
            return None
        name, behind = given
        if name.kind is Kind.NAME:
            return name if behind is not After.OTHER else None
        following = found.words[name.following] if name.following < len(found.words) else ""
        given_name = found.text[name.start : name.end] in self._words.given and name.end - name.start >= BARE
        if name.kind is Kind.ALSO_WORD and given_name and behind is not After.OTHER:
            return name
        said = found.text[name.start : name.end]
        joined = behind is After.GAP and found.starts[number] == found.ends[number - 1]
        if name.kind is Kind.ALSO_WORD and joined and said in self._words.given and not self._is_thing(said):
            return name
        return name if name.kind in {Kind.ALSO_WORD, Kind.ALSO_ACT} and following in self._self_ends else None

    def _behind_owner(self, found: Tokens, number: int) -> Name | None:
        """Return the name behind "my mother", "grandma's son": a title (which ends before `number`) and whose."""
        if number >= len(found.words) or found.starts[number] > found.ends[number - 1]:
            return None
        if found.words[number] in self._selves or found.words[number] in self._words.titles:
            given = self._candidate(found, number + 1)
            if given and given[0].kind is Kind.NAME:
                return given[0]
            return self._behind_self(found, number + 1)
        return None

    def _in_brackets(self, found: Tokens, number: int) -> Name | None:
        name = name_at(self._words, found, number)
        if name is None or name.kind is not Kind.NAME:
            return None
        return name if found.text[name.end : name.end + 1] in {")", " "} else None

    def _bare(self, found: Tokens, number: int, free: bool) -> Name | None:
        """Return a name of the lists that stands for itself; `free` where a space or nothing stands before it."""
        name = listed_name(self._words, found, number)
        if name is None:
            return None
        if found.text[name.end : name.end + 2].strip().startswith(self._phone):
            return name if name.kind in {Kind.NAME, Kind.ALSO_WORD} else None
        behind = after(self._words, found, name, self._persons)
        before = found.words[number - 1] if number else ""
        nickname = found.text[name.start : name.end] in self._words.nicknames
        if not number and nickname and found.text.startswith(self._sure_relations, name.end):
            return name
        if behind is After.OTHER or before in self._place_words:
            return None
        following = found.words[name.following] if name.following < len(found.words) else ""
        joined = behind in {After.PERSON, After.SENTENCE} and found.starts[name.following] == name.end
        related = free and joined and following.startswith(self._relations)
        related |= not number and behind is After.GAP and following.startswith(self._relations)
        if related and name.kind is Kind.NAME:
            return name
        if related and name.kind is Kind.ALSO_WORD and not self._is_thing(found.text[name.start : name.end]):
            return name
        if name.kind is not Kind.NAME:
            return None
        word = found.text[name.start : name.end]
        if word in self._no_bare or word in self._words.places:
            return None
        if len(word) >= BARE and word in self._words.given:
            return name if free or self._words.goes_on(before) or before.startswith(self._people) else None
        return name if free and (joined or behind is After.END) else None
