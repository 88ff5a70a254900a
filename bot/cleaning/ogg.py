"""Ogg (Opus, Vorbis, Speex, FLAC, Theora) with its comments blanked where they stand.

No page changes its length or number, only its sum. Streams that nobody hears or sees, and what lies between the pages,
are left out. RFC 3533, 7845 and 5334; Vorbis I, chapter 5; the Speex manual, chapter 7; RFC 9639, section 10.1.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from functools import cache

from bot.cleaning.unfit import Unfit

HEADS = (b"OpusHead", b"\x01vorbis", b"Speex   ", b"\x7fFLAC", b"\x80theora")
BEFORE = {b"OpusHead": b"OpusTags", b"\x01vorbis": b"\x03vorbis", b"Speex   ": b"", b"\x80theora": b"\x81theora"}
NOTHING = bytes(8)  # a maker's name of no letters and no comment
FIRST, GOES_ON = 0x02, 0x01  # a page's flags
MOST_PAGES = 300_000  # an hour and a half of one packet a page
PADDING, SEEKTABLE = 1, 3  # FLAC's blocks


@dataclass(slots=True)
class Stream:
    """One stream: what it is in, how many packets are behind, and where the open one lies so far."""

    head: bytes
    behind: int = 0
    headers: bool = True
    spans: list[tuple[int, int]] = field(default_factory=list)
    pages: list[int] = field(default_factory=list)


def of_ogg(data: bytes) -> bytes:
    """An Ogg that plays as before.

    :raises Unfit: no stream of sound is in it, or its pages are too many.
    """
    out, streams = bytearray(data), dict[bytes, Stream]()
    kept: list[tuple[int, int]] = []
    at, pages = data.find(b"OggS"), 0
    while at >= 0 and at + 27 <= len(data):
        pages += 1
        if pages > MOST_PAGES:
            raise Unfit("bad", "an Ogg of too many pages")
        start = at + 27 + data[at + 26]
        end = start + sum(data[at + 27 : start])
        if end > len(data) or data[at + 4]:
            at = data.find(b"OggS", at + 4)
            continue
        serial = data[at + 14 : at + 18]
        if data[at + 5] & FIRST:
            head = next((one for one in HEADS if data.startswith(one, start)), b"")
            streams[serial] = Stream(head)
        stream = streams.get(serial)
        if stream is not None and stream.head:
            kept.append((at, end))
            if stream.headers:
                _packets(data, out, stream, at)
        at = data.find(b"OggS", end)
    if not kept or any(stream.head and stream.headers for stream in streams.values()):
        raise Unfit("bad", "an Ogg without its heads")
    return b"".join(out[start:end] for start, end in kept)


def _packets(data: bytes, out: bytearray, stream: Stream, page: int) -> None:
    """Blank the comments that end on a page."""
    at = start = page + 27 + data[page + 26]
    stream.pages.append(page)
    if not data[page + 5] & GOES_ON:
        stream.spans.clear()
    for lace in data[page + 27 : page + 27 + data[page + 26]]:
        at += lace
        if lace == 255:
            continue
        stream.spans.append((start, at))
        whole = b"".join(data[first:last] for first, last in stream.spans)
        said = _blanked(stream, whole)
        if said != whole:
            written = 0
            for first, last in stream.spans:
                out[first:last] = said[written : written + last - first]
                written += last - first
            for touched in stream.pages:
                _sum(out, touched)
        stream.spans.clear()
        stream.pages[:] = [page]
        stream.behind += 1
        start = at
        if not stream.headers:
            return
    if at > start:
        stream.spans.append((start, at))


def _blanked(stream: Stream, packet: bytes) -> bytes:
    """A head's packet without its words; says to the stream whether it was the last that may hold some."""
    if not stream.behind:
        return packet
    if stream.head == b"\x7fFLAC":
        return _block(stream, packet)
    stream.headers = False
    before = BEFORE[stream.head]
    if not packet.startswith(before):
        raise Unfit("bad", "an Ogg without its comments")
    after = b"\x01" if stream.head == b"\x01vorbis" else b""  # the framing bit
    said = (before + NOTHING + after).ljust(len(packet), b"\0")
    if len(said) > len(packet):
        raise Unfit("bad", "comments that break off")
    return said


def _block(stream: Stream, packet: bytes) -> bytes:
    stream.headers = not packet[0] & 0x80
    kind, size = packet[0] & 0x7F, max(0, len(packet) - 4)
    if kind == SEEKTABLE:
        return packet
    if stream.behind == 1:  # the comments have to be there, whoever is silent in them
        return packet[:4] + NOTHING[:size].ljust(size, b"\0")
    return bytes([packet[0] & 0x80 | PADDING]) + packet[1:4] + bytes(size)


def _sum(out: bytearray, page: int) -> None:
    """Write a page's sum: zlib's, whose bits run the other way round, without its first and last turning over."""
    start = page + 27 + out[page + 26]
    end = start + sum(out[page + 27 : start])
    out[page + 22 : page + 26] = bytes(4)
    turned = zlib.crc32(bytes(out[page:end]).translate(_swapped()), 0xFFFFFFFF) ^ 0xFFFFFFFF
    out[page + 22 : page + 26] = turned.to_bytes(4, "big").translate(_swapped())


@cache
def _swapped() -> bytes:
    return bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))
