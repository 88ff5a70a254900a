"""`split`: a forum note on stdin, its header and issues on stdout."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from bot.commands.failed import Failed

if TYPE_CHECKING:
    from handlers.provinces import Province
    from nlp.reader import Reader


def split_note(raw: bytes, reader: Reader, province: Province | None) -> str:
    """The note's header and issues as one line of JSON; categories are core slugs, what is not said is null.

    :raises Failed: it is not UTF-8.
    """
    from nlp.split import read_header, split_list  # noqa: PLC0415

    try:
        note = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Failed(f"stdin is not UTF-8 at byte {error.start + 1}: save the note as UTF-8") from None
    code = province.code if province else None
    issues = [{"text": item, "category": reader.read(item, code).category} for item in split_list(note)]
    header = {name: value or None for name, value in asdict(read_header(note)).items()}
    return json.dumps({"header": header, "issues": issues}, ensure_ascii=False)
