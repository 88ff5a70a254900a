"""Words that tell names from ordinary sentences: titles, names, and what a word is among them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import cache
from itertools import accumulate

from nlp.tables import Table, read_table, subtable, texts

FILE = "names.toml"
LONGEST_TITLE = 3
"""A title is at most so many words of the tokenizer."""
BARE = 4
"""A name that nothing announces has at least so many letters; so many decide whether one may begin at a place."""
_SYLLABLE = 4
"""Longer words of the dictionary may be put together."""
_COMMON = 20
"""Occurrences in the Thai Textbook Corpus from which on a word is taken for an ordinary one."""


class Strength(Enum):
    """How surely a name follows a title."""

    FORMAL = 4
    STRONG = 3
    WEAK = 2
    KIN = 1
    SCORN = 0


class Kind(Enum):
    """What a word, or a few, may be where a name may stand."""

    NAME = "a name and nothing else"
    ALSO_WORD = "a name that is an ordinary word too"
    ALSO_ACT = "a name that is mostly something else"
    UNKNOWN = "in no list and no dictionary"
    THING = "a rarer word of the dictionary"
    COMMON = "a common word of the dictionary"
    NONE = "a word that holds a sentence together, or a verb"


@dataclass(frozen=True, slots=True)
class NameWords:
    """Word lists; every word is written as in a cleaned text.

    `title_heads` are the titles and all their beginnings, `bare_heads` the first `BARE` letters of given names.
    """

    titles: dict[str, Strength]
    title_heads: frozenset[str]
    given: frozenset[str]
    nicknames: frozenset[str]
    things: frozenset[str]
    family: frozenset[str]
    no_family: tuple[str, ...]
    bare_heads: frozenset[str]
    beginnings: frozenset[str]
    syllables: frozenset[str]
    endings: frozenset[str]
    function: frozenset[str]
    acts: frozenset[str]
    act_heads: tuple[str, ...]
    openers: frozenset[str]
    manners: tuple[str, ...]
    common: frozenset[str]
    dictionary: frozenset[str]
    places: frozenset[str]

    def kind(self, word: str) -> Kind:
        """Return what one word is."""
        nickname = word in self.nicknames
        name = nickname or word in self.given
        if word in self.titles or (word in self.function and not name):
            return Kind.NONE
        if name:
            if word in self.function or (word in self.acts and not nickname):
                return Kind.ALSO_ACT
            also = word in self.common or word in self.acts or word in self.things
            return Kind.ALSO_WORD if also else Kind.NAME
        if word in self.acts:
            return Kind.NONE
        if word in self.common:
            return Kind.COMMON
        if word not in self.dictionary:
            return Kind.UNKNOWN
        return Kind.NONE if len(word) > _SYLLABLE and self._begins_an_act(word) else Kind.THING

    def _begins_an_act(self, word: str) -> bool:
        heads = (word[:length] for length in range(2, len(word)))
        return any(head in self.acts or head in self.function for head in heads)

    def goes_on(self, word: str) -> bool:
        """Return whether a sentence about a person goes on with `word`."""
        return word in self.function or word in self.acts or word in self.titles or word.startswith(self.act_heads)


def _scorned(table: Table) -> dict[str, Strength]:
    """Return words of abuse as the titles that they stand for; behind a beast a colour may be a colour."""
    heads = texts(table, "heads", FILE)
    words = dict.fromkeys(texts(table, "words", FILE), Strength.SCORN)
    words |= dict.fromkeys(texts(table, "beasts", FILE), Strength.KIN)
    return {head + word: strength for head in heads for word, strength in words.items()}


@cache
def name_words() -> NameWords:
    """Return the lists of `names.toml`, of PyThaiNLP and of the official places, read once.

    Raises:
        TableError: a list is missing or of the wrong shape.
    """
    import geothai  # noqa: PLC0415 — reads its data files
    from pythainlp.corpus import (  # noqa: PLC0415 — reads word lists
        thai_family_names,
        thai_female_names,
        thai_male_names,
        thai_orst_words,
        thai_words,
        ttc,
    )

    table = read_table(FILE)
    title, name, sentence = (subtable(table, key, FILE) for key in ("title", "name", "sentence"))
    titles: dict[str, Strength] = {}
    for strength in (Strength.FORMAL, Strength.STRONG, Strength.WEAK, Strength.KIN):
        titles |= dict.fromkeys(texts(title, strength.name.lower(), FILE), strength)
    titles |= _scorned(subtable(table, "scorn", FILE))
    never = frozenset(texts(name, "never", FILE))
    given = frozenset(each for each in (*thai_female_names(), *thai_male_names()) if len(each) > 1) - never
    royal = frozenset(thai_orst_words())
    provinces = geothai.provinces()
    districts = [district for province in provinces for district in geothai.districts(province.code)]
    tambons = [tambon.name_th for district in districts for tambon in geothai.subdistricts(district.code)]
    return NameWords(
        titles=titles,
        title_heads=frozenset(head for each in titles for head in accumulate(each)),
        given=given,
        nicknames=frozenset(texts(name, "nicknames", FILE)),
        things=frozenset(texts(name, "things", FILE)),
        family=frozenset(thai_family_names()),
        no_family=texts(name, "no_family", FILE),
        bare_heads=frozenset(each[:BARE] for each in given if len(each) >= BARE),
        beginnings=frozenset(texts(name, "beginnings", FILE)),
        syllables=frozenset(texts(name, "syllables", FILE)),
        endings=frozenset(texts(name, "endings", FILE)),
        function=frozenset(texts(sentence, "function", FILE)),
        acts=frozenset(texts(sentence, "acts", FILE)),
        act_heads=texts(sentence, "act_heads", FILE),
        openers=frozenset(texts(sentence, "openers", FILE)),
        manners=texts(sentence, "manners", FILE),
        # A textbook's persons are no words of the language.
        common=frozenset(word for word, count in ttc.word_freqs() if count >= _COMMON) - (given - royal),
        dictionary=royal | thai_words(),
        places=frozenset((*tambons, *(each.name_th for each in districts), *(each.name_th for each in provinces))),
    )
