"""What a picture's file holds beside the picture, taken out piece by piece; a piece that does not fit is an error.

All of them raise `ValueError`, `IndexError` or `struct.error` for what is no such file, and `Unfit` for one that would
take its viewers too long. Only what a picture needs to be shown is kept.
"""

from __future__ import annotations

import re
import struct

from bot.cleaning.unfit import Unfit

PNG_KEPT = b"IHDR PLTE IDAT IEND tRNS cHRM gAMA iCCP sBIT sRGB cICP bKGD pHYs acTL fcTL fdAT".split()
WEBP_KEPT = (b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP")
WEBP_TELLS = 0x08 | 0x04  # VP8X's flags of EXIF and XMP
MOST_SCANS = 100  # of a JPEG: each costs as much as the whole picture, and cameras make ten
MOST_FRAMES = 2000  # of an animation
_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7]", re.DOTALL)
EOI, SOS, APP0, APP2, APP14, APP15, COM = 0xD9, 0xDA, 0xE0, 0xE2, 0xEE, 0xEF, 0xFE


def of_jpeg(data: bytes) -> bytes:
    """A JPEG without EXIF, XMP, IPTC, comments, small pictures, and without what phones hang behind its end.

    ITU-T T.81, annex B. JFIF, Adobe's colour note and the colour profile stay.
    """
    out = [b"\xff\xd8"]
    at, scans = 2, 0
    while at < len(data):
        if data[at] != 0xFF:
            raise ValueError("no marker")
        mark = data[at + 1]
        if mark == 0xFF:  # padding
            at += 1
            continue
        if mark == EOI:
            break
        size = struct.unpack_from(">H", data, at + 2)[0]
        if size < 2 or at + 2 + size > len(data):
            raise ValueError("a segment longer than the file")
        piece = data[at : at + 2 + size]
        if _shows(mark, piece[4:]):
            out.append(_jfif(piece) if mark == APP0 else piece)
        at += 2 + size
        if mark == SOS:
            scans += 1
            if scans > MOST_SCANS:
                raise Unfit("bad", "a JPEG of too many scans")
            end = _scan_end(data, at)
            out.append(data[at:end])
            at = end
    return b"".join([*out, b"\xff\xd9"])


def _shows(mark: int, content: bytes) -> bool:
    if mark == APP0:
        return content.startswith(b"JFIF\0") and len(content) >= 14
    if mark == APP2:
        return content.startswith(b"ICC_PROFILE\0")
    if mark == APP14:
        return content.startswith(b"Adobe")
    return not (APP0 < mark <= APP15 or mark == COM)


def _jfif(piece: bytes) -> bytes:
    return b"\xff\xe0\x00\x10" + piece[4:16] + b"\0\0"  # its own small picture left out


def _scan_end(data: bytes, at: int) -> int:
    """Where a scan's coded bytes end: at a marker that is no restart and no stuffed byte."""
    found = _MARKER.search(data, at)
    return found.start() if found else len(data)


def of_png(data: bytes) -> bytes:
    """A PNG without texts, EXIF and times; W3C PNG, chapter 11."""
    out = [data[:8]]
    at = 8
    while at < len(data):
        size, kind = struct.unpack_from(">I4s", data, at)
        end = at + 12 + size
        if end > len(data):
            raise ValueError("a chunk longer than the file")
        if kind in PNG_KEPT:
            out.append(data[at:end])
        at = end
        if kind == b"IEND":
            return b"".join(out)
    raise ValueError("no end")


def of_webp(data: bytes) -> bytes:
    """A WebP without EXIF and XMP; RFC 9649."""
    out = []
    at, limit = 12, min(len(data), 8 + struct.unpack_from("<I", data, 4)[0])
    while at + 8 <= limit:
        kind, size = struct.unpack_from("<4sI", data, at)
        end = at + 8 + size + size % 2
        if at + 8 + size > len(data):
            raise ValueError("a chunk longer than the file")
        piece = data[at:end]
        if kind == b"VP8X":
            piece = piece[:8] + bytes([piece[8] & ~WEBP_TELLS]) + piece[9:]
        if kind in WEBP_KEPT:
            out.append(piece.ljust(end - at, b"\0"))
        at = end
    body = b"WEBP" + b"".join(out)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def of_gif(data: bytes) -> bytes:
    """A GIF without comments and what programs add, but for how often it is to be repeated; GIF89a, chapters 17–26."""
    at = 13 + _table(data[10])
    out, frames = [data[:at]], 0
    while True:
        start, mark = at, data[at]
        if mark == 0x3B:
            return b"".join([*out, b"\x3b"])
        if mark == 0x2C:
            frames += 1
            if frames > MOST_FRAMES:
                raise Unfit("big", "a GIF of too many pictures")
            at += 10 + _table(data[at + 9]) + 1
            kept = True
        elif mark == 0x21:
            kept = data[at + 1] == 0xF9 or data[at + 2 : at + 14] in (b"\x0bNETSCAPE2.0", b"\x0bANIMEXTS1.0")
            at += 2
        else:
            raise ValueError("no block")
        while size := data[at]:
            at += 1 + size
        at += 1
        if kept:
            out.append(data[start:at])


def _table(flags: int) -> int:
    """Bytes of a table of colours."""
    return 3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0
