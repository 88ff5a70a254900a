"""Addresses as maps write them in Latin letters: a phone set to English sends such a one with every pin."""

from __future__ import annotations

import re
from collections.abc import Iterable

_KINDS = re.compile(r"\b(sub-?district|district|province|tambon|khwaeng|amphoe|khet|chang\s?wat)\b|[\d.-]")
_LONGEST = 500
"""Characters of an address that are read, the last of it: they tell most."""
_PARTS = 12
"""Parts of an address that are read, likewise."""


def find(address: str) -> str:
    """Return the code of an address such as 'Mae Yao, Mueang Chiang Rai District, Chiang Rai 57100, Thailand'.

    Names are the official ones in Latin letters, from geothai: province last, before it amphoe, before that tambon.
    The code has 6, 4 or 2 digits, as far as names are known; '' where it names no province.
    """
    import geothai  # noqa: PLC0415 — reads its data files

    parts = [_spelt(part) for part in address[-_LONGEST:].split(",")][-_PARTS:]
    province, at = _last(((one.name_en, one.code) for one in geothai.provinces()), parts)
    if not province:
        return ""
    amphoe, at = _last(((one.name_en, one.code) for one in geothai.districts(province)), parts[:at])
    if not amphoe:
        return province
    tambon, _ = _last(((one.name_en, one.code) for one in geothai.subdistricts(amphoe)), parts[:at])
    return tambon or amphoe


def _last(names: Iterable[tuple[str, str]], parts: list[str]) -> tuple[str, int]:
    """Return the code of the name that stands last among some parts, and which part it is; ('', 0) for none."""
    codes = {_spelt(name): code for name, code in names}
    for at in range(len(parts) - 1, -1, -1):
        if code := codes.get(parts[at]):
            return code, at
    return "", 0


def _spelt(part: str) -> str:
    """Return a name as it is compared: maps write Muang and Mueang, with spaces and without, and what kind it is."""
    plain = "".join(_KINDS.sub(" ", part.lower()).split())
    return plain.replace("mueang", "muang").replace("krungthepmahanakhon", "bangkok").replace("'", "")
