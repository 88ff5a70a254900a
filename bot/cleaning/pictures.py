"""Pictures without what a phone writes into them: where, when and with what; the colours' profile stays.

Segments and chunks are taken out and the picture itself is not encoded again, so nothing is lost and little memory is
needed, an animation's included. Only what was photographed with the phone turned is encoded anew, turned upright, with
the tables that it was made with; and what most screens do not show becomes a JPEG.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable, Mapping
from typing import Any

from PIL import Image, ImageOps

from bot.cleaning import segments
from bot.cleaning.unfit import Unfit

MOST_PIXELS = 65_000_000  # of a picture that is looked at: a fifth of a gigabyte; phones make 12 to 64 million
MOST_FILM = 400_000_000  # of all pictures of an animation
QUALITY = 90
UPRIGHT = 1
ORIENTATION = 0x0112  # EXIF's tag
_FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/gif": "GIF", "image/webp": "WEBP", "image/bmp": "BMP"}
_FORMATS |= {"image/tiff": "TIFF", "image/heic": "HEIF", "image/avif": "AVIF"}
_TAKE_OUT: Mapping[str, Callable[[bytes], bytes]] = {
    "image/jpeg": segments.of_jpeg,
    "image/png": segments.of_png,
    "image/gif": segments.of_gif,
    "image/webp": segments.of_webp,
}


def stripped(data: bytes, media_type: str) -> bytes:
    """A picture of the same kind, upright and without metadata.

    :raises Unfit: it has more pixels than can be looked at. What is broken raises whatever the library does.
    """
    take_out = _TAKE_OUT[media_type]
    kept = take_out(data)  # before anything is decoded: it sees how long that would take
    picture = _opened(data, media_type)
    if picture.getexif().get(ORIENTATION, UPRIGHT) in range(2, 9) and getattr(picture, "n_frames", 1) == 1:
        return take_out(_turned(picture, media_type))
    _look_through(picture)
    return kept


def as_jpeg(data: bytes, media_type: str) -> bytes:
    """A picture that few screens show, as a JPEG, upright and without metadata.

    :raises Unfit: it has more pixels than can be looked at. What is broken raises whatever the library does.
    """
    picture = _opened(data, media_type)
    turned = _on_white(ImageOps.exif_transpose(picture))
    profile = picture.info.get("icc_profile")
    return segments.of_jpeg(_saved(turned, "JPEG", quality=QUALITY, icc_profile=profile))


def _opened(data: bytes, media_type: str) -> Image.Image:
    kind = _FORMATS[media_type]
    if kind == "HEIF":
        import pillow_heif  # noqa: PLC0415  # few send it

        pillow_heif.register_heif_opener(thumbnails=False)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of bombs: their size is looked at below
            picture = Image.open(io.BytesIO(data), formats=[kind])
    except Image.DecompressionBombError:
        raise Unfit("big", "too many pixels") from None
    wide, high = picture.size
    if wide * high > MOST_PIXELS:
        raise Unfit("big", f"{wide}×{high} pixels")
    return picture


def _look_through(picture: Image.Image) -> None:
    """See that it can be shown: a picture cut off on its way, or a bomb, is not kept."""
    if picture.format in {"GIF", "WEBP"}:
        frames = getattr(picture, "n_frames", 1)
        if frames * picture.size[0] * picture.size[1] > MOST_FILM:
            raise Unfit("big", f"{frames} pictures in one")
    if picture.format == "JPEG":
        picture.draft("RGB", (picture.size[0] // 8, picture.size[1] // 8))  # every byte is read, few pixels made
    picture.load()


def _turned(picture: Image.Image, media_type: str) -> bytes:
    how: dict[str, Any] = {"icc_profile": picture.info.get("icc_profile")}
    if media_type == "image/jpeg":
        from PIL import JpegImagePlugin  # noqa: PLC0415  # beside the rest of Pillow

        how |= {"qtables": picture.quantization, "subsampling": JpegImagePlugin.get_sampling(picture)}  # type: ignore[attr-defined]
    elif media_type == "image/webp":
        how |= {"quality": QUALITY}
    return _saved(ImageOps.exif_transpose(picture), _FORMATS[media_type], **how)


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode in ("RGB", "L"):
        return picture
    if "A" in picture.getbands() or "transparency" in picture.info:
        layer = picture.convert("RGBA")
        white = Image.new("RGB", layer.size, "white")
        white.paste(layer, mask=layer.getchannel("A"))
        return white
    return picture.convert("RGB")


def _saved(picture: Image.Image, kind: str, **how: Any) -> bytes:
    out = io.BytesIO()
    picture.info.pop("exif", None)
    picture.info.pop("xmp", None)
    picture.save(out, kind, exif=b"", **how)
    return out.getvalue()
