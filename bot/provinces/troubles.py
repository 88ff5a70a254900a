"""What in files that are well formed cannot stand: contradictions, unknown labels, ambiguous claims; key by key."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from bot.provinces.shapes import AgenciesShape, CategoryShape, ProvinceShape
from bot.provinces.toml_file import hint
from handlers.provinces import Province

Known = Mapping[str, Collection[str]]
"""Each core slug with its sub-topics."""


def province_troubles(shape: ProvinceShape, stem: str, known: Known) -> Iterator[str]:
    """Say what in a province's file contradicts itself, the file's name `stem` or the core labels."""
    if shape.slug != stem:
        yield f"slug: '{shape.slug}' should be the file's name, '{stem}'"
    yield from _place_troubles(shape)
    if not shape.category:
        yield "category: at least one is needed"
    yield from _doubles("category", "slug", [category.slug for category in shape.category])
    for at, category in enumerate(shape.category, 1):
        if not category.core:
            yield f"category[{at}].core: is empty, so that '{category.slug}' would never be used"
        for key in ("core", "also_core"):
            yield from _unknown(f"category[{at}].{key}", getattr(category, key), known)
    if shape.kind == "province":
        yield from _ambiguous(shape.category)
    for at, contact in enumerate(shape.contact, 1):
        yield from _unknown(f"contact[{at}].serves", contact.serves, known)


def clashes(shape: ProvinceShape, earlier: Sequence[Province]) -> Iterator[str]:
    """Say what of a province's own marks another province has already."""
    for other in earlier:
        if shape.abbr and shape.abbr == other.abbr:
            yield f"abbr: '{shape.abbr}' is taken already by '{other.slug}'"
        if shape.iso and shape.iso.removeprefix("TH-") == other.code:
            yield f"iso: '{shape.iso}' is taken already by '{other.slug}'"


def agency_troubles(shape: AgenciesShape, known: Known, slugs: Collection[str]) -> Iterator[str]:
    """Say what in agencies.toml contradicts itself, the core labels or the `slugs` of the province files."""
    yield from _doubles("asa_agency", "abbr", [agency.abbr for agency in shape.asa_agency])
    yield from _doubles("mechanism", "abbr", [body.abbr for body in shape.mechanism])
    yield from _doubles("hotline", "number", [line.number for line in shape.hotline])
    for at, agency in enumerate(shape.asa_agency, 1):
        if agency.lead_province and agency.lead_province not in slugs:
            slug = agency.lead_province
            yield f"asa_agency[{at}].lead_province: there is no province '{slug}'{hint(slug, slugs)}"
    for at, body in enumerate(shape.mechanism, 1):
        if body.handles != ["*"]:
            yield from _unknown(f"mechanism[{at}].handles", body.handles, known)
    for at, line in enumerate(shape.hotline, 1):
        yield from _unknown(f"hotline[{at}].for", line.serves, known)


def _place_troubles(shape: ProvinceShape) -> Iterator[str]:
    if shape.kind == "province":
        # The abbreviation and digits alone make a report code, typed on one Thai keyboard.
        if not re.fullmatch(r"[ก-ฮ]{1,4}", shape.abbr):
            yield f"abbr: '{shape.abbr}' should be one to four Thai consonants, like 'ชร'"
        if not re.fullmatch(r"TH-[0-9]{2}", shape.iso):
            yield f"iso: '{shape.iso}' should be 'TH-' and the province's two digits, like 'TH-57'"
        if not shape.amphoe:
            yield "amphoe: a province needs its list of amphoe"
    else:
        for key in ("abbr", "iso", "amphoe"):
            if getattr(shape, key):
                yield f"{key}: a network is no place and has none"


def _ambiguous(categories: Sequence[CategoryShape]) -> Iterator[str]:
    claimed: dict[str, str] = {}
    for at, category in enumerate(categories, 1):
        for entry in category.core:
            if entry in claimed:
                yield f"category[{at}].core: '{entry}' is claimed already by '{claimed[entry]}'"
            claimed.setdefault(entry, category.slug)


def _doubles(table: str, key: str, values: Sequence[str]) -> Iterator[str]:
    for at, value in enumerate(values, 1):
        if value in values[: at - 1]:
            yield f"{table}[{at}].{key}: '{value}' stands already at {table}[{values.index(value) + 1}]"


def _unknown(key: str, entries: Sequence[str], known: Known) -> Iterator[str]:
    for entry in entries:
        slug, slash, sub = entry.partition("/")
        if slug not in known:
            yield f"{key}: unknown core category '{slug}'{hint(slug, known)}"
        elif slash and sub not in known[slug]:
            yield f"{key}: unknown sub-topic '{sub}' of '{slug}'{hint(sub, known[slug])}"
