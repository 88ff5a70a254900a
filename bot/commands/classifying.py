"""`classify`: messages on stdin, what is understood of each on stdout, a line each."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from handlers.provinces import Province
    from nlp.reader import Reader
    from nlp.reading import Reading


class LineError(ValueError):
    """A line is no message; the text says why, `told` is its id as far as it was said."""

    def __init__(self, told: Any, why: str) -> None:
        super().__init__(why)
        self.told = told


def classify_lines(
    lines: Iterable[bytes], say: Callable[[str], object], reader: Reader, province: Province | None
) -> int:
    """Answer every line and tell how many were bad.

    A line is a message, with its number as id; where the first line with something in it is a JSON object, every line
    has to be one, so that half a line is never read as if somebody had said it.
    """
    bad, in_json = 0, None
    for number, raw in enumerate(lines, 1):
        line = raw.removeprefix(b"\xef\xbb\xbf") if number == 1 else raw
        line = line.rstrip(b"\r\n")
        if in_json is None and line.strip():
            in_json = line.lstrip().startswith(b"{")
        try:
            told, text = _message(line, number, in_json=bool(in_json))
            answer = _answer(told, reader.read(text, province.code if province else None), province)
        except LineError as error:
            bad += 1
            answer = {"id": error.told, "error": str(error)}
        say(_dump(answer))
    return bad


def _message(line: bytes, number: int, *, in_json: bool) -> tuple[Any, str]:
    try:
        text = line.decode()
    except UnicodeDecodeError as error:
        raise LineError(number, f"not UTF-8 at byte {error.start + 1}") from None
    if not text.strip() or not (in_json or text.lstrip().startswith("{")):
        return number, text
    try:
        row = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise LineError(number, f"not JSON: {error}") from None
    if not isinstance(row, dict):
        raise LineError(number, 'not a JSON object such as {"id": 1, "text": "…"}')
    told = row.get("id", number)
    if not isinstance(row.get("text"), str):
        raise LineError(told, "'text' is missing or is no text")
    return told, row["text"]


def _refuse(word: str) -> NoReturn:
    raise ValueError(f"{word} is not JSON")


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


def _dump(answer: dict[str, Any]) -> str:
    said = json.dumps(answer, ensure_ascii=False)
    # Half a pair of surrogates, which JSON may hold and UTF-8 may not, stays escaped.
    return said if said.isascii() or not any("\ud800" <= c <= "\udfff" for c in said) else json.dumps(answer)
