"""What the conversation knows of provinces, agencies and hotlines: words in data, read from files elsewhere.

A report stores the core label; the province's own category is derived here, each time it is shown. A new list in a
province's file therefore relabels all of history without classifying anything again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

ProvinceKind = Literal["province", "network"]
# sourced: the name stands in the cited source; partly: a sourced topic whose name was completed or widened;
# inferred: the project's proposal; unverified: from memory, to be confirmed by the coordinator.
Standing = Literal["sourced", "partly", "inferred", "unverified"]


def _in_language(lang: str, name_th: str, name_en: str) -> str:
    return name_en if lang.startswith("en") and name_en else name_th


@dataclass(frozen=True, slots=True)
class ProvinceCategory:
    """One entry of a province's issue list.

    `core` holds core labels, 'slug' or 'slug/sub'. `also_core` are labels that are near to it: a hint for people
    who look for neighbours, never a mapping.
    """

    slug: str
    name_th: str
    name_en: str
    description: str
    core: tuple[str, ...]
    also_core: tuple[str, ...]
    status: Standing
    source: str
    quote: str = ""

    def name(self, lang: str) -> str:
        """Name in `lang` ('th', 'en', 'en-GB', …): English where asked for and known, else Thai."""
        return _in_language(lang, self.name_th, self.name_en)


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody of the province whom the coordinators named: an office, what it takes on, and how to reach it.

    `serves` holds core slugs; `phone` and `url` are '' where not given.
    """

    agency: str
    role: str = ""
    serves: tuple[str, ...] = ()
    phone: str = ""
    url: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Province:
    """A province and its issue list; or, with kind 'network', an issue list that several provinces share.

    `code` is the official two-digit code, `abbr` begins report codes ('ชร-48271'); both are '' for a network, which
    is never a place. `slogan`, `notes` and the rest are words for people, '' or () where the file has none.
    """

    slug: str
    kind: ProvinceKind
    abbr: str
    code: str
    name_th: str
    name_en: str
    region: str
    lead_agency: str
    slogan: str
    amphoe: tuple[str, ...]
    categories: tuple[ProvinceCategory, ...]
    list_status: str
    list_source: str
    notes: tuple[str, ...] = ()
    lead_agency_source: str = ""
    asa_pilot: bool = False
    contacts: tuple[Contact, ...] = ()

    def name(self, lang: str) -> str:
        """Name in `lang` ('th', 'en', 'en-GB', …): English where asked for and known, else Thai."""
        return _in_language(lang, self.name_th, self.name_en)

    def category_for(self, core: str, sub: str = "") -> ProvinceCategory | None:
        """Give the province's category of a core label; None where the label lies outside the province's list.

        A category that claims 'slug/sub' comes before one that claims the whole 'slug'. In a network's list, where
        two may claim the same label, the first in the file is given: see `categories_for`.
        """
        entries = (f"{core}/{sub}", core) if sub else (core,)
        found = (category for entry in entries for category in self.categories if entry in category.core)
        return next(found, None)

    def categories_for(self, core: str, sub: str = "") -> tuple[ProvinceCategory, ...]:
        """List the categories that a core label touches, the closest first, each once.

        With `sub` those that claim exactly 'core/sub', then those that claim all of 'core'. Without it those that
        claim all of 'core', then those that claim any part of it.
        """
        exact = f"{core}/{sub}" if sub else core
        close = [category for category in self.categories if exact in category.core]
        if sub:
            wide = [category for category in self.categories if core in category.core]
        else:
            part = f"{core}/"
            wide = [category for category in self.categories if any(entry.startswith(part) for entry in category.core)]
        return tuple(dict.fromkeys(close + wide))


@dataclass(frozen=True, slots=True)
class Agency:
    """A national agency of the partnership; `lead_province` is the slug of the province it leads, or ''."""

    abbr: str
    name_th: str
    name_en: str
    mandate: str
    lead_province: str = ""

    def name(self, lang: str) -> str:
        """Name in `lang` ('th', 'en', 'en-GB', …): English where asked for and known, else Thai."""
        return _in_language(lang, self.name_th, self.name_en)


@dataclass(frozen=True, slots=True)
class Hotline:
    """A short number that is dialled as it stands. `serves` are core slugs.

    `sourced` false: number and use are from general knowledge, and a coordinator has yet to confirm them.
    """

    number: str
    name_th: str
    serves: tuple[str, ...]
    sourced: bool
    source: str


@dataclass(frozen=True, slots=True)
class Mechanism:
    """A body of the province through which things move; `handles` are core slugs, ('*',) for all of them."""

    abbr: str
    role: str
    handles: tuple[str, ...]
    provenance: str


@dataclass(frozen=True, slots=True)
class Directory:
    """Everything loaded: `provinces` and `networks` by slug, in the files' order of names."""

    provinces: Mapping[str, Province]
    networks: Mapping[str, Province]
    agencies: tuple[Agency, ...]
    hotlines: tuple[Hotline, ...]
    mechanisms: tuple[Mechanism, ...]

    def by_code(self, code: str) -> Province | None:
        """Give the province of an official two-digit code ('57'), None where it is not loaded."""
        return next((province for province in self.provinces.values() if province.code == code), None)

    def by_abbr(self, abbr: str) -> Province | None:
        """Give the province whose report codes begin with `abbr` ('ชร'), None where it is not loaded."""
        return next((province for province in self.provinces.values() if province.abbr == abbr), None)

    def agency(self, abbr: str) -> Agency | None:
        """Give the agency of an abbreviation ('สช.'), None where it is not known."""
        return next((agency for agency in self.agencies if agency.abbr == abbr), None)

    def hotline(self, number: str) -> Hotline | None:
        """Give the hotline of a number ('1323'), None where it is not known."""
        return next((hotline for hotline in self.hotlines if hotline.number == number), None)
