"""Cleaning by what a thing is: pictures, films and sounds each in their way; documents stay as they are."""

from __future__ import annotations

from bot.cleaning import boxes, pictures, sounds
from bot.cleaning.unfit import Cleaned, Unfit

CONVERTED = ("image/heic", "image/avif", "image/tiff", "image/bmp")  # what not every officer's screen shows
BOXED = ("video/mp4", "video/quicktime", "video/3gpp", "audio/mp4")


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
        return Cleaned(data, "audio/webm" if found == "video/webm" else found)
    return Cleaned(data, found)
