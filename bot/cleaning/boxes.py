"""Films and recordings in boxes (MP4, MOV, M4A, 3GP): what tells place and device is blanked where it stands.

No byte moves, since a film's tables name its samples by their distance from the file's start. Box sizes are what
somebody sent: each is held against the bytes that are there. ISO/IEC 14496-12; QuickTime File Format, "Metadata".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.cleaning.unfit import Unfit

# udta holds ©xyz and loci, meta the keys com.apple.quicktime.location.*, make and model; uuid holds XMP. Nothing of it
# is needed to play. What a film calls free may be what another program blanked by its name only.
TELLING = (b"udta", b"meta", b"uuid", b"free", b"skip")
HOLDING = (b"moov", b"trak", b"mdia", b"moof", b"traf")
# Tracks of a phone's or drone's own: positions second by second (mebx, camm, gpmd).
SPOKEN = (b"soun", b"vide", b"text", b"sbtl", b"subt", b"clcp", b"tmcd")
MOST_BOXES = 20_000  # in one list
DEEPEST = 8  # lists in each other
MOST_SAMPLES = 500_000


@dataclass(frozen=True, slots=True)
class Film:
    """A film without its metadata; whether it holds a track of sound and one of pictures."""

    data: bytes
    sound: bool
    picture: bool


@dataclass(frozen=True, slots=True)
class Box:
    """A box: where its name, its content and its end are."""

    kind: bytes
    name: int
    start: int
    end: int


def blanked(data: bytes) -> Film:
    """Blank what tells.

    :raises Unfit: the boxes do not fit into each other, or there is no film in them.
    """
    out = bytearray(data)
    tracks: list[bytes] = []
    walked = _walk(data, 0, len(data))
    if not any(box.kind == b"moov" for box in walked):
        raise Unfit("bad", "a film without its list of tracks")
    _blank_within(data, out, walked, tracks, DEEPEST)
    return Film(bytes(out), b"soun" in tracks, b"vide" in tracks)


def _blank_within(data: bytes, out: bytearray, boxes: list[Box], tracks: list[bytes], left: int) -> None:
    if not left:
        raise Unfit("bad", "boxes too deep in each other")
    for box in boxes:
        if box.kind in TELLING:
            _blank(out, box)
        elif box.kind == b"trak":
            _track(data, out, box, tracks, left - 1)
        elif box.kind in HOLDING:
            _blank_within(data, out, _walk(data, box.start, box.end), tracks, left - 1)


def _track(data: bytes, out: bytearray, box: Box, tracks: list[bytes], left: int) -> None:
    inside = _walk(data, box.start, box.end)
    handler = _find(data, inside, b"mdia", b"hdlr")
    spoken = data[handler.start + 8 : handler.start + 12] if handler else b""
    if spoken in SPOKEN:
        tracks.append(spoken)
        _blank_within(data, out, inside, tracks, left)
        return
    table = _find(data, inside, b"mdia", b"minf", b"stbl")
    if table is not None:
        for start, end in _samples(data, _walk(data, table.start, table.end)):
            out[start:end] = bytes(end - start)
    _blank(out, box)


def _blank(out: bytearray, box: Box) -> None:
    out[box.name : box.name + 4] = b"free"
    out[box.start : box.end] = bytes(box.end - box.start)


def _find(data: bytes, boxes: list[Box], *path: bytes) -> Box | None:
    box = next((one for one in boxes if one.kind == path[0]), None)
    if box is None or len(path) == 1:
        return box
    return _find(data, _walk(data, box.start, box.end), *path[1:])


def _walk(data: bytes, start: int, end: int) -> list[Box]:
    found: list[Box] = []
    at = start
    while at + 8 <= end:
        size, kind, head = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8], 8
        if size == 0 and start != 0 and kind == b"\0\0\0\0":
            break  # QuickTime may end a list with zeros
        if size == 1:
            size, head = int.from_bytes(data[at + 8 : at + 16], "big"), 16
        elif size == 0:
            size = end - at
        if size < head or at + size > end or len(found) >= MOST_BOXES:
            raise Unfit("bad", "boxes that do not fit into each other")
        found.append(Box(kind, at + 4, at + head, at + size))
        at += size
    return found


def _samples(data: bytes, table: list[Box]) -> Iterator[tuple[int, int]]:
    """Where a track's samples lie, from its tables; nothing for tables that make no sense."""
    known = {box.kind: box for box in table}
    sizes, runs = known.get(b"stsz"), known.get(b"stsc")
    chunks = known.get(b"stco") or known.get(b"co64")
    if sizes is None or runs is None or chunks is None:
        return
    same, count = _number(data, sizes.start + 4), min(_number(data, sizes.start + 8), MOST_SAMPLES)
    wide = 8 if chunks.kind == b"co64" else 4
    first = [_number(data, runs.start + 8 + 12 * n) for n in range(_entries(data, runs, 12))]
    per = [_number(data, runs.start + 12 + 12 * n) for n in range(len(first))]
    sample, run = 0, 0
    for chunk in range(_entries(data, chunks, wide)):
        while run + 1 < len(first) and chunk + 1 >= first[run + 1]:
            run += 1
        at = int.from_bytes(data[chunks.start + 8 + wide * chunk : chunks.start + 8 + wide * (chunk + 1)], "big")
        for _ in range(min(per[run] if per else 0, count - sample)):
            size = same or _number(data, sizes.start + 12 + 4 * sample)
            yield min(at, len(data)), min(at + size, len(data))
            at, sample = at + size, sample + 1


def _entries(data: bytes, box: Box, wide: int) -> int:
    return min(_number(data, box.start + 4), max(0, box.end - box.start - 8) // wide, MOST_SAMPLES)


def _number(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 4], "big")
