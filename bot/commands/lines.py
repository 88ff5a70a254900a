"""Messages on stdin, a line each or JSON lines, as every command reads them, and answers as JSON lines."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn


class LineError(ValueError):
    """A line is no message; the text says why, `told` is its id as far as it was said."""

    def __init__(self, told: Any, why: str) -> None:
        super().__init__(why)
        self.told = told


@dataclass(frozen=True, slots=True)
class Line:
    """A message: its id, which is the line's number where none is told, and the JSON object that it came in, if any."""

    told: Any
    text: str
    row: Mapping[str, Any]


def read_lines(lines: Iterable[bytes]) -> Iterator[Line | LineError]:
    """Yield what every line says, or what is wrong with it.

    A line is a message, with its number as id; where the first line with something in it is a JSON object, every line
    has to be one, so that half a line is never read as if somebody had said it.
    """
    in_json = None
    for number, raw in enumerate(lines, 1):
        line = raw.removeprefix(b"\xef\xbb\xbf") if number == 1 else raw
        line = line.rstrip(b"\r\n")
        if in_json is None and line.strip():
            in_json = line.lstrip().startswith(b"{")
        try:
            yield _message(line, number, in_json=bool(in_json))
        except LineError as error:
            yield error


def dump(answer: Mapping[str, Any]) -> str:
    """One answer as a line of JSON."""
    said = json.dumps(answer, ensure_ascii=False)
    # Half a pair of surrogates, which JSON may hold and UTF-8 may not, stays escaped.
    return said if said.isascii() or not any("\ud800" <= c <= "\udfff" for c in said) else json.dumps(answer)


def complaint(error: LineError) -> dict[str, Any]:
    """The answer to a line that is no message."""
    return {"id": error.told, "error": str(error)}


def _message(line: bytes, number: int, *, in_json: bool) -> Line:
    try:
        text = line.decode()
    except UnicodeDecodeError as error:
        raise LineError(number, f"not UTF-8 at byte {error.start + 1}") from None
    if not text.strip() or not (in_json or text.lstrip().startswith("{")):
        return Line(number, text, {})
    try:
        row = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise LineError(number, f"not JSON: {error}") from None
    if not isinstance(row, dict):
        raise LineError(number, 'not a JSON object such as {"id": 1, "text": "…"}')
    told = row.get("id", number)
    if not isinstance(row.get("text"), str):
        raise LineError(told, "'text' is missing or is no text")
    return Line(told, row["text"], row)


def _refuse(word: str) -> NoReturn:
    raise ValueError(f"{word} is not JSON")
