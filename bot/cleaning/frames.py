"""Sounds that are a row of frames (MP3, AAC, FLAC): the frames are kept, and what is written beside them is not.

ID3, APE, Lyrics3, pictures and whatever else programs hang before, behind and between the frames goes with that.
ISO/IEC 11172-3 and 13818-3 (MPEG audio), 13818-7 (ADTS); RFC 9639 (FLAC); ID3v2.4, section 3.1.
"""

from __future__ import annotations

import re

from bot.cleaning.unfit import Unfit

_HIGH = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)  # MPEG 1, layer III, kilobits
_LAYER_2 = (0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384)  # MPEG 1, layer II
_LOW = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)  # MPEG 2 and 2.5
_RATES = (44_100, 48_000, 32_000)  # of MPEG 1; 2 has half of them, 2.5 a quarter
_SYNC = re.compile(rb"\xff[\xe2-\xe5\xf0-\xf5\xf8-\xfd]", re.DOTALL)
MOST_STRAYS = 100_000  # places that look like a frame's start and are none
MOST_BLOCKS = 2  # that are kept
STREAMINFO, SEEKTABLE, LAST = 0, 3, 0x80  # FLAC's blocks that playing needs, and the flag of the last one


def of_mpeg(data: bytes) -> bytes:
    """The frames of an MP3 or AAC (ADTS).

    :raises Unfit: there is none.
    """
    runs: list[bytes] = []
    at, strays = 0, 0
    while found := _SYNC.search(data, at := behind_id3(data, at)):
        # Between at and here lies something that is no frame; what comes is one if another follows it.
        start = found.start()
        if b"ID3" in data[at:start]:
            at += data[at:start].index(b"ID3")
            if behind_id3(data, at) > at:
                continue
        end = _run_end(data, start)
        if end > start:
            runs.append(data[start:end])
        else:
            strays += 1
            if strays > MOST_STRAYS:
                break
        at = max(end, start + 1)
    if not runs:
        raise Unfit("empty", "no frame of sound")
    return b"".join(runs)


def of_flac(data: bytes) -> bytes:
    """A FLAC of its measures, its table of places and its frames.

    :raises ValueError: its blocks do not fit into it.
    """
    kept: list[bytes] = []
    at, flags = behind_id3(data, 0) + 4, 0
    while not flags & LAST:
        size = int.from_bytes(data[at + 1 : at + 4], "big")
        if at + 4 + size > len(data) or len(kept) > MOST_BLOCKS:
            raise ValueError("blocks that do not fit into the file")
        flags = data[at]
        if flags & ~LAST in (STREAMINFO, SEEKTABLE):
            kept.append(bytes([flags & ~LAST]) + data[at + 1 : at + 4 + size])
        at += 4 + size
    if not kept or len(data) == at:
        raise Unfit("empty", "no frame of sound")
    kept[-1] = bytes([kept[-1][0] | LAST]) + kept[-1][1:]
    end = len(data) - 128 if data[-128:-125] == b"TAG" else len(data)
    return b"fLaC" + b"".join(kept) + data[at:end]


def behind_id3(data: bytes, at: int) -> int:
    """Where the ID3v2 tags end that begin at a place; the place itself if none does."""
    while data[at : at + 3] == b"ID3" and len(data) >= at + 10 and data[at + 3] < 0xFF:
        sizes = data[at + 6 : at + 10]
        if max(sizes) > 0x7F:
            break
        size = sizes[0] << 21 | sizes[1] << 14 | sizes[2] << 7 | sizes[3]
        at += 10 + size + (10 if data[at + 5] & 0x10 else 0)
    return min(at, len(data))


def frame(data: bytes, at: int) -> int:
    """How many bytes the frame has that begins at a place; 0 for none."""
    if at + 7 > len(data) or data[at] != 0xFF or data[at + 1] & 0xE0 != 0xE0:
        return 0
    version, layer = data[at + 1] >> 3 & 3, data[at + 1] >> 1 & 3
    if layer == 0:  # ADTS: a rate's index and a length
        long = (data[at + 3] & 3) << 11 | data[at + 4] << 3 | data[at + 5] >> 5
        return long if version & 2 and data[at + 2] >> 2 & 15 < 13 and long > 7 else 0
    rate, kilobits = data[at + 2] >> 2 & 3, data[at + 2] >> 4
    if version == 1 or layer == 3 or rate == 3 or kilobits in (0, 15):
        return 0
    padding = data[at + 2] >> 1 & 1
    if version == 3:
        return 144_000 * (_HIGH if layer == 1 else _LAYER_2)[kilobits] // _RATES[rate] + padding
    slots = 72_000 if layer == 1 else 144_000
    return slots * _LOW[kilobits] // (_RATES[rate] // (2 if version == 2 else 4)) + padding


def _run_end(data: bytes, start: int) -> int:
    """Where a row of frames of one kind ends; its start if there are not two of them, or one that fills the file."""
    at, count = start, 0
    while (size := frame(data, at)) and at + size <= len(data) and _kind(data, at) == _kind(data, start):
        at, count = at + size, count + 1
    return at if count > 1 or (count == 1 and start == 0 and at == len(data)) else start


def _kind(data: bytes, at: int) -> tuple[int, int]:
    return data[at + 1] & 0xFE, data[at + 2] & 0x0C  # version, layer and rate
