"""Pictures and films within documents: freed of what tells, and shown exactly as before.

They are not turned: a page gives a picture its place by its width and height, and some programs heed what EXIF says
of up and down while others do not. So that one word of EXIF stays, if there is one.
"""

from __future__ import annotations

import io
import struct
import warnings

from PIL import Image

from bot.cleaning import boxes, segments

ORIENTATION = 0x0112  # EXIF's tag
MOST_BYTES = 50_000_000  # of one picture or film
BOXED = (b"ftyp", b"moov")


def freed(data: bytes) -> bytes:
    """A picture or film without place and device; what is none of these, or broken, as it came."""
    try:
        if data.startswith(b"\xff\xd8\xff"):
            return _jpeg(data)
        if data.startswith(b"\x89PNG\r\n\x1a\n"):
            return segments.of_png(data)
        if data.startswith((b"GIF87a", b"GIF89a")):
            return segments.of_gif(data)
        if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
            return segments.of_webp(data)
        if data[4:8] in BOXED:
            return boxes.blanked(data).data
    except Exception:  # whoever reads the document would not see it either
        return data
    return data


def _jpeg(data: bytes) -> bytes:
    kept = segments.of_jpeg(data)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of bombs: no pixel is made here
        try:
            up = Image.open(io.BytesIO(data), formats=["JPEG"]).getexif().get(ORIENTATION, 1)
        except Exception:  # EXIF that nobody can read turns nothing
            up = 1
    if up not in range(2, 9):
        return kept
    # One entry: orientation, a short. TIFF 6.0, section 2; EXIF 2.32, chapter 4.5.2
    told = b"Exif\0\0MM\0*" + struct.pack(">IHHHIHHI", 8, 1, ORIENTATION, 3, 1, up, 0, 0)
    return kept[:2] + b"\xff\xe1" + struct.pack(">H", len(told) + 2) + told + kept[2:]
