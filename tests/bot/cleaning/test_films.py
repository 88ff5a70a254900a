"""Films and recordings lose their place and device without a sample moving; boxes that lie are refused quickly."""

from __future__ import annotations

import struct
import time

import pytest

from bot.cleaning import Unfit, clean
from tests.pictures import DEVICE, XYZ, box, film, voice


def test_where_a_film_was_made_is_blanked_and_no_sample_moves() -> None:
    original = film(b"vide", b"soun")
    assert original.count(XYZ) == 4
    kept = clean(original, "video")
    assert XYZ not in kept.data
    assert DEVICE not in kept.data
    assert b"location" not in kept.data
    assert len(kept.data) == len(original)
    at = original.index(b"the samples")
    assert kept.data[at : at + 330] == original[at : at + 330]
    for table in (b"stco", b"stsz", b"tkhd", b"mvhd"):
        assert kept.data.count(table) >= 1
    assert clean(kept.data, "video") == kept


def test_a_film_is_told_by_its_tracks_and_first_letters() -> None:
    assert clean(voice(), "voice").media_type == "audio/mp4"
    assert clean(film(b"soun"), "voice").media_type == "audio/mp4"
    assert clean(film(b"vide", brand=b"qt  "), "video").media_type == "video/quicktime"
    assert clean(film(b"vide", brand=b"3gp4"), "video").media_type == "video/3gpp"


def test_a_voice_without_a_sound_is_empty() -> None:
    for data in (b"", film(b"vide"), b"OggS" + bytes(60), b"ID3" + bytes(30), b"RIFF\x24\0\0\0WAVEfmt data\0\0\0\0"):
        with pytest.raises(Unfit) as refused:
            clean(data, "voice")
        assert refused.value.why == "empty", data[:20]


@pytest.mark.parametrize(
    "data",
    [
        box(b"ftyp", b"isom", bytes(4)),
        box(b"ftyp", b"isom", bytes(4)) + struct.pack(">I4s", 1_000_000, b"moov"),
        box(b"ftyp", b"isom", bytes(4)) + struct.pack(">I4sQ", 1, b"moov", 2**63),
        box(b"ftyp", b"isom", bytes(4)) + box(b"moov", struct.pack(">I4s", 4, b"trak")),
        box(b"ftyp", b"isom", bytes(4)) + box(b"moov") + box(b"free") * 50_000,
    ],
)
def test_boxes_that_do_not_fit_are_refused(data: bytes) -> None:
    with pytest.raises(Unfit) as refused:
        clean(data, "video")
    assert refused.value.why == "bad"


def test_boxes_within_boxes_end_somewhere() -> None:
    deep = b""
    for _ in range(5_000):
        deep = box(b"moov", deep)
    began = time.process_time()
    with pytest.raises(Unfit, match="too deep"):
        clean(box(b"ftyp", b"isom", bytes(4)) + deep, "video")
    assert time.process_time() - began < 1


def test_a_table_that_tells_of_more_than_there_is_blanks_no_more_than_there_is() -> None:
    lying = box(b"stsz", struct.pack(">III", 0, 2**32 - 1, 2**32 - 1))
    runs = box(b"stsc", struct.pack(">IIIII", 0, 1, 1, 2**32 - 1, 1))
    table = box(b"stbl", lying, runs, box(b"stco", struct.pack(">III", 0, 1, 2**32 - 1)))
    said = box(b"hdlr", bytes(8), b"meta", bytes(13))
    odd = box(b"trak", box(b"mdia", said, box(b"minf", table)))
    data = box(b"ftyp", b"isom", bytes(4)) + box(b"moov", odd) + box(b"mdat", b"x" * 100)
    began = time.process_time()
    kept = clean(data, "video").data
    assert len(kept) == len(data)
    assert time.process_time() - began < 2
