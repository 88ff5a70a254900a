"""Sounds lose who made them, where and with what, and no frame; what breaks off plays as far as it came."""

from __future__ import annotations

import contextlib
import io
import time
import wave
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from mutagen.flac import FLAC
from mutagen.mp3 import MP3
from mutagen.ogg import OggPage
from mutagen.oggflac import OggFLAC
from mutagen.oggopus import OggOpus
from mutagen.oggspeex import OggSpeex
from mutagen.oggvorbis import OggVorbis

from bot.cleaning import Unfit, clean
from tests import sounds
from tests.pictures import XYZ
from tests.sounds import ADTS, FRAME, MAKER, SAMPLES, SOUND, chunk, riff, told

MADE: dict[str, Callable[[], bytes]] = {
    "opus": sounds.opus,
    "vorbis": sounds.vorbis,
    "speex": sounds.speex,
    "ogg flac": sounds.ogg_flac,
    "flac": sounds.flac,
    "mp3": sounds.mp3,
    "aac": lambda: sounds.id3() + ADTS * 10,
    "wav": sounds.wav,
    "caf": sounds.caf,
    "avi": sounds.avi,
    "webm": sounds.webm,
    "a browser's webm": lambda: sounds.webm(endless=True),
}
READERS: dict[str, Any] = {"opus": OggOpus, "vorbis": OggVorbis, "speex": OggSpeex, "ogg flac": OggFLAC}


def kept(name: str) -> bytes:
    return clean(MADE[name](), "file").data


def packets(data: bytes) -> list[bytes]:
    file, pages = io.BytesIO(data), []
    while file.tell() < len(data):
        pages.append(OggPage(file))
    read: list[bytes] = OggPage.to_packets(pages)
    return read


@pytest.mark.parametrize("name", MADE)
def test_who_where_and_with_what_is_gone(name: str) -> None:
    original = MADE[name]()
    assert len(told(original)) >= 2, "a test that looks for nothing finds nothing"
    assert told(kept(name)) == []
    assert b"location" not in kept(name).lower()
    assert b"Exif" not in kept(name)


@pytest.mark.parametrize("name", MADE)
def test_cleaning_what_is_clean_changes_nothing(name: str) -> None:
    assert kept(name) == clean(kept(name), "file").data


@pytest.mark.parametrize("name", READERS)
def test_an_ogg_plays_as_before(name: str) -> None:
    read = READERS[name](io.BytesIO(kept(name)))
    assert not read.tags
    assert packets(kept(name))[-30:] == SOUND
    assert packets(kept(name))[0] == packets(MADE[name]())[0]
    for page in kept(name).split(b"OggS")[1:]:
        assert OggPage(io.BytesIO(b"OggS" + page)).write() == b"OggS" + page, "a page whose sum is wrong is not played"


def test_every_stream_of_an_ogg_is_looked_at_and_those_that_nobody_hears_go() -> None:
    told_twice = sounds.opus() + b"between" + XYZ + sounds.pages([b"fishead\0" + sounds.MAKER], 9) + sounds.opus()
    after = clean(told_twice, "voice").data
    assert told(after) == []
    assert after == clean(sounds.opus(), "voice").data * 2


def test_what_hides_behind_the_comments_goes() -> None:
    after = clean(sounds.opus(after=b"\x01" + sounds.MAKER), "voice").data
    assert told(after) == []


def test_an_mp3_and_an_aac_keep_every_frame() -> None:
    assert kept("mp3") == FRAME * 40
    info: Any = MP3(io.BytesIO(kept("mp3"))).info
    assert info.length == pytest.approx(40 * 1152 / 44_100, rel=0.05)
    assert kept("aac") == ADTS * 10
    assert clean(MADE["aac"](), "voice").media_type == "audio/aac"


def test_frames_within_a_tag_are_part_of_the_tag() -> None:
    tag = b"ID3\x04\x00\x00\0\0" + bytes([834 >> 7, 834 & 127]) + FRAME * 2
    assert clean(FRAME * 3 + tag + FRAME * 3 + b"ID3 " + FRAME[:99], "file").data == FRAME * 6


def test_what_hangs_behind_a_webm_is_gone() -> None:
    assert clean(sounds.webm() + MAKER, "video").data == kept("webm")


