"""Real pictures, films and recordings for the tests: made here, with what a phone writes into them."""

from __future__ import annotations

import io
import random
import struct
from typing import Any

from PIL import Image

DEVICE = b"Telephone 9000"
GPS = struct.pack(">6I", 19, 1, 54, 1, 2571, 100)  # degrees, minutes and seconds as EXIF writes them
XYZ = b"+19.9071+099.8325/"  # the same as films write it
SIZE = (64, 32)


def noise(name: str, size: tuple[int, int] = SIZE) -> Image.Image:
    """A picture of chance, the same for the same name."""
    return Image.frombytes("RGB", size, random.Random(name).randbytes(size[0] * size[1] * 3))


def plain(name: str = "picture", size: tuple[int, int] = SIZE) -> bytes:
    """A JPEG that holds nothing but a picture: it is kept byte for byte."""
    return saved(noise(name, size), "JPEG")


def saved(picture: Image.Image, kind: str, **how: Any) -> bytes:
    """A picture's bytes."""
    out = io.BytesIO()
    picture.save(out, kind, **how)
    return out.getvalue()


def exif(orientation: int = 1) -> bytes:
    """What a phone writes: itself, how it was held, and where it was."""
    made = Image.Exif()
    made.endian = ">"
    made[0x010F], made[0x0112] = DEVICE.decode(), orientation
    where = made.get_ifd(0x8825)
    where[1], where[2] = "N", (19.0, 54.0, 25.71)
    return made.tobytes()


def taken(kind: str = "JPEG", orientation: int = 1, **how: Any) -> bytes:
    """A picture as a phone takes it: with its place, in the sky's half blue and in the ground's half brown."""
    picture = Image.new("RGB", SIZE, (30, 90, 200))
    picture.paste((120, 80, 30), (0, SIZE[1] // 2, *SIZE))
    data = saved(picture, kind, exif=exif(orientation), **how)
    assert DEVICE in data, "a test that looks for nothing finds nothing"
    return data


def box(kind: bytes, *inside: bytes) -> bytes:
    """A film's box."""
    content = b"".join(inside)
    return struct.pack(">I4s", len(content) + 8, kind) + content


def track(handler: bytes, chunk: int = 0, size: int = 0) -> bytes:
    """A track with one sample of so many bytes at an offset."""
    table = box(
        b"stbl",
        box(b"stsz", struct.pack(">III", 0, size, 1)),
        box(b"stsc", struct.pack(">IIIII", 0, 1, 1, 1, 1)),
        box(b"stco", struct.pack(">III", 0, 1, chunk)),
    )
    said = box(b"hdlr", bytes(8), handler, bytes(13))
    return box(b"trak", box(b"tkhd", bytes(84)), box(b"mdia", said, box(b"minf", table)))


def film(*handlers: bytes, brand: bytes = b"isom", sample: bytes = b"the samples" * 30) -> bytes:
    """A film, samples first, with the place as Android (udta), iPhones (meta) and drones (a track) write it."""
    head = box(b"ftyp", brand, bytes(4), brand)
    where = len(head) + 8
    path = XYZ + b" at one second"
    keys = box(b"meta", bytes(4), box(b"keys", b"com.apple.quicktime.location.ISO6709"), box(b"ilst", XYZ, DEVICE))
    moov = box(
        b"moov",
        box(b"mvhd", bytes(100)),
        *(track(handler, where, len(sample)) for handler in handlers),
        track(b"meta", where + len(sample), len(path)),
        box(b"udta", box(b"\xa9xyz", struct.pack(">HH", len(XYZ), 0x15C7), XYZ), box(b"loci", XYZ)),
        keys,
    )
    return head + box(b"mdat", sample, path) + moov


def voice() -> bytes:
    """A voice note as phones record it."""
    return film(b"soun", brand=b"M4A ")
