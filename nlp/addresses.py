"""Addresses: names that stand together, which of them is the place spoken of, and what it is by code."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from nlp.geography import Geography
from nlp.mentions import Level, Mention, inside
from nlp.tables import Table, TableError, subtable, text

_BEFORE = 56

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Address:
    """Names that stand side by side, in the text's order and at most one of each level."""

    parts: tuple[Mention, ...]

    @property
    def start(self) -> int:
        """Where its first name begins."""
        return self.parts[0].start

    @property
    def end(self) -> int:
        """Where its last name ends."""
        return self.parts[-1].end

    @property
    def is_lone_province(self) -> bool:
        """Whether it is nothing but a province."""
        return len(self.parts) == 1 and self.parts[0].level == "province"

    def of(self, level: Level) -> Mention | None:
        """Return its name of a level."""
        return next((part for part in self.parts if part.level == level), None)


@dataclass(frozen=True, slots=True)
class Settled:
    """What the addresses of a text come to, in official codes, '' for none.

    `tambons` is the one where `sure`, else those that it may be. `parts` are the names that decided.
    """

    province: str
    amphoe: str = ""
    tambons: tuple[str, ...] = ()
    sure: bool = False
    parts: tuple[Mention, ...] = ()


@dataclass(frozen=True, slots=True)
class _Bases:
    """Provinces that an address without one may lie in: named by itself in the text, and known before; '' for none."""

    lone: str
    known: str

    def of(self, said: Mention | None) -> list[str]:
        """Return the provinces of an address that says `said`."""
        if said:
            return [said.codes[0]]
        return [base for base in dict.fromkeys((self.lone, self.known)) if base]


