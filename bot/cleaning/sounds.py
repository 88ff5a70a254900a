"""Whether a recording holds any sound, as far as its first bytes tell."""

from __future__ import annotations

LEAST = 200  # bytes: less than a tenth of a second of any code that phones speak


def any_sound(data: bytes, media_type: str) -> bool:
    """Whether there is a stream of sound with something in it."""
    head = data[:65_536]
    if media_type == "audio/ogg":
        # A page of the stream's head, one of its comments, and one at least with sound in it.
        return any(name in head for name in (b"OpusHead", b"vorbis", b"Speex", b"FLAC")) and data.count(b"OggS") > 2
    if media_type == "audio/wav":
        at = data.find(b"data", 12)
        return at > 0 and int.from_bytes(data[at + 4 : at + 8], "little") > 0 and len(data) > at + 8
    if media_type == "video/webm":
        return (b"A_OPUS" in head or b"A_VORBIS" in head or b"A_AAC" in head) and len(data) > LEAST
    if media_type == "audio/amr":
        return len(data) > 9 + 13
    return len(data) > LEAST