def test_a_flac_keeps_its_frames() -> None:
    read = FLAC(io.BytesIO(kept("flac")))
    assert (read.tags, read.pictures, read.info.sample_rate) == (None, [], 44_100)
    assert kept("flac").endswith(b"\xff\xf8 frames " * 50)
    assert clean(MADE["flac"](), "voice").media_type == "audio/flac"


def test_a_wav_keeps_every_sample() -> None:
    with wave.open(io.BytesIO(kept("wav"))) as read:
        assert read.readframes(1000) == SAMPLES
    assert kept("wav") == riff(b"WAVE", sounds.FORMAT, chunk(b"data", SAMPLES))


def test_a_wav_whose_writer_never_came_to_its_size_gets_it() -> None:
    endless = b"RIFF\xff\xff\xff\xffWAVE" + sounds.FORMAT + b"data\xff\xff\xff\xff" + SAMPLES
    assert clean(endless, "voice").data == kept("wav")


def test_a_caf_keeps_its_sound() -> None:
    assert kept("caf").endswith(bytes(4) + SAMPLES)


def test_nothing_moves_in_an_avi_and_a_webm() -> None:
    for name, piece in (("avi", b"the film"), ("webm", SOUND[0]), ("a browser's webm", SOUND[0])):
        original = MADE[name]()
        assert len(kept(name)) == len(original)
        assert kept(name).index(piece) == original.index(piece) > 0
    assert clean(MADE["webm"](), "voice").media_type == "audio/webm"
    assert clean(MADE["webm"](), "video").media_type == "video/webm"


@pytest.mark.parametrize("name", MADE)
def test_what_breaks_off_is_refused_or_tells_nothing(name: str) -> None:
    original = MADE[name]()
    for part in range(1, 40):
        try:
            after = clean(original[: len(original) * part // 40], "file").data
        except Unfit:
            continue
        assert told(after) == [], part
        assert clean(after, "file").data == after


@settings(max_examples=40, deadline=None)
@given(name=some.sampled_from(sorted(MADE)), at=some.floats(0, 0.999), piece=some.binary(min_size=1, max_size=12))
def test_whatever_stands_in_it_nothing_but_unfit_comes_out(name: str, at: float, piece: bytes) -> None:
    broken = bytearray(MADE[name]())
    start = int(len(broken) * at * at)  # mostly heads
    broken[start : start + len(piece)] = piece
    try:
        once = clean(bytes(broken), "file")
    except Unfit:
        return
    assert clean(once.data, "file").data == once.data


@pytest.mark.parametrize(
    "data",
    [
        b"ID3" + bytes(20) + b"\xff\xfb\x90" * 500_000,
        b"\xff\xf1\x50\x80\x01\x1f\xfc\x00" * 200_000,
        sounds.opus() + (b"OggS" + bytes(23)) * 300_000,
        b"OggS\0\2"
        + bytes(8)
        + b"7777"
        + bytes(8)
        + b"\x01\x13"
        + sounds.OPUS_HEAD
        + (b"OggS\0\1" + bytes(8) + b"7777" + bytes(8) + b"\xff" + b"\xff" * 255 + bytes(65_025)) * 60,
        riff(b"WAVE", sounds.FORMAT, chunk(b"data", SAMPLES), chunk(b"LIST", b"") * 1_000_000),
        b"\x1aE\xdf\xa3\x80" + b"\xec\x80" * 1_000_000,
        b"\x1aE\xdf\xa3\x80" + b"\xae\x80" * 1_000_000,
        b"RIFF\xff\xff\xff\xffAVI " + b"LIST\xff\xff\xff\xffhdrl" * 100_000,
        b"RIFF\0\0\0\0AVI " + b"RIFF\0\0\0\0AVI " * 100_000,
        b"fLaC" + b"\x04\0\0\0" * 500_000,
        b"caff\0\1\0\0" + b"free" + bytes(8) + (b"free" + bytes(8)) * 500_000,
    ],
)
def test_what_somebody_made_to_be_read_for_ever_is_not(data: bytes) -> None:
    began = time.process_time()
    with contextlib.suppress(Unfit):
        clean(data, "file")
    assert time.process_time() - began < 5
