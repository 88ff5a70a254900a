"""Cleaning by what a thing is, each kind in its way. Plain text and old Office files stay as they came."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.cleaning import boxes, chunks, frames, matroska, ogg, packages, pictures, sounds
from bot.cleaning.unfit import Cleaned, Unfit

CONVERTED = ("image/heic", "image/avif", "image/tiff", "image/bmp")  # what not every officer's screen shows
BOXED = ("video/mp4", "video/quicktime", "video/3gpp", "audio/mp4")
PACKED = ("application/vnd.openxmlformats-", "application/vnd.oasis.")

_TAKE_OUT: Mapping[str, Callable[[bytes], bytes]] = {
    "audio/ogg": ogg.of_ogg,
    "audio/mpeg": frames.of_mpeg,
    "audio/aac": frames.of_mpeg,
    "audio/flac": frames.of_flac,
    "audio/wav": chunks.of_wav,
    "audio/x-caf": chunks.of_caf,
    "video/x-msvideo": chunks.of_avi,
    "video/webm": matroska.of_webm,
}


def cleaned(data: bytes, found: str, kind: str) -> Cleaned:
    """Clean bytes of a media type that is taken.

    :raises Unfit: they are broken, empty or too big to be looked at safely.
    """
    if found in CONVERTED:
        return Cleaned(pictures.as_jpeg(data, found), "image/jpeg")
    if found.startswith("image/"):
        return Cleaned(pictures.stripped(data, found), found)
    if found in BOXED:
        film = boxes.blanked(data)
        if kind == "voice" and not film.sound:
            raise Unfit("empty", "no sound in it")
        if kind == "voice" or (film.sound and not film.picture):
            return Cleaned(film.data, "audio/mp4" if not film.picture else found)
        return Cleaned(film.data, found)
    if kind == "voice" or found.startswith("audio/"):
        if not sounds.any_sound(data, found):
            raise Unfit("empty", "no sound in it")
        kept = _freed(data, found)
        if not sounds.any_sound(kept, found):  # there was nothing but words
            raise Unfit("empty", "no sound in it")
        return Cleaned(kept, "audio/webm" if found == "video/webm" else found)
    return Cleaned(_freed(data, found), found)


def _freed(data: bytes, found: str) -> bytes:
    if found.startswith(PACKED):
        return packages.freed(data)
    if found == "application/pdf":
        from bot.cleaning import pdfs  # noqa: PLC0415  # few send it, and its library takes 25 MB

        return pdfs.freed(data)
    take_out = _TAKE_OUT.get(found)
    return take_out(data) if take_out else data
