"""Sounds and films in chunks (WAV, CAF, AVI): what playing needs is kept, whatever else programs write is not.

LIST/INFO, bext, iXML, id3, XMP and their like tell who, where, when and with what. Microsoft's RIFF, 1991 and 1994;
EBU Tech 3285; Apple Core Audio Format 1.0.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from bot.cleaning.unfit import Unfit

WAV_KEPT = (b"fmt ", b"fact", b"data")
CAF_KEPT = (b"desc", b"data", b"pakt", b"kuki", b"chan")
AVI_LISTS = (b"hdrl", b"strl", b"odml")  # what is in them is looked at; movi is the film itself
AVI_KEPT = (b"avih", b"strh", b"strf", b"indx", b"vprp", b"dmlh", b"idx1")
MOST_CHUNKS = 20_000
DEEPEST = 6  # lists in each other


def of_wav(data: bytes) -> bytes:
    """A WAV of its format and its sound. One whose writer never came to fill in the sizes gets the true ones."""
    out: list[bytes] = []
    for kind, start, end in _riff(data, 12, len(data)):
        if kind in WAV_KEPT:
            out.append(kind + struct.pack("<I", end - start) + data[start:end] + bytes((end - start) % 2))
    if not any(one.startswith(b"data") for one in out):
        raise Unfit("empty", "no sound in it")
    body = b"WAVE" + b"".join(out)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def of_caf(data: bytes) -> bytes:
    """A CAF of its format, its sound and the table of its packets."""
    out, at, count = [data[:8]], 8, 0
    while at + 12 <= len(data):
        kind, size = struct.unpack_from(">4sQ", data, at)
        end = at + 12 + size
        if kind == b"data":  # not measured yet, or cut off on its way
            end = min(end, len(data))
        count += 1
        if end > len(data) or count > MOST_CHUNKS:
            raise Unfit("bad", "chunks that do not fit into the file")
        if kind in CAF_KEPT:
            out.append(data[at:end])
        at = end
    if len(out) < 2:
        raise Unfit("empty", "no sound in it")
    return b"".join(out)


def of_avi(data: bytes) -> bytes:
    """An AVI whose words are blanked where they stand, since its index names places in the file."""
    out = bytearray(data)
    at = 0
    while data[at : at + 4] == b"RIFF" and len(data) >= at + 12:  # large ones come in several
        end = min(len(data), at + 8 + int.from_bytes(data[at + 4 : at + 8], "little"))
        _blank_within(data, out, at + 12, end, DEEPEST)
        at = max(end, at + 12)
    return bytes(out[:at])


def _blank_within(data: bytes, out: bytearray, start: int, end: int, left: int) -> None:
    for kind, first, last in _riff(data, start, end):
        if kind == b"LIST" and data[first : first + 4] in AVI_LISTS and left:
            _blank_within(data, out, first + 4, last, left - 1)
        elif kind not in AVI_KEPT and not (kind == b"LIST" and data[first : first + 4] == b"movi"):
            out[first - 8 : first - 4] = b"JUNK"
            out[first:last] = bytes(last - first)


def _riff(data: bytes, at: int, limit: int) -> Iterator[tuple[bytes, int, int]]:
    """Chunks: their names, and where their content begins and ends. The last may be longer than what came."""
    count = 0
    while at + 8 <= limit:
        kind, size = struct.unpack_from("<4sI", data, at)
        count += 1
        if count > MOST_CHUNKS:
            raise Unfit("bad", "too many chunks")
        yield kind, at + 8, min(at + 8 + size, limit)
        at += 8 + size + size % 2
