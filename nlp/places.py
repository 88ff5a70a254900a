"""Places in words, resolved to official codes. A doubtful tambon becomes candidates, never a guess."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from nlp.addresses import Address, Addresses, Settled
from nlp.bare import BareNames
from nlp.geography import LONGEST, Geography, load_geography
from nlp.lookup import NameLookup
from nlp.markers import Markers
from nlp.mentions import Mention
from nlp.reading import FoundPlace
from nlp.tables import Table, TableError, read_table, subtable, text
from nlp.tokenize import Tokens
from nlp.villages import VillageWords, load_villages

FILE = "places.toml"
_BEHIND = 2
"""Characters between a place and what stands right behind it, at most."""
MOST_CANDIDATES = 8


class Gazetteer:
    """Geography and the words around place names, ready to find places."""

    def __init__(self) -> None:
        """Read `places.toml` and geothai's data.

        Raises:
            TableError: a list is missing or of the wrong shape.
        """
        table = read_table(FILE)
        alias, town = subtable(table, "alias", FILE), subtable(table, "town", FILE)
        try:
            self.geography: Geography = load_geography(
                _called(alias, "province"),
                _called(alias, "amphoe"),
                text(town, "prefix", FILE),
                text(town, "district_prefix", FILE),
            )
            elsewhere = subtable(table, "elsewhere", FILE)
            self._here = re.compile(text(elsewhere, "here", FILE))
            self._there = re.compile(text(elsewhere, "there", FILE))
        except (KeyError, re.error) as error:
            raise TableError(FILE, "alias or elsewhere", str(error)) from error
        self.lookup = NameLookup(table, self.geography, FILE)
        self._markers = Markers(table, self.geography, self.lookup, FILE)
        self._bare = BareNames(table, self.geography, FILE)
        self._addresses = Addresses(table, self.geography, FILE)
        self._villages = load_villages(subtable(table, "village", FILE), f"{FILE}: village")

    def villages(self, tokens: Tokens) -> list[str]:
        """Return every village's words of a folded text."""
        found = self._villages.find(tokens)
        return [tokens.text[start:end] for start, end in (*found.names, *found.numbers)]

    def find(self, tokens: Tokens, known: str | None) -> FoundPlace | None:
        """Return the place a folded text speaks of, or None.

        Args:
            tokens: the text.
            known: code of the province that the conversation knows, if any; a province named in the text wins.
        """
        folded, province = tokens.text, known or ""
        firm = self._markers.find(tokens, province)
        # A province that is an ordinary word too ("at all" is Loei) counts only right behind a place.
        provinces = [
            mention
            for mention in self._bare.provinces(tokens, firm, province)
            if not self._bare.is_ordinary(folded[mention.start : mention.end])
            or any(0 <= mention.start - other.end <= _BEHIND for other in firm)
        ]
        villages = self._villages.find(tokens, [(mention.start, mention.end) for mention in firm])
        taken = [*firm, *provinces]
        taken += self._bare.towns(folded, taken)
        base = self._base(folded, firm, provinces, province)
        bare = self._bare.find(tokens, taken, villages.numbers, villages.names, base)
        bare = [mention for mention in bare if all(apart(mention, other) for other in firm)]
        mentions = [*bare, *(mention for mention in taken if all(apart(mention, other) for other in bare))]
        if not mentions:
            return self._with_village(Settled(""), folded, villages, [], province)
        addresses = self._addresses.group(folded, mentions, (*villages.numbers, *villages.names))
        settled = self._settle(folded, addresses, province)
        sure = [mention for mention in bare if not mention.doubtful]
        return self._with_village(settled, folded, villages, [*firm, *sure], province)

    def is_ordinary(self, name: str) -> bool:
        """Whether a name is first of all an ordinary word, and no amphoe's in a place's company."""
        return self._bare.is_ordinary(name)

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

    def _base(self, folded: str, firm: Sequence[Mention], provinces: Sequence[Mention], known: str) -> str:
        """Return the province in which bare names are looked for."""
        said = next((mention.codes[0] for mention in firm if mention.level == "province"), "")
        bare = (m.codes[0] for m in provinces if not self._bare.is_apart(folded, m))
        return known or said or next(bare, "")

    def _settle(self, folded: str, addresses: list[Address], known: str) -> Settled:
        """Return what the addresses come to; a bare province by itself counts where it is needed or said to be here."""
        bare = [address for address in addresses if address.is_lone_province and not address.parts[0].firm]
        placed = [address for address in addresses if address not in bare]
        alone = [address for address in bare if not self._bare.is_apart(folded, address.parts[0])]
        here = [a for a in alone if not known or self._is_here(folded, a.start)]
        settled = self._addresses.settle(folded, sorted([*placed, *here], key=lambda a: a.start), known)
        needed = not settled.tambons and any(address.of("tambon") for address in placed)
        if needed and len(alone) > len(here):
            again = self._addresses.settle(folded, sorted([*placed, *alone], key=lambda a: a.start), known)
            return again if again.tambons else settled
        return settled

    def _is_here(self, folded: str, start: int) -> bool:
        """Whether the words before a bare province say that it is there."""
        before = max(0, start - 32)
        return bool(self._here.search(folded, before, start)) and not self._there.search(folded, before, start)

    def _with_village(
        self, settled: Settled, folded: str, villages: VillageWords, mentions: Sequence[Mention], known: str
    ) -> FoundPlace | None:
        used = [(mention.start, mention.end) for mention in mentions]
        village = self._villages.said(folded, villages, used)
        name = self.geography.name(known)
        if not (settled.province or village or (name and name in folded and not self._bare.is_ordinary(name))):
            return None
        one = settled.tambons[0] if settled.sure and settled.tambons else ""
        candidates = settled.tambons if not one and len(settled.tambons) <= MOST_CANDIDATES else ()
        parts = settled.parts
        words = folded[min(p.start for p in parts) : max(p.end for p in parts)] if parts else village
        code = one or settled.amphoe or settled.province or known
        if settled.tambons and not one and not settled.amphoe:
            # A name that lies in several provinces tells none of them.
            inside_one = all(tambon.startswith(settled.province) for tambon in settled.tambons)
            code = settled.province if inside_one else known
        place = self.place(code, candidates, " ".join(words.split()))
        return replace(place, village=village, words=place.words or village)


def apart(one: Mention, other: Mention) -> bool:
    """Whether two names share no character."""
    return one.end <= other.start or other.end <= one.start


def _called(alias: Table, level: str) -> Mapping[str, str]:
    names = subtable(alias, level, f"{FILE}: alias")
    if not all(isinstance(name, str) for name in names.values()):
        raise TableError(FILE, f"alias.{level}", "names are needed")
    return names
