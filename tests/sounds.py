"""Real sounds for the tests: made here, with who made them, where and with what in every place that a format has."""

from __future__ import annotations

import struct
from collections.abc import Iterable

from mutagen.ogg import OggPage

from tests.pictures import DEVICE, XYZ, taken

MAKER = "สมชาย ใจดี".encode()
TOLD = (DEVICE, XYZ, MAKER)
FRAME = b"\xff\xfb\x90\x00" + bytes(range(200)) + bytes(213)  # MPEG 1, layer III, 128 kilobits, 44.1 kHz: 417 bytes
ADTS = b"\xff\xf1\x50\x80\x0d\x7f\xfc" + b"sound" * 20  # 107 bytes


def told(data: bytes) -> list[bytes]:
    """What of it can still be read in some bytes, also as UTF-16."""
    return [word for word in TOLD if word in data or word.decode().encode("utf-16-le") in data]


def comments(*, framing: bool = False) -> bytes:
    """Vorbis comments with a picture."""
    lines = [b"ARTIST=" + MAKER, b"LOCATION=" + XYZ, b"ENCODER=" + DEVICE]
    lines.append(b"METADATA_BLOCK_PICTURE=" + taken() * 20)
    made = struct.pack("<I", len(DEVICE)) + DEVICE + struct.pack("<I", len(lines))
    return made + b"".join(struct.pack("<I", len(line)) + line for line in lines) + (b"\x01" if framing else b"")


def pages(packets: Iterable[bytes], serial: int = 7) -> bytes:
    """A stream of Ogg: the first packet on a page of its own, as each codec wants it."""
    head, *others = packets
    made = OggPage.from_packets([head]) + OggPage.from_packets(others, sequence=1)
    for page in made:
        page.serial = serial
        page.position = 48_000 if page is made[-1] else 0
    made[0].first, made[-1].last = True, True
    return b"".join(page.write() for page in made)


SOUND = [f"packet {number} ".encode() * 20 for number in range(30)]
OPUS_HEAD = b"OpusHead" + struct.pack("<BBHIhB", 1, 1, 312, 48_000, 0, 0)
VORBIS_HEAD = b"\x01vorbis" + struct.pack("<IBIiiiBB", 0, 1, 44_100, 0, 64_000, 0, 0xB8, 1)
SPEEX_HEAD = (
    b"Speex   " + b"1.2".ljust(20, b"\0") + struct.pack("<13I", 1, 80, 16_000, 1, 4, 1, 28_000, 320, 0, 1, 0, 0, 0)
)
STREAMINFO = struct.pack(">HH", 4096, 4096) + bytes(6) + bytes.fromhex("0ac440f00000ac44") + bytes(16)


def opus(*, after: bytes = b"") -> bytes:
    """A voice note as Telegram records it."""
    return pages([OPUS_HEAD, b"OpusTags" + comments() + after, *SOUND])


def vorbis() -> bytes:
    return pages([VORBIS_HEAD, b"\x03vorbis" + comments(framing=True), b"\x05vorbis books", *SOUND])


def speex() -> bytes:
    return pages([SPEEX_HEAD, comments(), *SOUND])


def block(kind: int, content: bytes) -> bytes:
    """A block of FLAC."""
    return bytes([kind]) + len(content).to_bytes(3, "big") + content


def flac() -> bytes:
    """A FLAC behind ID3, with tags, a picture, a program's own block and ID3v1."""
    blocks = block(0, STREAMINFO) + block(4, comments()) + block(6, taken()) + block(2, b"app " + XYZ)
    return (
        id3() + b"fLaC" + blocks + block(0x81, DEVICE) + b"\xff\xf8 frames " * 50 + b"TAG".ljust(20) + MAKER.ljust(108)
    )


def ogg_flac() -> bytes:
    head = b"\x7fFLAC\x01\x00\x00\x03fLaC" + block(0, STREAMINFO)
    return pages([head, block(4, comments()), block(6, taken()), block(0x82, XYZ), *SOUND])


def id3() -> bytes:
    """ID3v2.4 with words in two alphabets, a place and a picture."""

    def line(name: bytes, content: bytes) -> bytes:
        size = len(content)
        return name + bytes([size >> 21, size >> 14 & 127, size >> 7 & 127, size & 127, 0, 0]) + content

    frames = line(b"TPE1", b"\x03" + MAKER) + line(b"TSSE", b"\x01\xff\xfe" + DEVICE.decode().encode("utf-16-le"))
    frames += line(b"TXXX", b"\x00location\x00" + XYZ) + line(b"APIC", b"\x00image/jpeg\x00\x03\x00" + taken())
    size = len(frames)
    return b"ID3\x04\x00\x00" + bytes([size >> 21, size >> 14 & 127, size >> 7 & 127, size & 127]) + frames


