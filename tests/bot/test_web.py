"""The web door of the whole program: what is let in, what is refused, and what it says of itself."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import text

from bot.links import Links
from bot.web import WEBHOOK_BODY
from storage import inbox
from storage.models import Inbox
from storage.vault import derive
from tests.bot.doors import Door, Place, opened
from tests.peers import LINE_SECRET, LINE_TOKEN, LinePeer, line_signed

PAYLOADS = Path(__file__).parents[1] / "payloads" / "line"
LINE: dict[str, Any] = {
    "line_channel_secret": LINE_SECRET,
    "line_channel_access_token": LINE_TOKEN,
    "secret_key": "a secret of this test",
    "provinces": "chiang-rai",
}
Check = Callable[[Door], Coroutine[Any, Any, None]]


def body_of(name: str) -> bytes:
    return (PAYLOADS / f"{name}.json").read_bytes()


def signed(body: bytes) -> dict[str, str]:
    """Headers of a request as LINE makes it."""
    headers: dict[str, str] = line_signed(body)
    return headers


def at_door(place: Place, check: Check, *, work: bool = False, upgraded: bool = True, **settings: Any) -> None:
    async def run() -> None:
        async with opened(place.settings(**{**LINE, **settings}), work=work, upgraded=upgraded) as door:
            await check(door)

    asyncio.run(run())


def kept(door: Door) -> int:
    with door.house.readers() as session:
        return session.query(Inbox).count()


def test_a_signed_event_is_durable_before_it_gets_its_200(place: Place) -> None:
    async def check(door: Door) -> None:
        answer = await door.http.post("/webhook/line", content=body_of("text"), headers=signed(body_of("text")))
        assert answer.status_code == 200
        assert kept(door) == 1
        again = await door.http.post("/webhook/line", content=body_of("text"), headers=signed(body_of("text")))
        assert again.status_code == 200
        assert kept(door) == 1

    at_door(place, check)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"x-line-signature": ""}, 401),
        ({"x-line-signature": "not ours"}, 401),
        ({"x-line-signature": "ü"}, 401),
    ],
    ids=["missing", "empty", "wrong", "odd"],
)
def test_a_forged_request_is_refused_and_nothing_is_kept(place: Place, headers: dict[str, str], status: int) -> None:
    async def check(door: Door) -> None:
        raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
        answer = await door.http.post("/webhook/line", content=body_of("text"), headers=raw)
        assert answer.status_code == status
        assert kept(door) == 0

    at_door(place, check)


def test_a_signature_of_another_body_is_refused(place: Place) -> None:
    async def check(door: Door) -> None:
        answer = await door.http.post("/webhook/line", content=body_of("text"), headers=signed(body_of("follow")))
        assert answer.status_code == 401

    at_door(place, check)


@pytest.mark.parametrize("body", [b"", b"not json", b"[]", b'{"events": 3}'])
def test_a_signed_body_that_is_not_the_platforms_json_is_refused(place: Place, body: bytes) -> None:
    async def check(door: Door) -> None:
        answer = await door.http.post("/webhook/line", content=body, headers=signed(body))
        assert answer.status_code == 400
        assert kept(door) == 0

    at_door(place, check)


def test_a_connection_check_gets_its_200(place: Place) -> None:
    async def check(door: Door) -> None:
        answer = await door.http.post("/webhook/line", content=body_of("empty"), headers=signed(body_of("empty")))
        assert answer.status_code == 200
        assert kept(door) == 0

    at_door(place, check)


def test_an_oversized_body_is_refused_before_it_is_read_whole(place: Place) -> None:
    async def check(door: Door) -> None:
        given = 0

        async def chunks() -> AsyncIterator[bytes]:
            nonlocal given
            for _ in range(64):
                given += 1
                yield b"x" * (WEBHOOK_BODY // 8)

        chunked = await door.http.post("/webhook/line", content=chunks(), headers=signed(b""))
        assert chunked.status_code == 413
        assert given <= 10
        large = b"x" * (WEBHOOK_BODY + 1)
        assert (await door.http.post("/webhook/line", content=large, headers=signed(large))).status_code == 413
        just = b"x" * WEBHOOK_BODY
        assert (await door.http.post("/webhook/line", content=just, headers=signed(just))).status_code == 400
        lies = {**signed(large), "content-length": "10"}
        assert (await door.http.post("/webhook/line", content=large, headers=lies)).status_code == 413

    at_door(place, check)


def test_unknown_events_are_taken_counted_and_let_be(place: Place) -> None:
    async def check(door: Door) -> None:
        before = await ignored(door)
        answer = await door.http.post("/webhook/line", content=body_of("future"), headers=signed(body_of("future")))
        assert answer.status_code == 200
        for _ in range(200):
            with door.house.readers() as session:
                if inbox.counts(session).get("waiting", 0) == 0:
                    break
            await asyncio.sleep(0.01)
        events = len(json.loads(body_of("future"))["events"])
        with door.house.readers() as session:
            assert sum(inbox.counts(session).values()) == events
            assert inbox.counts(session).get("ignored", 0) >= 1
        assert await ignored(door) > before

    with LinePeer() as peer:
        at_door(place, check, work=True, line_api_base=peer.url, line_data_api_base=peer.url)


async def ignored(door: Door) -> float:
    """How many events the metrics call ignored."""
    lines = (await door.http.get("/metrics")).text.splitlines()
    found = [line for line in lines if line.startswith('sansiang_events_total{channel="line",outcome="ignored"}')]
    return float(found[0].rpartition(" ")[2]) if found else 0.0


def test_what_cannot_be_kept_is_not_answered_for(place: Place) -> None:
    """The inbox is gone: LINE must hear 503, so that it sends the events again, and readiness must tell why."""

    async def check(door: Door) -> None:
        assert (await door.http.get("/readyz")).status_code == 200
        place.execute(text("ALTER TABLE inbox RENAME TO elsewhere"))
        answer = await door.http.post("/webhook/line", content=body_of("text"), headers=signed(body_of("text")))
        assert answer.status_code == 503
        ready = await door.http.get("/readyz")
        assert ready.status_code == 503
        assert "database" in ready.text
        place.execute(text("ALTER TABLE elsewhere RENAME TO inbox"))
        answer = await door.http.post("/webhook/line", content=body_of("text"), headers=signed(body_of("text")))
        assert answer.status_code == 200
        assert (await door.http.get("/readyz")).status_code == 200
        assert kept(door) == 1

    at_door(place, check)


def test_readiness_says_that_the_database_is_old(blank_place: Place) -> None:
    async def check(door: Door) -> None:
        ready = await door.http.get("/readyz")
        assert ready.status_code == 503
        assert "migrate" in ready.text
        assert (await door.http.get("/healthz")).status_code == 200

    at_door(blank_place, check, upgraded=False)


def test_readiness_says_that_another_key_sealed_the_database(place: Place) -> None:
    async def fill(door: Door) -> None:
        await door.http.post("/webhook/line", content=body_of("text"), headers=signed(body_of("text")))

    async def check(door: Door) -> None:
        ready = await door.http.get("/readyz")
        assert ready.status_code == 503
        assert "SECRET_KEY" in ready.text

    at_door(place, fill)
    at_door(place, check, secret_key="another secret of a test")


def test_a_platform_that_is_not_set_has_no_door(place: Place) -> None:
    async def check(door: Door) -> None:
        assert (await door.http.post("/webhook/telegram", content=b"{}")).status_code == 404
        assert (await door.http.get("/webhook/line")).status_code == 405
        assert (await door.http.get("/try")).status_code == 404
        assert (await door.http.post("/local/messages", json={"user": "u1"})).status_code == 404

    at_door(place, check)


def test_metrics_tell_numbers_and_no_people(place: Place) -> None:
    async def check(door: Door) -> None:
        await door.http.post("/webhook/line", content=body_of("text"), headers=signed(body_of("text")))
        await door.http.post("/webhook/line", content=body_of("text"))
        answer = await door.http.get("/metrics")
        assert answer.status_code == 200
        assert 'sansiang_received_total{channel="line"}' in answer.text
        assert 'sansiang_refused_total{channel="line",status="401"}' in answer.text
        user = json.loads(body_of("text"))["events"][0]["source"]["userId"]
        assert user not in answer.text

    at_door(place, check)


def test_every_answer_keeps_itself_to_itself(place: Place) -> None:
    async def check(door: Door) -> None:
        for path in ("/healthz", "/readyz", "/metrics", "/files/x", "/nowhere"):
            headers = (await door.http.get(path)).headers
            assert headers["x-content-type-options"] == "nosniff", path
            assert "default-src 'self'" in headers["content-security-policy"], path
            assert headers["referrer-policy"] == "no-referrer", path

    at_door(place, check)


def test_a_file_link_is_signed_by_us_and_grows_old() -> None:
    secret = derive("a secret", "links")
    token = Links(secret).file(7).removeprefix("/files/")
    assert Links(secret).medium_of(token) == 7
    assert Links(derive("another secret", "links")).medium_of(token) is None
    at = token.rindex(".") + 5  # within the signature; of its last letter not every bit counts
    assert Links(secret).medium_of(token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :]) is None
    for odd in ("", ".", "7", "x" * 500, "ก"):
        assert Links(secret).medium_of(odd) is None

    class Yesterday(URLSafeTimedSerializer):
        """A serializer whose clock is a day and a minute late."""

        def make_signer(self, salt: Any = None) -> Any:
            signer: Any = super().make_signer(salt)
            stamp = signer.get_timestamp
            signer.get_timestamp = lambda: stamp() - 24 * 3600 - 60
            return signer

    old = Yesterday(secret, salt="file").dumps(7)
    assert Links(secret).medium_of(str(old)) is None
    assert Links(secret).medium_of(str(URLSafeTimedSerializer(secret, salt="other").dumps(7))) is None
    assert Links(secret).medium_of(str(URLSafeTimedSerializer(secret, salt="file").dumps("words"))) is None