class Addresses:
    """The words between and around the names of an address, ready to choose between addresses."""

    def __init__(self, table: Table, geography: Geography, file: str) -> None:
        """Take the tables `address` and `elsewhere`.

        Raises:
            TableError: a pattern is missing or is no regular expression.
        """
        elsewhere = subtable(table, "elsewhere", file)
        self._geography = geography
        try:
            self._gap = re.compile(text(subtable(table, "address", file), "gap", file))
            self._there = re.compile(text(elsewhere, "address", file))
            self._way = re.compile(text(elsewhere, "way", file))
            self._visit = re.compile(text(elsewhere, "visit", file))
            self._source = re.compile(text(elsewhere, "source", file))
            self._onward = re.compile(text(elsewhere, "onward", file))
            self._after = re.compile(text(elsewhere, "after", file))
        except re.error as error:
            raise TableError(file, "address or elsewhere", str(error)) from error

    def group(self, folded: str, mentions: Iterable[Mention], villages: Iterable[Span]) -> list[Address]:
        """Return the names of a text as addresses, in order; village words between two names don't part them."""
        for start, end in villages:
            folded = f"{folded[:start]}{' ' * (end - start)}{folded[end:]}"
        ordered = sorted(mentions, key=lambda mention: mention.start)
        groups: list[list[Mention]] = []
        for at, mention in enumerate(ordered):
            group = groups[-1] if groups else []
            joins = (
                bool(group)
                and all(part.level != mention.level for part in group)
                and self._gap.fullmatch(folded, group[-1].end, mention.start) is not None
            )
            # An amphoe of which the tambon behind it is none belongs to something else if the tambon has its own.
            if joins and self._strangers(group, mention) and at + 1 < len(ordered):
                behind = ordered[at + 1]
                adjoins = behind.level == "amphoe" and self._gap.fullmatch(folded, mention.end, behind.start)
                joins = not (adjoins and not self._strangers([behind], mention))
            if joins:
                group.append(mention)
            else:
                groups.append([mention])
        return [Address(tuple(group)) for group in groups]

    def settle(self, folded: str, addresses: list[Address], known: str) -> Settled:
        """Return the place that a text's addresses come to; `known` is the conversation's province, or ''."""
        here = self._here(folded, addresses)
        lone = next((a.parts[0].codes[0] for a in here if a.is_lone_province), "")
        bases = _Bases(lone, known)
        tambons = [address for address in here if address.of("tambon")]
        if tambons:
            settled = self._tambon(_most_telling(tambons), here, bases)
        else:
            # Only places where somebody else is: one of this province is asked about.
            settled = self._tambon([address for address in addresses if address.of("tambon")], here, bases)
            settled = replace(settled, sure=False) if settled and settled.province == known else None
        if settled:
            return settled
        for firm in (True, False):
            for address in here:
                amphoe = address.of("amphoe")
                if amphoe and amphoe.firm == firm and (settled := self._amphoe(address, amphoe, bases)):
                    return settled
        said = next((part for address in here if (part := address.of("province"))), None)
        return Settled(said.codes[0], parts=(said,)) if said else Settled("")

    def _here(self, folded: str, addresses: list[Address]) -> list[Address]:
        """Return the addresses that are not said to be where somebody works, goes or comes from."""
        here: list[Address] = []
        onward = False
        for at, address in enumerate(addresses):
            start = max(0, address.start - _BEFORE, addresses[at - 1].end if at else 0)
            behind = addresses[at + 1].start if at + 1 < len(addresses) else 0
            # From one to the other: that is a road, and both ends of it are meant.
            road = bool(behind and self._source.search(folded, start, address.start)) and bool(
                self._onward.search(folded, address.end, behind)
            )
            if onward or road or not self._is_elsewhere(folded, start, address, sole=len(addresses) == 1):
                here.append(address)
            onward = road
        return here

    def _is_elsewhere(self, folded: str, start: int, address: Address, *, sole: bool) -> bool:
        if self._there.search(folded, start, address.start):
            return True
        tambon = address.of("tambon")
        if tambon and tambon.by != "office":
            if self._after.match(folded, address.end):
                return True
            if sole:
                return bool(self._visit.search(folded, start, address.start))
        return (not sole or address.is_lone_province) and bool(self._way.search(folded, start, address.start))

    def _tambon(self, tambons: list[Address], here: list[Address], bases: _Bases) -> Settled | None:
        """Return the tambon that some addresses come to, or their tambons in doubt; None where they have no code."""
        found = [(address, *self._codes(address, bases)) for address in tambons]
        found = [each for each in found if each[1]]
        if any(_tambon_of(address).firm for address, _, _ in found):
            found = [each for each in found if each[2] or _tambon_of(each[0]).firm]
        if not found:
            return None
        codes = tuple(dict.fromkeys(code for _, some, _ in found for code in some))
        first = found[0][0]
        if len(codes) > 1 and len(found) == 1:
            others = [amphoe.codes for a in here if a is not first and (amphoe := a.of("amphoe"))]
            narrowed = tuple(code for code in codes if any(code[:4] in amphoe for amphoe in others))
            codes = narrowed if len(narrowed) == 1 else codes
        sure = len(codes) == 1 and all(each for _, _, each in found)
        return Settled(
            codes[0][:2],
            codes[0][:4] if sure else self._own_amphoe(first, codes),
            codes,
            sure,
            tuple(part for address, _, _ in found for part in address.parts),
        )

    def _own_amphoe(self, address: Address, tambons: tuple[str, ...]) -> str:
        """Return the amphoe that an address says beside a tambon that stays in doubt, '' for none."""
        amphoe = address.of("amphoe")
        own = inside(amphoe.codes, tambons[0][:2]) if amphoe else ()
        return own[0] if len(own) == 1 else ""

    def _codes(self, address: Address, bases: _Bases) -> tuple[tuple[str, ...], bool]:
        """Return the codes that an address's tambon may have, and whether nothing puts them in doubt."""
        tambon, amphoe, province = _tambon_of(address), address.of("amphoe"), address.of("province")
        provinces = bases.of(province)
        if amphoe:
            areas = [code for base in provinces for code in inside(amphoe.codes, base)]
            if not areas and not province and len(amphoe.codes) == 1:
                areas = [*amphoe.codes]
            codes = tuple(code for code in tambon.codes if code[:4] in areas)
            if codes:
                # The amphoe beside it takes the doubt from a name that is misspelt, but not from an ordinary word.
                return codes, tambon.firm or not tambon.doubtful
            return next((codes for base in provinces if (codes := inside(tambon.codes, base))), ()), False
        for base in provinces:
            if codes := inside(tambon.codes, base):
                return codes, not tambon.doubtful
        return ((), False) if provinces else (tambon.codes, not tambon.doubtful)

    def _amphoe(self, address: Address, amphoe: Mention, bases: _Bases) -> Settled | None:
        province = address.of("province")
        for base in bases.of(province):
            own = inside(amphoe.codes, base)
            if len(own) == 1:
                return Settled(base, own[0], parts=address.parts)
        if len(amphoe.codes) == 1 and not province:
            return Settled(amphoe.codes[0][:2], amphoe.codes[0], parts=address.parts)
        return None

    def _strangers(self, group: list[Mention], tambon: Mention) -> bool:
        """Whether a group's amphoe has no tambon of that name."""
        amphoe = next((part for part in group if part.level == "amphoe"), None)
        return (
            amphoe is not None
            and tambon.level == "tambon"
            and not any(code[:4] in amphoe.codes for code in tambon.codes)
        )


def _most_telling(addresses: list[Address]) -> list[Address]:
    """Return those with a tambon's own name or its office's; where there is none, those of a health station."""
    return [address for address in addresses if _tambon_of(address).by != "station"] or addresses


def _tambon_of(address: Address) -> Mention:
    tambon = address.of("tambon")
    if tambon is None:
        raise ValueError("an address without a tambon")
    return tambon
