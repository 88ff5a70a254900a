"""Pictures lose what a phone wrote into them and nothing else; what cannot be looked at is not kept."""

from __future__ import annotations

import io
import struct
import time
import zlib

import pytest
from PIL import Image, ImageCms, PngImagePlugin

from bot.cleaning import Unfit, clean
from tests.pictures import DEVICE, GPS, SIZE, exif, noise, plain, saved, taken

KINDS = ("JPEG", "PNG", "WEBP", "TIFF", "AVIF", "HEIF")


@pytest.fixture(autouse=True)
def _can_write_heif() -> None:
    import pillow_heif  # noqa: PLC0415  # a tenth of a second

    pillow_heif.register_heif_opener()


def pixels(data: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(data))
    picture.load()
    return picture


@pytest.mark.parametrize("kind", KINDS)
def test_where_and_with_what_is_gone(kind: str) -> None:
    kept = clean(taken(kind), "photo").data
    assert DEVICE not in kept
    assert GPS[:24] not in kept
    assert not pixels(kept).getexif()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_what_was_up_is_up(kind: str, orientation: int) -> None:
    """A phone held on its side writes so; the sky of the kept picture is where a viewer of the original sees it."""
    kept = pixels(clean(taken(kind, orientation), "photo").data).convert("RGB")
    wide, high = kept.size
    sky = {1: (wide // 2, 2), 3: (wide // 2, high - 3), 6: (wide - 3, high // 2), 8: (2, high // 2)}[orientation]
    assert kept.size == (SIZE if orientation in (1, 3) else SIZE[::-1])
    red, _, blue = kept.getpixel(sky)  # type: ignore[misc]
    assert blue > red + 100


def test_a_jpeg_that_needs_no_turning_loses_nothing() -> None:
    original = saved(noise("fine"), "JPEG", quality=92, exif=exif(), comment=b"by " + DEVICE)
    assert pixels(clean(original, "photo").data).tobytes() == pixels(original).tobytes()


def test_a_progressive_jpeg_and_one_with_restarts_lose_nothing() -> None:
    for how in ({"progressive": True}, {"restart_marker_blocks": 2}):
        original = saved(noise("fine", (200, 200)), "JPEG", exif=exif(), **how)
        kept = clean(original, "photo").data
        assert DEVICE not in kept
        assert pixels(kept).tobytes() == pixels(original).tobytes()


def test_a_turned_jpeg_loses_little() -> None:
    turned = noise("fine").rotate(90, expand=True)
    original = saved(turned, "JPEG", quality=90, exif=exif(6))
    first = pixels(original).rotate(-90, expand=True).convert("L").tobytes()
    after = pixels(clean(original, "photo").data).convert("L").tobytes()
    assert sum(abs(a - b) for a, b in zip(first, after, strict=True)) / len(first) < 3


def test_the_colours_profile_stays() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for kind in ("JPEG", "PNG", "WEBP", "HEIF"):
        kept = clean(saved(noise("x"), kind, icc_profile=profile, exif=exif(6 if kind == "JPEG" else 1)), "photo")
        assert pixels(kept.data).info.get("icc_profile") == profile, kind


def test_what_hangs_behind_a_jpeg_s_end_is_gone() -> None:
    """Phones hang a short film there, with its own place."""
    assert clean(plain() + b"\0\0\0\x18ftyp" + DEVICE, "photo").data == plain()


def test_words_in_a_png_are_gone() -> None:
    told = PngImagePlugin.PngInfo()
    told.add_text("Software", DEVICE.decode())
    told.add_itxt("XML:com.adobe.xmp", DEVICE.decode())
    kept = clean(saved(noise("x"), "PNG", pnginfo=told), "photo").data
    assert DEVICE not in kept
    assert pixels(kept).tobytes() == noise("x").tobytes()


def test_xmp_in_a_jpeg_and_a_webp_is_gone() -> None:
    for kind in ("JPEG", "WEBP"):
        assert DEVICE not in clean(saved(noise("x"), kind, xmp=DEVICE), "photo").data


def test_an_animation_still_moves() -> None:
    frames = [noise(str(number), (40, 40)) for number in range(5)]
    for kind in ("GIF", "WEBP", "PNG"):
        how = {"comment": DEVICE} if kind == "GIF" else {"exif": exif()}
        original = saved(frames[0], kind, save_all=True, append_images=frames[1:], loop=0, duration=50, **how)
        assert DEVICE in original, kind
        kept = clean(original, "photo").data
        assert DEVICE not in kept, kind
        assert getattr(pixels(kept), "n_frames", 1) == 5, kind


@pytest.mark.parametrize("kind", [*KINDS, "GIF", "BMP"])
def test_cleaning_what_is_clean_changes_nothing(kind: str) -> None:
    once = clean(saved(noise("x"), kind), "photo")
    assert clean(once.data, "photo") == once


def test_what_few_screens_show_becomes_a_jpeg() -> None:
    for kind in ("HEIF", "AVIF", "TIFF", "BMP"):
        assert clean(saved(noise("x"), kind), "photo").media_type == "image/jpeg"


@pytest.mark.parametrize("kind", [*KINDS, "GIF"])
def test_a_picture_that_breaks_off_is_not_kept(kind: str) -> None:
    whole = saved(noise("x", (300, 300)), kind)
    for part in (0.3, 0.6):
        with pytest.raises(Unfit) as refused:
            clean(whole[: int(len(whole) * part)], "photo")
        assert refused.value.why == "bad"


def bomb(wide: int, high: int) -> bytes:
    """A PNG of a few bytes that says it is that large."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", wide, high, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(20_000, 20_000), (9_000, 9_000), (1_000_000, 100)])
def test_a_picture_of_too_many_pixels_is_refused_before_they_are_made(size: tuple[int, int]) -> None:
    began = time.process_time()
    with pytest.raises(Unfit) as refused:
        clean(bomb(*size), "photo")
    assert refused.value.why == "big"
    assert time.process_time() - began < 1


def test_a_jpeg_that_repeats_its_scans_without_end_is_refused_unread() -> None:
    original = saved(noise("x", (2000, 2000)), "JPEG", progressive=True)
    last = original.rindex(b"\xff\xda")
    scan = original[last : last + 2 + struct.unpack(">H", original[last + 2 : last + 4])[0]]
    began = time.process_time()
    with pytest.raises(Unfit, match="scans"):
        clean(original[:-2] + scan * 50_000 + b"\xff\xd9", "photo")
    assert time.process_time() - began < 1


def test_a_gif_of_pictures_without_end_is_refused_unread() -> None:
    original = saved(noise("x", (1, 1)), "GIF")
    at = original.index(b"\x2c", 13)
    began = time.process_time()
    with pytest.raises(Unfit) as refused:
        clean(original[:at] + original[at:-1] * 100_000 + b"\x3b", "photo")
    assert refused.value.why == "big"
    assert time.process_time() - began < 1
