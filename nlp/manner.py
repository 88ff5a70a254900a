"""How a short message is said: in anger, as a bare telephone number, as a time, as "I do not know"."""

from __future__ import annotations

from dataclasses import dataclass

from nlp.normalize import beginning_and_end, clean, fold
from nlp.tables import pattern, read_table

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
    "afraid",
    "asks_gone",
    "asks_name",
    "asks_if_seen",
    "asks_who_comes",
    "danger_here",
    "helper",
    "another_despairs",
    "another_is_hurt",
    "asks_list",
    "not_meant",
    "leaves",
    "pin_wrong",
    "village",
    "abuse",
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
    `greets`: it is a greeting and nothing else. `leaves`: it is a good-bye and nothing else.
    `afraid`: it says little more than fear, or of whom. `asks_gone`: whether something is really taken back.
    `asks_name`: whether a name is known. `asks_if_seen`: whether somebody who is named sees it. `asks_who_comes`:
    whether somebody comes. `danger_here`: the one who is feared knows of it, or is there now. `helper`: the one who
    speaks only stands by. `another_despairs`, `another_is_hurt`: somebody else is in need, and clearly so.
    `asks_list`: to see what was noted so far, or how many, and no more.
    `not_meant`: what was said before was not meant as a report. `pin_wrong`: a pin that was sent lies in a wrong place.
    `village`: it is the name of a village and nothing else. `abuse`: somebody is called names.
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
    afraid: bool
    asks_gone: bool
    asks_name: bool
    asks_if_seen: bool
    asks_who_comes: bool
    danger_here: bool
    helper: bool
    another_despairs: bool
    another_is_hurt: bool
    asks_list: bool
    not_meant: bool
    leaves: bool
    pin_wrong: bool
    village: bool
    abuse: bool


class Manners:
    """The patterns, ready for use."""

    def __init__(self) -> None:
        """Read `manner.toml`.

        Raises:
            TableError: a pattern is missing or is no regular expression.
        """
        table = read_table(FILE)
        self._patterns = {name: pattern(table, name, FILE) for name in NAMES}

    def village(self, said: str) -> str:
        """Return the name of the village that a text is and nothing else, '' where it is none."""
        found = self._patterns["village"].search(fold(beginning_and_end(clean(said))).strip())
        return found["name"] if found else ""

    def of(self, said: str) -> Manner:
        """Return how a text is said."""
        folded = fold(beginning_and_end(clean(said))).strip()
        return Manner(**{name: pattern.search(folded) is not None for name, pattern in self._patterns.items()})
