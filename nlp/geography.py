"""Thailand's 77 provinces, 928 amphoe and 7,436 tambons by name and code, from geothai."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

LONGEST = 30
"""No official name is longer, in characters."""


@dataclass(frozen=True, slots=True)
class PlaceNames:
    """Official names, '' where a code does not reach that far or is unknown."""

    province: str = ""
    amphoe: str = ""
    tambon: str = ""


@dataclass(frozen=True, slots=True)
class Geography:
    """Codes by name and names by code. Codes are 2 digits (province), 4 (amphoe), 6 (tambon)."""

    names: Mapping[str, str]
    provinces: Mapping[str, tuple[str, ...]]
    amphoe: Mapping[str, tuple[str, ...]]
    tambons: Mapping[str, tuple[str, ...]]
    town: Mapping[str, str]

    def name(self, code: str) -> str:
        """Return the official name of a code, '' for an unknown or empty one."""
        return self.names.get(code, "")

    def place_names(self, code: str) -> PlaceNames:
        """Return the names of a code and of what it lies in."""
        amphoe = self.name(code[:4]) if len(code) >= 4 else ""
        return PlaceNames(self.name(code[:2]), amphoe, self.name(code) if len(code) == 6 else "")


def load_geography(aliases: Mapping[str, str], town_prefix: str, district_prefix: str) -> Geography:
    """Return the geography; `aliases` are other names of provinces; `town` maps a province to its amphoe mueang."""
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
            said = district.name_th.removeprefix(district_prefix)
            amphoe[said] = (*amphoe.get(said, ()), district.code)
            if district.name_th == town_prefix + province.name_th:
                town[province.code] = district.code
            for subdistrict in geothai.subdistricts(district.code):
                names[subdistrict.code] = subdistrict.name_th
                tambons[subdistrict.name_th] = (*tambons.get(subdistrict.name_th, ()), subdistrict.code)
    for alias, official in aliases.items():
        provinces[alias] = provinces[official]
    return Geography(names, provinces, amphoe, tambons, town)
