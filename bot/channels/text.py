"""Text as the platforms count it: measured in their units, divided and shortened without breaking a letter."""

from __future__ import annotations

import unicodedata

ELLIPSIS = "…"
_JOINER = "\u200d"
_SARA_AM = "\u0e33\u0eb3"  # Thai and Lao "am": category Lo, yet part of the letter before (Unicode UAX 29, SpacingMark)


def utf16(text: str) -> int:
    """Length in UTF-16 code units, the unit of both platforms' text limits and offsets."""
    return len(text) + sum(character > "\uffff" for character in text)


def graphemes(text: str) -> list[str]:
    """Cut into what people see as one letter: Thai vowels and tones stay with their consonant, joined emoji together.

    A short form of Unicode UAX 29, enough for Thai, Latin and emoji; joined back the list is the text.
    """
    clusters: list[str] = []
    for character in text:
        if clusters and _extends(clusters[-1], character):
            clusters[-1] += character
        else:
            clusters.append(character)
    return clusters


def shorten(text: str, limit: int) -> str:
    """At most `limit` grapheme clusters, the last one "…" where something was cut."""
    clusters = graphemes(text)
    return text if len(clusters) <= limit else "".join(clusters[: limit - 1]).rstrip() + ELLIPSIS


def shorten_units(text: str, limit: int) -> str:
    """At most `limit` UTF-16 units, cut between grapheme clusters, ending in "…" where something was cut."""
    if utf16(text) <= limit:
        return text
    return text[: _fitting(text, limit - 1)].rstrip() + ELLIPSIS


def divide(text: str, limit: int) -> list[str]:
    """Divide into parts of at most `limit` UTF-16 units: at a line break, else at a space, else between letters.

    Only the white space at the cuts is dropped; an empty or blank text gives no part.
    """
    parts = []
    rest = text.strip()
    while utf16(rest) > limit:
        end = _fitting(rest, limit)
        window = rest[: end + 1]
        # A cut in the first half would make many small messages of one long line after a short one.
        cut = next((at for at in (window.rfind(mark) for mark in ("\n\n", "\n", " ")) if at > end // 2), end)
        parts.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*parts, rest] if rest else parts


def clean(text: str) -> str:
    """Without what no database takes: NUL characters go, halves of surrogate pairs become U+FFFD."""
    return text.replace("\x00", "").encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def cut_out(text: str, spans: list[tuple[int, int]]) -> str:
    """Take (offset, length) spans, in UTF-16 units, out of a text and close the gaps."""
    units = text.encode("utf-16-le", "surrogatepass")
    for offset, length in sorted(spans, reverse=True):
        if offset >= 0 and length > 0:
            before, after = units[: offset * 2], units[(offset + length) * 2 :]
            if before.endswith(b" \x00") and after.startswith(b" \x00"):
                after = after[2:]
            units = before + after
    return units.decode("utf-16-le", "replace").strip()


def span(text: str, offset: int, length: int) -> str:
    """The part of a text that an (offset, length) in UTF-16 units names."""
    return text.encode("utf-16-le", "surrogatepass")[offset * 2 : (offset + length) * 2].decode("utf-16-le", "replace")


def _fitting(text: str, limit: int) -> int:
    """How many characters of the text fit into `limit` units without breaking a grapheme cluster; at least one."""
    used = taken = 0
    # Nothing beyond `limit` characters can fit: a long text is not cut into letters to its end for every part.
    for cluster in graphemes(text[: limit + 1]):
        used += utf16(cluster)
        if used > limit:
            break
        taken += len(cluster)
    return taken or limit


def _extends(cluster: str, character: str) -> bool:
    if unicodedata.category(character) in ("Mn", "Me", "Mc") or character in _SARA_AM or character == _JOINER:
        return cluster[-1] not in "\r\n"
    if cluster[-1] == _JOINER or "\U0001f3fb" <= character <= "\U0001f3ff":
        return True
    if cluster == "\r" and character == "\n":
        return True
    flags = "\U0001f1e6" <= character <= "\U0001f1ff" and "\U0001f1e6" <= cluster[0] <= "\U0001f1ff"
    return flags and len(cluster) == 1
