"""Places in an answer to "where?": there a bare name is a place, which in a report it seldom is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from nlp.mentions import Level, inside, name_at
from nlp.places import FILE, MOST_CANDIDATES, Gazetteer
from nlp.reading import FoundPlace
from nlp.tables import pattern, read_table, subtable, text
from nlp.tokenize import Tokens, tokens

_SHORT = 60
"""A longer text, in characters, is no bare name."""
_BARE = 4
LOCAL: tuple[Level, ...] = ("amphoe", "tambon")
_SPELLED = 5
"""Fewer characters are not taken for a misspelt name."""


@dataclass(frozen=True, slots=True)
class _Names:
    """Names by where they begin, in order, and what is left of the text without them."""

    names: dict[int, str]
    left: str


class Answers:
    """A gazetteer for texts that may be an answer."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        """Read the table `answer` of `places.toml`.

        Raises:
            TableError: a pattern is missing or is no regular expression.
        """
        table = subtable(read_table(FILE), "answer", FILE)
        self._gazetteer = gazetteer
        geography = gazetteer.geography
        self._levels = (geography.provinces, geography.amphoe, geography.tambons)
        self._not_it = pattern(table, "not_it", FILE)
        self._filler = pattern(table, "filler", FILE)
        self._landmark = pattern(table, "landmark", FILE)
        self._town = text(table, "town", FILE)
        self._chunk = re.compile(r"[^\s,/()]+")
        self._first_letters = frozenset(name[:4] for level in self._levels for name in level)

    def find(self, said: Tokens, known: str | None) -> FoundPlace | None:
        """Return the place any text speaks of; bare names count where the text is nothing else.

        Args:
            said: the folded text.
            known: code of the province that the conversation knows, if any.
        """
        found = self._gazetteer.find(said, known)
        if len(said.text) > _SHORT or (found and found.tambon_code):
            return found
        bare = self._names(said, careful=True)
        if not bare.names or self._filler.sub("", bare.left):
            return found
        return _better(found, self._resolve(bare, known or "", anywhere=False))

    def find_answer(self, said: Tokens, known: str | None) -> FoundPlace | None:
        """Return the place a text names that is known to be an answer; bare names count anywhere in it."""
        bare = self._names(said, careful=False)
        if known and len(said.text) <= _SHORT:
            bare = _Names(dict(sorted({**bare.names, **self._misspelt(said, bare.names, known)}.items())), bare.left)
        denied = self._not_it.search(said.text)
        found = self._gazetteer.find(tokens(self._without_denied(said.text)) if denied else said, known)
        return _better(found, self._resolve(bare, known or "", anywhere=True))

    def denied(self, folded: str) -> str:
        """Return the words that stand behind a denial up to the next gap, '' for none."""
        found = self._not_it.search(folded)
        chunk = self._chunk.match(folded, found.end()) if found else None
        return chunk[0] if chunk else ""

    def _without_denied(self, folded: str) -> str:
        for denial in reversed([*self._not_it.finditer(folded)]):
            spans = [span for level in self._levels if (span := name_at(folded, denial.end(), level))]
            if spans:
                end = max(span[1] for span in spans)
                folded = folded[: denial.start()] + " " * (end - denial.start()) + folded[end:]
        return folded

    def _names(self, said: Tokens, *, careful: bool) -> _Names:
        folded = self._without_denied(said.text)
        if folded != said.text:
            said = tokens(folded)
        names: dict[int, str] = {}
        left: list[str] = []
        at = 0
        for start in said.starts:
            named = folded[start : start + 4] in self._first_letters or folded.startswith(self._town, start)
            if start < at or not named:
                continue
            end = self._end(folded, start)
            name = folded[start:end]
            if not end or (careful and not self._telling(name)):
                continue
            names[start] = name
            left.append(folded[at:start])
            at = end
        left.append(folded[at:])
        return _Names(names, "".join(left))

    def _misspelt(self, said: Tokens, exact: Mapping[int, str], province: str) -> dict[int, str]:
        """Return the names of a province that the rest of an answer nearly holds, by where they stand."""
        folded = said.text
        found: dict[int, str] = {}
        local = self._gazetteer.geography.local[province]
        own = [start for start, name in exact.items() if any(name in n for n in (*self._levels[:1], *local.levels))]
        taken = {at for start in own for at in range(start, start + len(exact[start]))}
        for chunk in self._chunk.finditer(folded):
            at = chunk.start()
            # Words that may stand before a name are also beginnings of names.
            while at < chunk.end() and at not in taken:
                levels = (self._gazetteer.lookup.near(said, at, (province,), level) for level in LOCAL)
                names = {
                    self._gazetteer.geography.name(code)
                    for near in levels
                    if near and not near.half
                    for code in near.codes
                }
                if len(names) == 1 and len(name := names.pop()) >= _SPELLED:
                    found[at] = name
                    break
                before = self._filler.match(folded, at)
                if not before or before.end() == at:
                    break
                at = before.end()
        return found

    def _end(self, folded: str, start: int) -> int:
        """Return where the longest name at `start` ends, 0 where there is none or it is a landmark's."""
        if self._landmark.search(folded[max(0, start - 12) : start]):
            return 0
        spans = [span for level in self._levels if (span := name_at(folded, start, level))]
        if spans:
            return max(end for _, end in spans)
        end = start + len(self._town)
        alone = folded.startswith(self._town, start) and not "\u0e01" <= folded[end : end + 1] <= "\u0e4f"
        return end if alone else 0

    def _telling(self, name: str) -> bool:
        return len(name) >= _BARE and not self._gazetteer.is_ordinary(name)

    def _resolve(self, bare: _Names, known: str, *, anywhere: bool) -> FoundPlace | None:
        provinces, amphoe_names, tambon_names = self._levels
        names = list(bare.names.values())
        said = next((name for name in names if name in provinces), "")
        province = provinces[said][0] if said else known
        if not province and not anywhere:
            return None
        names = [name for name in names if name not in provinces or not said]
        chosen = next((name for name in names if self._only(amphoe_names, name, province)), "")
        amphoe = self._only(amphoe_names, chosen, province)
        if not amphoe and self._town in names:
            chosen, amphoe = self._town, self._gazetteer.geography.town.get(province, "")
        area = amphoe or province
        tambon = ""
        codes: tuple[str, ...] = ()
        for name in names:
            all_codes = tambon_names.get(name, ())
            if name != chosen and not codes:
                tambon, codes = name, inside(all_codes, area) if area else all_codes
        one = codes[0] if len(codes) == 1 else ""
        candidates = codes if 1 < len(codes) <= MOST_CANDIDATES else ()
        if not (said or amphoe or one or candidates):
            return None
        used = [name for name in bare.names.values() if name in {said, chosen, tambon if codes else ""}]
        return self._gazetteer.place(one or amphoe or province, candidates, " ".join(used))

    def _only(self, names: Mapping[str, tuple[str, ...]], name: str, province: str) -> str:
        codes = names.get(name, ())
        codes = inside(codes, province) if province else codes
        return codes[0] if len(codes) == 1 else ""


def _better(marked: FoundPlace | None, bare: FoundPlace | None) -> FoundPlace | None:
    """Return the more exact of two findings; what stands behind a marker is doubted only by a narrower place."""
    if marked is None or bare is None:
        return marked or bare
    if marked.candidates or marked.tambon_code:
        narrower = bare.tambon_code in marked.candidates
    else:
        narrower = _exactness(bare) > _exactness(marked) or (
            bare.province_code != marked.province_code and not marked.amphoe_code
        )
    if not narrower:
        return marked
    # What was taken for a village's name has turned out to be the tambon's.
    own = bare.tambon and marked.village.startswith(bare.tambon)
    return replace(bare, village=marked.village.removeprefix(bare.tambon).strip() if own else marked.village)


def _exactness(place: FoundPlace) -> int:
    return len(place.tambon_code or place.amphoe_code or place.province_code) + bool(place.candidates)
