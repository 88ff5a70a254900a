"""Names behind a word that says their level: places for certain."""

from __future__ import annotations

import re
from bisect import bisect
from dataclasses import replace
from typing import Literal

from nlp.geography import BEGINNING, Codes, Geography, Local, beginnings
from nlp.lookup import NameLookup
from nlp.mentions import Level, Mention, any_of, ends_word, inside, touching
from nlp.spelling import LEAST
from nlp.tables import Table, TableError, subtable, text, texts
from nlp.tokenize import Tokens

KINDS = ("tambon", "tambon_office", "municipality", "station", "town_office", "amphoe", "district", "province")
_BY: dict[str, Literal["office", "station"]] = {
    "tambon_office": "office",
    "municipality": "office",
    "town_office": "office",
    "station": "station",
}
# So many markers of a text are looked at: no report has more, and a hostile text must not cost more.
_MOST = 60


class Markers:
    """The words before place names, ready to find names behind them."""

    def __init__(self, table: Table, geography: Geography, lookup: NameLookup, file: str) -> None:
        """Take the tables `marker`, `behind`, `town` and `abbreviation`.

        Raises:
            TableError: an entry is missing or of the wrong shape.
        """
        marker, behind, town = (subtable(table, key, file) for key in ("marker", "behind", "town"))
        single = subtable(marker, "single", file)
        levels: tuple[Level, ...] = ("tambon", "amphoe", "province")
        self._geography = geography
        self._lookup = lookup
        self._town = text(town, "prefix", file)
        self._towns = tuple(geography.town.values())
        self._letters: dict[str, Level] = {text(single, level, file): level for level in levels}
        self._beginnings = beginnings(geography.provinces)
        called = subtable(table, "abbreviation", file)
        try:
            self._provinces: Codes = {
                **geography.provinces,
                **{said: geography.provinces[official] for said, official in called.items()},
            }
            self._any = re.compile("|".join(f"(?P<{kind}>{any_of(texts(marker, kind, file))})" for kind in KINDS))
            self._single = re.compile(rf"(?<!\.)[{''.join(self._letters)}] ?(?=[\u0e01-\u0e4e])")
            self._skip = re.compile(text(behind, "skip", file))
            self._also = re.compile(text(behind, "also", file))
            self._town_end = re.compile(text(town, "end", file))
        except (KeyError, re.error) as error:
            raise TableError(file, "marker", str(error)) from error

    def find(self, said: Tokens, known: str) -> list[Mention]:
        """Return what stands behind markers.

        Args:
            said: the folded text.
            known: code of the province where names may be misspelt or stand behind a marker without its dot, or ''.
        """
        spots = self._spots(said)
        if not spots:
            return []
        found = [m for kind, start, end in spots if kind == "province" and (m := self._province(said, start, end))]
        areas = tuple(dict.fromkeys([*(mention.codes[0] for mention in found), *([known] if known else [])]))
        for kind, start, end in spots:
            if any(mention.start <= start < mention.end for mention in found):
                continue
            mention = self._one(said, kind, start, end, areas)
            if mention:
                found.append(mention)
                if mention.level == "tambon":
                    found += self._others(said, mention.end, areas)
        return found

    def _spots(self, said: Tokens) -> list[tuple[str, int, int]]:
        folded = said.text
        spots = [(found.lastgroup or "", found.start(), found.end()) for found in self._any.finditer(folded)]
        spots = [spot for spot in spots if self._stands(said, *spot[1:])]
        # Inside of a longer run of letters such a letter must be a word by itself.
        words = {start for start, end in zip(said.starts, said.ends, strict=True) if end - start == 1}
        spots += [
            ("single", found.start(), found.end())
            for found in self._single.finditer(folded)
            if found.start() in words or found.start() == 0 or not touching(folded, found.start() - 1)
        ]
        return spots[:_MOST]

    def _stands(self, said: Tokens, start: int, end: int) -> bool:
        """Whether a marker is not the end of another word or of a rank such as a policeman's."""
        folded = said.text
        if start == 0 or end - start > 3:
            return True
        if folded[start - 1] == ".":
            before = folded[max(0, start - 4) : start - 1]
            return before[-1:].isdigit() or (len(before) == 3 and not {*before} & {*". \n"})
        return not touching(folded, start - 1) or said.starts[bisect(said.starts, start) - 1] == start

    def _one(self, said: Tokens, kind: str, start: int, end: int, areas: tuple[str, ...]) -> Mention | None:
        at = end if kind == "single" else self._behind(said.text, end)
        locals_ = [self._geography.local[area] for area in areas]
        found: Mention | None = None
        if kind == "single":
            found = self._dotless(said, start, at, locals_)
        elif kind == "amphoe":
            found = self._amphoe(said, at, areas) or (self._mistaken(said, at, locals_) if end - start > 2 else None)
        elif kind == "district":
            exact = self._lookup.exact(said, at, self._geography.amphoe)
            found = Mention("amphoe", self._geography.amphoe[exact.name], at, exact.end) if exact else None
        elif kind == "town_office":
            found = self._office(said, at, locals_)
        elif kind != "province":
            found = self._tambon(said, at, areas, fuzzy=kind != "station")
            if found and kind == "municipality" and self._is_another_amphoes(found, areas):
                found = replace(found, doubtful=True)
        return replace(found, start=start, by=_BY.get(kind, "itself")) if found else None

    def _behind(self, folded: str, end: int) -> int:
        skipped = self._skip.match(folded, end)
        return skipped.end() if skipped else end

    def _tambon(self, said: Tokens, at: int, areas: tuple[str, ...], *, fuzzy: bool) -> Mention | None:
        geography, lookup = self._geography, self._lookup
        exact = lookup.exact(said, at, geography.tambons)
        own = next((own for area in areas if (own := lookup.exact(said, at, geography.local[area].tambons))), None)
        if own and not (exact and own.end < exact.end and own.doubtful):
            near = lookup.near(said, at, areas, "tambon") if fuzzy and touching(said.text, own.end) else None
            codes = geography.tambons[own.name]
            same = near is not None and {*near.codes} <= {*codes}
            if near and not near.half and not same and near.end > own.end:
                return Mention("tambon", near.codes, at, near.end)
            return Mention("tambon", codes, at, own.end, doubtful=own.doubtful and not same)
        amphoe = self._amphoe_instead(said, at, areas)
        if amphoe and (not exact or amphoe.end >= exact.end):
            return amphoe
        near = lookup.near(said, at, areas, "tambon") if fuzzy else None
        if near and (not exact or near.end >= exact.end):
            # The word is spelt as another province's name: a misspelt own one is no more likely.
            another = exact is not None and near.end <= exact.end + 1
            elsewhere = geography.tambons[exact.name] if exact else ()
            return Mention("tambon", (*near.codes, *elsewhere), at, near.end, doubtful=near.half or another)
        if not exact:
            return None
        return Mention("tambon", geography.tambons[exact.name], at, exact.end, doubtful=exact.doubtful)

    def _amphoe_instead(self, said: Tokens, at: int, areas: tuple[str, ...]) -> Mention | None:
        """Return the amphoe that somebody took for a tambon: its official name only."""
        for area in areas:
            names = self._geography.local[area].amphoe
            exact = self._lookup.exact(said, at, names)
            if exact and not exact.doubtful and self._geography.name(names[exact.name][0]) == exact.name:
                return Mention("amphoe", names[exact.name], at, exact.end)
        return None

    def _others(self, said: Tokens, end: int, areas: tuple[str, ...]) -> list[Mention]:
        """Return the tambons that share the marker of the one that ends at `end`."""
        others: list[Mention] = []
        while areas and (joined := self._also.match(said.text, end)):
            local = self._geography.local[areas[0]]
            exact = self._lookup.exact(said, joined.end(), local.tambons)
            if not exact or exact.doubtful or exact.name in local.amphoe:
                break
            others.append(Mention("tambon", local.tambons[exact.name], joined.end(), exact.end))
            end = exact.end
        return others

    def _amphoe(self, said: Tokens, at: int, areas: tuple[str, ...]) -> Mention | None:
        names = self._geography.amphoe
        exact = self._lookup.exact(said, at, names)
        if exact:
            return Mention("amphoe", names[exact.name], at, exact.end, doubtful=exact.doubtful)
        near = self._lookup.near(said, at, areas, "amphoe")
        if near and not near.half:
            return Mention("amphoe", near.codes, at, near.end)
        end = self._town_at(said, at)
        return Mention("amphoe", self._towns, at, end) if end else None

    def _town_at(self, said: Tokens, at: int) -> int:
        """Return where the word for a province's town ends that stands at `at`, 0 for none."""
        end = at + len(self._town)
        ends = said.text.startswith(self._town, at) and (self._town_end.match(said.text, end) or ends_word(said, end))
        return end if ends else 0

    def _mistaken(self, said: Tokens, at: int, locals_: list[Local]) -> Mention | None:
        """Return a tambon that somebody took for an amphoe: in doubt."""
        for local in locals_:
            exact = self._lookup.exact(said, at, local.tambons)
            if exact and not exact.doubtful:
                return Mention("tambon", local.tambons[exact.name], at, exact.end, doubtful=True)
        return None

    def _office(self, said: Tokens, at: int, locals_: list[Local]) -> Mention | None:
        geography = self._geography
        province = self._lookup.exact(said, at, geography.provinces)
        if province and not province.doubtful:
            town = geography.town.get(geography.provinces[province.name][0], "")
            return Mention("amphoe", (town,), at, province.end) if town else None
        for local in locals_:
            levels: tuple[tuple[Level, Codes], ...] = (("amphoe", local.amphoe), ("tambon", local.tambons))
            for level, names in levels:
                exact = self._lookup.exact(said, at, names)
                if exact and not exact.doubtful:
                    return Mention(level, names[exact.name], at, exact.end)
        return None

    def _is_another_amphoes(self, mention: Mention, areas: tuple[str, ...]) -> bool:
        """Whether a tambon has the name of an amphoe that it does not lie in."""
        for area in areas:
            for code in inside(mention.codes, area):
                named = self._geography.local[area].amphoe.get(self._geography.name(code), ())
                if named and code[:4] not in named:
                    return True
        return False

    def _province(self, said: Tokens, start: int, end: int) -> Mention | None:
        at = self._behind(said.text, end)
        exact = self._lookup.exact(said, at, self._provinces)
        if exact:
            return Mention("province", self._provinces[exact.name], start, exact.end)
        near = self._lookup.near(said, at, (), "province")
        return Mention("province", near.codes, start, near.end) if near and len(near.codes) == 1 else None

    def _dotless(self, said: Tokens, start: int, at: int, locals_: list[Local]) -> Mention | None:
        """Return a name of these provinces right behind the first letter of its level."""
        level = self._letters[said.text[start]]
        least = LEAST if at - start > 1 else LEAST + 1
        beginning = said.text[at : at + BEGINNING]
        for local in locals_:
            # Most words with such a first letter are dismissed here.
            if beginning not in (self._beginnings if level == "province" else local.beginnings):
                continue
            names = {"tambon": local.tambons, "amphoe": local.amphoe, "province": self._geography.provinces}[level]
            exact = self._lookup.exact(said, at, names)
            if exact and not exact.doubtful and len(exact.name) >= least:
                return Mention(level, names[exact.name], start, exact.end)
        end = self._town_at(said, at) if level == "amphoe" else 0
        return Mention("amphoe", self._towns, start, end) if end else None
