"""A machine's ear, over a real connection to a stand-in."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from bot.transcriber import LARGEST, LONGEST, TRIES, Transcriber, Unheard
from tests.ear import KEY, EarPeer
from tests.pictures import voice


@pytest.fixture
def peer() -> Iterator[EarPeer]:
    with EarPeer("  น้ำ ไม่ไหล\n") as peer:
        yield peer


def ear(url: str, key: str = KEY, within: float = 5.0) -> Transcriber:
    return Transcriber(f"{url}/v1", key, "whisper-1", first_wait=0.01, answer_within=within)


def hear(made: Transcriber, data: bytes = b"the sound", media_type: str = "audio/mp4") -> str:
    return asyncio.run(made.hear(data, media_type))


def test_it_sends_the_sound_by_its_right_name_and_asks_for_thai(peer: EarPeer) -> None:
    assert hear(ear(peer.url), voice()) == "น้ำ ไม่ไหล"
    (sent,) = peer.accepted
    assert (sent["model"], sent["language"]) == ("whisper-1", "th")
    assert sent["file"] == ("voice.m4a", "audio/mp4", voice())


def test_a_service_in_trouble_is_tried_again(peer: EarPeer) -> None:
    peer.script(fail=[{"status": 503}, {"status": 429}])
    assert hear(ear(peer.url)) == "น้ำ ไม่ไหล"
    assert len(peer.calls) == TRIES


@pytest.mark.parametrize(("status", "again"), [(500, True), (429, True), (401, True), (400, False), (415, False)])
def test_a_service_that_does_not_hear_is_told_of(peer: EarPeer, status: int, again: bool) -> None:
    peer.script(fail=[{"status": status, "times": 9}])
    with pytest.raises(Unheard) as failed:
        hear(ear(peer.url))
    assert failed.value.again is again
    assert len(peer.calls) == (TRIES if again else 1)


@pytest.mark.parametrize("body", ["not json", '["x"]', '{"text": 7}', "{}"])
def test_an_answer_that_makes_no_sense_is_none(peer: EarPeer, body: str) -> None:
    peer.script(fail=[{"status": 200, "body": body, "times": 9}])
    with pytest.raises(Unheard):
        hear(ear(peer.url))


def test_a_slow_or_absent_service_is_not_waited_for(peer: EarPeer) -> None:
    peer.script(delay=0.4)
    for made in (ear(peer.url, within=0.1), ear("http://127.0.0.1:1")):
        with pytest.raises(Unheard) as failed:
            hear(made)
        assert failed.value.again


def test_too_much_is_neither_sent_nor_believed(peer: EarPeer) -> None:
    with pytest.raises(Unheard) as failed:
        hear(ear(peer.url), bytes(LARGEST + 1))
    assert not failed.value.again
    assert peer.calls == []
    peer.script(hears="ก" * 9000)
    assert len(hear(ear(peer.url))) == LONGEST
    peer.script(hears="ก" * 900_000)
    with pytest.raises(Unheard):
        hear(ear(peer.url))


def test_without_a_key_none_is_sent(peer: EarPeer) -> None:
    with pytest.raises(Unheard, match="401"):
        hear(ear(peer.url, key=""))