def mp3() -> bytes:
    """An MP3 with ID3v2 before it, twice, and in it; APE and ID3v1 behind it."""
    item = struct.pack("<II", len(MAKER), 0) + b"Artist\0" + MAKER
    tail = b"APETAGEX" + struct.pack("<IIII", 2000, len(item) + 32, 1, 0) + bytes(8)
    old = b"TAG" + DEVICE.ljust(30) + MAKER.ljust(90, b"\0") + bytes(5)
    return id3() * 2 + FRAME * 20 + id3() + FRAME * 20 + item + tail + old


def chunk(kind: bytes, content: bytes, order: str = "<I") -> bytes:
    """A chunk of RIFF."""
    return kind + struct.pack(order, len(content)) + content + bytes(len(content) % 2)


def riff(kind: bytes, *inside: bytes) -> bytes:
    return chunk(b"RIFF", kind + b"".join(inside))


FORMAT = chunk(b"fmt ", struct.pack("<HHIIHH", 1, 1, 8000, 16_000, 2, 16))
SAMPLES = struct.pack("<800h", *range(-400, 400))


def wav() -> bytes:
    """A WAV as field recorders write it."""
    listed = chunk(b"LIST", b"INFO" + chunk(b"IART", MAKER) + chunk(b"ISFT", DEVICE))
    more = chunk(b"bext", MAKER.ljust(602, b"\0")), chunk(b"iXML", XYZ), chunk(b"id3 ", id3()), chunk(b"_PMX", XYZ)
    return riff(b"WAVE", more[0], FORMAT, listed, chunk(b"data", SAMPLES), *more[1:]) + DEVICE


def caf() -> bytes:
    def part(kind: bytes, content: bytes) -> bytes:
        return kind + struct.pack(">Q", len(content)) + content

    measures = struct.pack(">d4sIIIII", 8000, b"lpcm", 0, 2, 1, 1, 16)
    return b"caff\0\1\0\0" + part(b"desc", measures) + part(b"info", MAKER + DEVICE) + part(b"data", bytes(4) + SAMPLES)


def avi() -> bytes:
    """An AVI as old cameras make it, its index counting from the file's start."""
    stream = chunk(b"LIST", b"strl" + chunk(b"strh", bytes(56)) + chunk(b"strf", bytes(40)) + chunk(b"strn", MAKER))
    head = chunk(b"LIST", b"hdrl" + chunk(b"avih", bytes(56)) + stream + chunk(b"IDIT", b"SUN NOV 22" + XYZ))
    listed = chunk(b"LIST", b"INFO" + chunk(b"ISFT", DEVICE))
    return riff(
        b"AVI ", head, listed, chunk(b"JUNK", XYZ), chunk(b"LIST", b"movi00dc the film"), chunk(b"idx1", bytes(16))
    )


def element(kind: int, *inside: bytes, endless: bool = False) -> bytes:
    """An element of EBML; one that goes on for ever if nobody knew its length."""
    content = b"".join(inside)
    size = b"\x01" + b"\xff" * 7 if endless else b"\x08" + len(content).to_bytes(4, "big")
    return kind.to_bytes((kind.bit_length() + 7) // 8, "big") + size + content


def webm(*, endless: bool = False) -> bytes:
    """A sound as a browser records it, with every place for words filled."""
    head = element(0x1A45DFA3, element(0x4282, b"webm"))
    writers = element(0x4D80, DEVICE), element(0x5741, DEVICE), element(0x4461, XYZ[:8]), element(0x7BA9, MAKER)
    info = element(0x1549A966, element(0xBF, bytes(4)), element(0x2AD7B1, b"\x0f\x42\x40"), *writers)
    track = element(0xAE, element(0xD7, b"\1"), element(0x83, b"\2"), element(0x86, b"A_OPUS"), element(0x536E, MAKER))
    cluster = element(0x1F43B675, element(0xE7, b"\0"), element(0xA3, b"\x81\0\0\x80" + SOUND[0] * 3), endless=endless)
    tags = element(0x1254C367, element(0x7373, element(0x67C8, element(0x45A3, b"LOCATION"), element(0x4487, XYZ))))
    file = element(0x1941A469, element(0x61A7, element(0x466E, MAKER), element(0x465C, taken("PNG"))))
    return head + element(0x18538067, info, element(0x1654AE6B, track), tags, file, cluster, tags, endless=endless)
