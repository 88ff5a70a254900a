"""What bytes are. A name and what a platform says count for nothing, except to tell two kinds of plain text apart."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import PurePosixPath

from bot.cleaning import frames

ISO_BRANDS = {
    **dict.fromkeys((b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"), "image/heic"),
    **dict.fromkeys((b"avif", b"avis"), "image/avif"),
    **dict.fromkeys((b"M4A ", b"M4B "), "audio/mp4"),
    b"qt  ": "video/quicktime",
}
OFFICE = {
    "word/": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ppt/": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
OPEN_DOCUMENT = re.compile(rb"application/vnd\.oasis\.opendocument\.(text|spreadsheet|presentation)")
OLD_OFFICE = {"WordDocument": "application/msword", "Workbook": "application/vnd.ms-excel"}
OLD_OFFICE |= {"Book": "application/vnd.ms-excel", "PowerPoint Document": "application/vnd.ms-powerpoint"}
MACROS = ("vbaProject", "_VBA_PROJECT")
MOST_ENTRIES = 10_000  # of an archive whose list is read
MARKUP = re.compile(r"<\s*(!doctype|html|svg|script|body|head|iframe|\?xml|\?php)|^#!|^\s*@echo", re.IGNORECASE)
PLAIN = {"": "text/plain", ".txt": "text/plain", ".csv": "text/csv", ".tsv": "text/plain", ".md": "text/plain"}
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")

_STARTS = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"OggS", "audio/ogg"),
    (b"\x1aE\xdf\xa3", "video/webm"),
    (b"#!AMR", "audio/amr"),
    (b"fLaC", "audio/flac"),
    (b"caff", "audio/x-caf"),
    (b"%PDF-", "application/pdf"),
)
_RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}


def told_by(data: bytes, name: str) -> str:
    """The media type of bytes; '' for what we do not take: programs, archives, pages, drawings that may hold scripts.

    PDF and Office without macros, plain text and tables, pictures, sounds and films are taken.
    """
    for start, media_type in _STARTS:
        if data.startswith(start):
            return media_type
    if data[:4] == b"RIFF" and data[8:12] in _RIFF:
        return _RIFF[data[8:12]]
    if data[4:8] in (b"ftyp", b"moov", b"mdat", b"wide", b"free") and len(data) > 12:
        return _iso(data)
    if data[:2] == b"BM" and data[6:10] == b"\0\0\0\0":
        return "image/bmp"
    if data.startswith(b"ID3"):
        behind = frames.behind_id3(data, 0)
        if data.startswith(b"fLaC", behind):
            return "audio/flac"
        return _mpeg(data[behind : behind + 2]) or "audio/mpeg"
    if sound := _mpeg(data[:2]):
        return sound
    if data[:4] == b"PK\x03\x04":
        return _office(data)
    if data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        return _old_office(data)
    return _text(data, name)


def fits(media_type: str, kind: str) -> bool:
    """Whether bytes of a media type may be a photo, voice, video or file."""
    family = media_type.partition("/")[0]
    if kind == "photo":
        return family == "image"
    if kind == "voice":  # a sound often comes in a film's box
        return family == "audio" or media_type in ("video/mp4", "video/webm", "video/quicktime", "video/3gpp")
    if kind == "video":
        return family == "video" or media_type == "image/gif"
    return True


def _mpeg(start: bytes) -> str:
    """Of a frame's first two bytes. Layer 0 is AAC's ADTS; layer I, which nobody speaks, begins like UTF-16."""
    if len(start) < 2 or start[0] != 0xFF or start[1] & 0xE0 != 0xE0 or start[1] & 0x06 == 0x06:
        return ""
    return "audio/aac" if start[1] & 0x06 == 0 else "audio/mpeg"


def _iso(data: bytes) -> str:
    if data[4:8] != b"ftyp":
        return "video/quicktime"  # films of old cameras begin without a word about themselves
    size = min(int.from_bytes(data[:4], "big"), 256)
    brands = [data[8:12], *(data[at : at + 4] for at in range(16, size, 4))]
    for brand in brands:
        if brand in (b"avif", b"avis"):  # says mif1 too, and that would be HEIC
            return "image/avif"
    if brands[0] in ISO_BRANDS:
        return ISO_BRANDS[brands[0]]
    return "video/3gpp" if brands[0][:2] == b"3g" else "video/mp4"


def _office(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            names = [entry.filename for entry in entries[:MOST_ENTRIES]]
            if len(entries) > MOST_ENTRIES or any(word in name for name in names for word in MACROS):
                return ""
            if "[Content_Types].xml" in names:
                return next((kind for folder, kind in OFFICE.items() if any(n.startswith(folder) for n in names)), "")
            if names[:1] == ["mimetype"] and entries[0].file_size < 100:
                said = archive.read("mimetype")
                return said.decode("ascii") if OPEN_DOCUMENT.fullmatch(said) else ""
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, NotImplementedError):
        return ""
    return ""


def _old_office(data: bytes) -> str:
    if any(word.encode("utf-16-le") in data for word in MACROS):
        return ""
    return next((kind for word, kind in OLD_OFFICE.items() if (word + "\0").encode("utf-16-le") in data), "")


def _text(data: bytes, name: str) -> str:
    suffix = PurePosixPath(name).suffix.lower()
    if suffix not in PLAIN or (b"\0" in data[:65_536] and data[:2] not in (b"\xff\xfe", b"\xfe\xff")):
        return ""
    for encoding in ("utf-8-sig", "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "cp874"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        dangerous = CONTROL.search(text) or MARKUP.search(text[:4096])
        return "" if dangerous else PLAIN[suffix]
    return ""
