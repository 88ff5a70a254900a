"""Places in words, resolved to official codes. A doubtful tambon becomes candidates, never a guess."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from nlp.geography import LONGEST, Geography, load_geography
from nlp.reading import FoundPlace
from nlp.tables import read_table, subtable, text, texts
from nlp.tokenize import Tokens
from nlp.villages import load_villages

FILE = "places.toml"
MOST_CANDIDATES = 8
# A bare name this short is too often part of an ordinary word.
_BARE = 5


@dataclass(frozen=True, slots=True)
class _Mention:
    """A name found at `start` to `end`; `codes` are all areas of that name and level."""

    codes: tuple[str, ...]
    start: int
    end: int


class Gazetteer:
    """Geography and the words around place names, ready to find places."""

    def __init__(self) -> None:
        """Read `places.toml` and geothai's data.

        Raises:
            TableError: a list is missing or of the wrong shape.
        """
        table = read_table(FILE)
        marker = subtable(table, "marker", FILE)
        town = subtable(table, "town", FILE)
        ordinary = subtable(table, "ordinary", FILE)
        self.geography: Geography = load_geography(
            subtable(table, "alias", FILE), text(town, "prefix", FILE), text(town, "district_prefix", FILE)
        )
        self._markers = {level: _any_of(texts(marker, level, FILE)) for level in ("province", "amphoe", "tambon")}
        self._tambon_before = _any_of(texts(marker, "tambon", FILE), end=True)
        self._context = _any_of(texts(marker, "context", FILE), end=True)
        self._tambon_context = _any_of(texts(marker, "tambon_context", FILE), end=True)
        self._landmark = _any_of(texts(marker, "landmark", FILE), end=True)
        self._town = _any_of(texts(town, "words", FILE))
        self._ordinary = frozenset(texts(ordinary, "names", FILE))
        self._after_context = frozenset(texts(ordinary, "after_context", FILE))
        # The first letters of names, so that most words of a text are dismissed by one look.
        self._first_letters = {
            id(names): frozenset(name[:4] for name in names)
            for names in (self.geography.provinces, self.geography.amphoe, self.geography.tambons)
        }
        self._elsewhere = _any_of(texts(subtable(table, "elsewhere", FILE), "before", FILE), end=True)
        self._villages = load_villages(subtable(table, "village", FILE), f"{FILE}: village")

    def find(self, tokens: Tokens, known: str | None) -> FoundPlace | None:
        """Return the place a folded text speaks of, or None.

        Args:
            tokens: the text.
            known: code of the province that the conversation knows, if any; a province named in the text wins.
        """
        folded = tokens.text
        geography = self.geography
        said = self._marked(folded, "province", geography.provinces)
        province = said.codes[0] if said else (known or "")
        amphoe = self._amphoe(tokens, province)
        tambon = self._tambon(folded)
        if not said and tambon and not amphoe and not inside(tambon.codes, province):
            # A tambon that the known province has not: perhaps another province stands bare beside it.
            province = self._bare_province(tokens, province) or province
        if not province and not said:
            province = self._bare_province(tokens, "")
        if amphoe:
            own = inside(amphoe.codes, province) or (amphoe.codes if len(amphoe.codes) == 1 and not said else ())
            amphoe = _Mention(own, amphoe.start, amphoe.end) if len(own) == 1 else None
        area = amphoe.codes[0] if amphoe else province
        codes = inside(tambon.codes, area) if tambon else ()
        if tambon and not codes and amphoe is None and not province:
            codes = tambon.codes
        if tambon and codes and not amphoe:
            beside = self._bare(tokens, geography.amphoe, province, after=tambon.end)
            narrowed = inside(codes, beside.codes[0]) if beside and len(beside.codes) == 1 else ()
            amphoe, codes = (beside, narrowed) if narrowed else (None, codes)
        if not tambon and area:
            bare = self._bare(tokens, geography.tambons, area)
            # A district's own name, as in a hospital's, is the district and not the tambon of the same name.
            same = bare and geography.name(bare.codes[0]) in geography.amphoe
            tambon, codes = (bare, bare.codes) if bare and not same else (None, ())
        village = self._villages.find(folded)
        return self._place(folded, province, said, amphoe, tambon, codes, village)

    def is_ordinary(self, name: str) -> bool:
        """Whether a name is first of all an ordinary word, and no amphoe's in a place's company."""
        return name in self._ordinary and name not in self._after_context

    def place(self, code: str, candidates: tuple[str, ...], words: str) -> FoundPlace:
        """Return the place of a code of 2, 4 or 6 digits, or '' for none."""
        names = self.geography.place_names(code)
        return FoundPlace(
            province_code=code[:2],
            amphoe_code=code[:4] if len(code) >= 4 else "",
            tambon_code=code if len(code) == 6 else "",
            province=names.province,
            amphoe=names.amphoe,
            tambon=names.tambon,
            words=words if len(words) <= 3 * LONGEST else names.tambon or names.amphoe or names.province,
            candidates=candidates,
        )

    def _place(
        self,
        folded: str,
        province: str,
        said: _Mention | None,
        amphoe: _Mention | None,
        tambon: _Mention | None,
        codes: tuple[str, ...],
        village: str,
    ) -> FoundPlace | None:
        one = codes[0] if len(codes) == 1 else ""
        amphoe_code = one[:4] or (amphoe.codes[0] if amphoe else "")
        candidates = codes if 1 < len(codes) <= MOST_CANDIDATES else ()
        if not (said or amphoe_code or candidates or village) and not (province and self._says(folded, province)):
            return None
        province = amphoe_code[:2] or province
        spans = [mention for mention in (tambon if codes else None, amphoe, said) if mention]
        words = folded[min(s.start for s in spans) : max(s.end for s in spans)] if spans else village
        place = self.place(one or amphoe_code or province, candidates, " ".join(words.split()))
        return replace(place, village=village, words=place.words or village)

    def _says(self, folded: str, province: str) -> bool:
        return self.geography.name(province) in folded and self.geography.name(province) not in self._ordinary

    def _marked(self, folded: str, level: str, names: Mapping[str, tuple[str, ...]]) -> _Mention | None:
        """Return the first name that stands right behind a marker of its level."""
        for marker in self._markers[level].finditer(folded):
            found = name_at(folded, marker.end(), names)
            if found:
                return _Mention(names[folded[found[0] : found[1]]], marker.start(), found[1])
        return None

    def _tambon(self, folded: str) -> _Mention | None:
        """Return the tambons named behind markers, as one mention: two different ones are of equal standing."""
        found: list[_Mention] = []
        for marker in self._markers["tambon"].finditer(folded):
            span = name_at(folded, marker.end(), self.geography.tambons)
            if span:
                found.append(_Mention(self.geography.tambons[folded[span[0] : span[1]]], marker.start(), span[1]))
        if not found:
            return None
        codes = tuple(dict.fromkeys(code for mention in found for code in mention.codes))
        return _Mention(codes, found[0].start, found[-1].end)

    def _amphoe(self, tokens: Tokens, province: str) -> _Mention | None:
        folded = tokens.text
        marked = self._marked(folded, "amphoe", self.geography.amphoe)
        if marked:
            return marked
        town = self.geography.town.get(province)
        for said in self._town.finditer(folded):
            # A tambon may be called that too.
            if town and not self._tambon_before.search(folded[max(0, said.start() - 12) : said.start()]):
                return _Mention((town,), said.start(), said.end())
        return self._bare(tokens, self.geography.amphoe, province) if province else None

    def _bare(
        self, tokens: Tokens, names: Mapping[str, tuple[str, ...]], area: str, after: int = -1
    ) -> _Mention | None:
        """Return a name of `area` without a marker: a whole word in a place's company, or right behind `after`."""
        folded = tokens.text
        ends = set(tokens.ends)
        amphoe = names is self.geography.amphoe
        first_letters = self._first_letters[id(names)]
        for start in tokens.starts:
            if folded[start : start + 4] not in first_letters:
                continue
            beside = after >= 0 and 0 <= start - after <= 1
            before = folded[max(0, start - 12) : start]
            if not beside and self._landmark.search(before):
                continue
            context = (self._context if amphoe else self._tambon_context).search(before)
            alone = start == 0 or folded[start - 1].isspace()
            if not (beside or context or (alone and amphoe)):
                continue
            found = name_at(folded, start, names)
            if not found or found[1] not in ends:
                continue
            name = folded[found[0] : found[1]]
            codes = inside(names[name], area)
            if len(codes) != 1 or not (beside or self._stands_alone(name, amphoe, bool(context), folded, found[1])):
                continue
            return _Mention(codes, *found)
        return None

    def _stands_alone(self, name: str, amphoe: bool, context: bool, folded: str, end: int) -> bool:
        if len(name) < _BARE:
            return False
        closed = end >= len(folded) or not "\u0e01" <= folded[end] <= "\u0e4f"
        if name in self._ordinary:
            return amphoe and context and closed and name in self._after_context
        return closed if amphoe else context and closed

    def _bare_province(self, tokens: Tokens, but: str) -> str:
        folded = tokens.text
        first_letters = self._first_letters[id(self.geography.provinces)]
        for start in tokens.starts:
            if folded[start : start + 4] not in first_letters:
                continue
            found = name_at(folded, start, self.geography.provinces)
            if not found or folded[found[0] : found[1]] in self._ordinary:
                continue
            code = self.geography.provinces[folded[found[0] : found[1]]][0]
            if code != but and not self._elsewhere.search(folded[max(0, start - 12) : start]):
                return code
        return ""


