"""`classify`: messages on stdin, what is understood of each on stdout, a line each."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from bot.commands.lines import LineError, complaint, dump, read_lines

if TYPE_CHECKING:
    from handlers.provinces import Province
    from nlp.reader import Reader
    from nlp.reading import Reading


def classify_lines(
    lines: Iterable[bytes], say: Callable[[str], object], reader: Reader, province: Province | None
) -> int:
    """Answer every line, read as `read_lines` says, and tell how many were bad."""
    bad = 0
    code = province.code if province else None
    for line in read_lines(lines):
        if isinstance(line, LineError):
            bad += 1
            say(dump(complaint(line)))
        else:
            say(dump(_answer(line.told, reader.read(line.text, code), province)))
    return bad


def _answer(told: Any, reading: Reading, province: Province | None) -> dict[str, Any]:
    own = province.category_for(reading.category, reading.sub) if province else None
    place = reading.place
    return {
        "id": told,
        "category": reading.category,
        "sub": reading.sub,
        "province_category": own.slug if own else None,
        "confidence": round(reading.confidence, 4),
        "alternatives": [[slug, round(share, 4)] for slug, share in reading.alternatives],
        "kind": reading.kind,
        "urgency": reading.urgency,
        "sensitive": reading.sensitive,
        "place": None
        if place is None or not (place.tambon_code or place.amphoe or place.village)
        else {"tambon_code": place.tambon_code, "amphoe": place.amphoe, "village": place.village},
        "masked_text": reading.masked_text,
        "summary": reading.summary,
        "evidence": list(reading.evidence),
    }
