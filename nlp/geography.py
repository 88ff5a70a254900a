"""Thailand's 77 provinces, 928 amphoe and 7,436 tambons by name and code, from geothai."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from nlp.normalize import fold

LONGEST = 30
"""No official name is longer, in characters."""
BEGINNING = 3
"""Characters by which most words of a text are dismissed at one look."""

Codes = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class PlaceNames:
    """Official names, '' where a code does not reach that far or is unknown."""

    province: str = ""
    amphoe: str = ""
    tambon: str = ""


@dataclass(frozen=True, slots=True)
class Local:
    """Codes by name of one province's amphoe and tambons; `beginnings` are the first `BEGINNING` letters of both."""

    amphoe: Codes
    tambons: Codes
    beginnings: frozenset[str]

    @property
    def levels(self) -> tuple[Codes, Codes]:
        """Both levels, amphoe first."""
        return self.amphoe, self.tambons


@dataclass(frozen=True, slots=True)
class Geography:
    """Codes by name and names by code. Codes are 2 digits (province), 4 (amphoe), 6 (tambon).

    `amphoe` also holds what people call them. `town` maps a province to its amphoe mueang, `local` to its own names.
    """

    names: Mapping[str, str]
    provinces: Codes
    amphoe: Codes
    tambons: Codes
    town: Mapping[str, str]
    local: Mapping[str, Local]

    def name(self, code: str) -> str:
        """Return the official name of a code, '' for an unknown or empty one."""
        return self.names.get(code, "")

    def place_names(self, code: str) -> PlaceNames:
        """Return the names of a code and of what it lies in."""
        amphoe = self.name(code[:4]) if len(code) >= 4 else ""
        return PlaceNames(self.name(code[:2]), amphoe, self.name(code) if len(code) == 6 else "")


def load_geography(
    provinces_called: Mapping[str, str], amphoe_called: Mapping[str, str], town_prefix: str, district_prefix: str
) -> Geography:
    """Return the geography; `provinces_called` and `amphoe_called` hold official names by what people say.

    Raises:
        KeyError: an official name among them is none.
    """
    import geothai  # noqa: PLC0415 — reads its data files

    names: dict[str, str] = {}
    provinces: dict[str, tuple[str, ...]] = {}
    amphoe: dict[str, tuple[str, ...]] = {}
    tambons: dict[str, tuple[str, ...]] = {}
    town: dict[str, str] = {}
    for province in geothai.provinces():
        names[province.code] = province.name_th
        provinces[province.name_th] = (province.code,)
        for district in geothai.districts(province.code):
            names[district.code] = district.name_th
            # Bangkok's districts carry their kind in their name; people's markers stand apart from it.
            said = fold(district.name_th.removeprefix(district_prefix))
            amphoe[said] = (*amphoe.get(said, ()), district.code)
            if district.name_th == town_prefix + province.name_th:
                town[province.code] = district.code
            for subdistrict in geothai.subdistricts(district.code):
                names[subdistrict.code] = subdistrict.name_th
                # Folding a text makes one of three letters running; some names hold them.
                said = fold(subdistrict.name_th)
                tambons[said] = (*tambons.get(said, ()), subdistrict.code)
    provinces |= {called: provinces[official] for called, official in provinces_called.items()}
    amphoe |= {called: amphoe[official] for called, official in amphoe_called.items()}
    return Geography(names, provinces, amphoe, tambons, town, _local(amphoe, tambons))


def beginnings(names: Iterable[str]) -> frozenset[str]:
    """Return what a text holds at a place where one of `names` may stand, cut to `BEGINNING` characters."""
    long = {name[:BEGINNING] for name in names}
    return frozenset(long | {name + after for name in long if len(name) < BEGINNING for after in ("", " ", "\n", ")")})


def _local(amphoe: Codes, tambons: Codes) -> dict[str, Local]:
    own: dict[str, tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]] = {}
    for level, codes_by_name in enumerate((amphoe, tambons)):
        for name, codes in codes_by_name.items():
            for code in codes:
                names = own.setdefault(code[:2], ({}, {}))[level]
                names[name] = (*names.get(name, ()), code)
    return {province: Local(*levels, beginnings((*levels[0], *levels[1]))) for province, levels in own.items()}
