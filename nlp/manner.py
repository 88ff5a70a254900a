"""How a short message is said: in anger, as a bare telephone number, as a time, as "I do not know"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nlp.normalize import beginning_and_end, clean, fold
from nlp.tables import TableError, read_table, text

FILE = "manner.toml"
NAMES = (
    "upset",
    "kin_uses",
    "when",
    "no_idea",
    "not_a_place",
    "phone",
    "nod",
    "asks_state",
    "asks_who_sees",
    "wants_out",
    "all_of_it",
    "wants_a_person",
    "not_same",
    "not_solved",
    "solved",
    "still_so",
    "again",
    "came",
    "half_said",
    "denies",
    "grief",
    "place_word",
    "greets",
)


@dataclass(frozen=True, slots=True)
class Manner:
    """How a text is said.

    `upset`: in anger or after long waiting. `kin_uses`: one of the family takes drugs. `when`: it tells a time and
    begins with it. `no_idea`: the person does not know or will not say. `not_a_place`: words stand in it that no bare
    name of a village has. `phone`: it is nothing but a telephone number. `nod`: it says only that something was heard.
    `asks_state`: how it stands, when, who comes. `asks_who_sees`: who gets to know it. `wants_out`: to take it back,
    and, with `all_of_it`, everything. `wants_a_person`: to talk with somebody. `not_same`: it is another matter.
    `not_solved`, `solved`: the answer to whether it is repaired. `still_so`: that it is not, and maybe more behind it;
    `again`: that it came back. `came`: water or light is there. `half_said`: something was done, or it may be solved.
    `denies`: what was said before was wrong. `grief`: somebody or some beast has died.
    `place_word`: a word stands in it that places are named with.
    `greets`: it is a greeting and nothing else.
    """

    upset: bool
    kin_uses: bool
    when: bool
    no_idea: bool
    not_a_place: bool
    phone: bool
    nod: bool
    asks_state: bool
    asks_who_sees: bool
    wants_out: bool
    all_of_it: bool
    wants_a_person: bool
    not_same: bool
    not_solved: bool
    solved: bool
    still_so: bool
    again: bool
    came: bool
    half_said: bool
    denies: bool
    grief: bool
    place_word: bool
    greets: bool


class Manners:
    """The patterns, ready for use."""

    def __init__(self) -> None:
        """Read `manner.toml`.

        Raises:
            TableError: a pattern is missing or is no regular expression.
        """
        table = read_table(FILE)
        try:
            self._patterns = {name: re.compile(text(table, name, FILE)) for name in NAMES}
        except re.error as error:
            raise TableError(FILE, "pattern", str(error)) from error

    def of(self, said: str) -> Manner:
        """Return how a text is said."""
        folded = fold(beginning_and_end(clean(said))).strip()
        return Manner(**{name: pattern.search(folded) is not None for name, pattern in self._patterns.items()})
