"""WebM and Matroska with what tells blanked where it stands: no byte moves, since tables name places in the file.

Elements are walked in a row, into the few that hold what matters, so that a film whose recorder did not know its
length, as browsers make them, is read like any other. RFC 8794 (EBML) and RFC 9559 (Matroska).
"""

from __future__ import annotations

from bot.cleaning.unfit import Unfit

# Segment, Cluster, Info, Tracks, TrackEntry: what is in them is looked at.
SEGMENT = 0x18538067
OPENED = (SEGMENT, 0x1F43B675, 0x1549A966, 0x1654AE6B, 0xAE)
# Tags, Attachments, Chapters, DateUTC, Title, file names of this, the last and the next part and their ids, chapters'
# translation, a track's name, a codec's words; what was void before, and sums, which would be wrong.
TELLING: tuple[int, ...] = (0x1254C367, 0x1941A469, 0x1043A770, 0x4461, 0x7BA9, 0x7384, 0x3C83AB, 0x3E83BB, 0x73A4)
TELLING += (0x4444, 0x3CB923, 0x3EB923, 0x6924, 0x536E, 0x258688, 0x3A9697, 0x3B4040, 0x26B240, 0xEC, 0xBF)
WRITERS = (0x4D80, 0x5741)  # the programs' names: every film has to have them, but they may be empty
VOID = 0xEC
MOST_ELEMENTS = 500_000  # two hours and a half of a block for each packet


def of_webm(data: bytes) -> bytes:
    """A film or sound that plays as before.

    :raises Unfit: its elements do not fit into each other.
    """
    out = bytearray(data)
    at = count = 0
    limit = len(data)
    while at < limit:
        kind, start, size = _head(data, at)
        count += 1
        if count > MOST_ELEMENTS:
            raise Unfit("bad", "too many elements")
        if kind in OPENED:
            if kind == SEGMENT and size is not None:
                limit = min(limit, start + size)  # what hangs behind it plays nowhere
            at = start
            continue
        if size is None:
            raise Unfit("bad", "an element without a length")
        end = min(start + size, limit)  # a film cut off on its way plays as far as it came
        if kind in TELLING:
            out[at:end] = _void(end - at)
        elif kind in WRITERS:
            out[start:end] = bytes(end - start)
        at = end
    return bytes(out[:limit])


def _void(size: int) -> bytes:
    """An element of nothing, of so many bytes."""
    if size < 2:
        raise Unfit("bad", "an element that breaks off")
    if size < 128:
        return bytes([VOID, 0x80 | size - 2]) + bytes(size - 2)
    return bytes([VOID, 0x01]) + (size - 9).to_bytes(7, "big") + bytes(size - 9)


def _head(data: bytes, at: int) -> tuple[int, int, int | None]:
    """An element's id, where its content begins and how long it is, None for as long as it goes on."""
    wide = 9 - data[at].bit_length()
    if wide > 4:
        raise Unfit("bad", "no element")
    behind = at + wide
    long = 9 - data[behind].bit_length() if behind < len(data) else 1
    start = behind + long
    if long > 8:
        raise Unfit("bad", "no element")
    if start > len(data):
        return 0, len(data), 0  # cut off within its head
    size = int.from_bytes(data[behind:start], "big") & (1 << 7 * long) - 1
    return int.from_bytes(data[at:behind], "big"), start, None if size == (1 << 7 * long) - 1 else size