def name_at(folded: str, start: int, names: Mapping[str, tuple[str, ...]]) -> tuple[int, int] | None:
    """Return where the longest of `names` stands at `start`, a space before it allowed.

    It must not end inside a syllable, and a short name (under 4 characters) must be followed by something else
    than Thai letters: such names begin many other words.
    """
    while start < len(folded) and folded[start] == " ":
        start += 1
    for end in range(min(len(folded), start + LONGEST), start + 1, -1):
        if folded[start:end] in names:
            after = folded[end : end + 1]
            inside = bool(after) and (
                after in "\u0e30\u0e32\u0e33\u0e45" or "\u0e31" <= after <= "\u0e3a" or "\u0e47" <= after <= "\u0e4e"
            )
            touching = bool(after) and "\u0e01" <= after <= "\u0e4f"
            return None if inside or (touching and end - start < 4) else (start, end)
    return None


def inside(codes: tuple[str, ...], area: str) -> tuple[str, ...]:
    """Return those of `codes` that lie in `area`, itself a code; none where `area` is ''."""
    return tuple(code for code in codes if area and code.startswith(area))


def _any_of(words: tuple[str, ...], *, end: bool = False) -> re.Pattern[str]:
    """Return a pattern of any of `words`, longest first; a short one must not be the end of a longer word."""
    parts = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    return re.compile(
        rf"(?:{parts})\s?$"
        if end
        else rf"(?<![\u0e01-\u0e4f.])(?:{parts})|(?:{'|'.join(re.escape(w) for w in words if len(w) > 3)})"
    )
