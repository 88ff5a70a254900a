"""The web door of the whole program: what is let in, what is refused, and what it says of itself."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from itsdangerous import URLSafeTimedSerializer

from bot.app import House, make_app, make_house
from bot.channels.base import Envelope
from bot.drivers.base import Driver, NotKept
from bot.drivers.local import LocalDriver
from bot.pipeline import Pipeline
from bot.web import WEBHOOK_BODY, Links
from storage import inbox, reports
from storage import media as media_rows
from storage.database import upgrade
from storage.models import Inbox, Report
from storage.vault import derive
from tests.bot.doors import ADDRESS, Door, opened, settings_for, transport
from tests.peers import LINE_SECRET, LINE_TOKEN, TELEGRAM_TOKEN, LinePeer, TelegramPeer, line_signed, telegram_webhook
from tests.rig import WEDNESDAY

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


def at_door(folder: Path, check: Check, *, work: bool = False, upgraded: bool = True, **settings: Any) -> None:
    async def run() -> None:
        async with opened(settings_for(folder, **{**LINE, **settings}), work=work, upgraded=upgraded) as door:
            await check(door)

    asyncio.run(run())


def kept(door: Door) -> int:
    with door.house.readers() as session:
        return session.query(Inbox).count()


def test_a_signed_event_is_durable_before_it_gets_its_200(tmp_path: Path) -> None:
    async def check(door: Door) -> None:
        answer = await door.http.post("/webhook/line", content=body_of("text"), headers=signed(body_of("text")))
        assert answer.status_code == 200
        assert kept(door) == 1
        again = await door.http.post("/webhook/line", content=body_of("text"), headers=signed(body_of("text")))
        assert again.status_code == 200
        assert kept(door) == 1

    at_door(tmp_path, check)


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
def test_a_forged_request_is_refused_and_nothing_is_kept(tmp_path: Path, headers: dict[str, str], status: int) -> None:
    async def check(door: Door) -> None:
        raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
        answer = await door.http.post("/webhook/line", content=body_of("text"), headers=raw)
        assert answer.status_code == status
        assert kept(door) == 0

    at_door(tmp_path, check)


def test_a_signature_of_another_body_is_refused(tmp_path: Path) -> None:
    async def check(door: Door) -> None:
        answer = await door.http.post("/webhook/line", content=body_of("text"), headers=signed(body_of("follow")))
        assert answer.status_code == 401

    at_door(tmp_path, check)


@pytest.mark.parametrize("body", [b"", b"not json", b"[]", b'{"events": 3}'])
def test_a_signed_body_that_is_not_the_platforms_json_is_refused(tmp_path: Path, body: bytes) -> None:
    async def check(door: Door) -> None:
        answer = await door.http.post("/webhook/line", content=body, headers=signed(body))
        assert answer.status_code == 400
        assert kept(door) == 0

    at_door(tmp_path, check)


def test_a_connection_check_gets_its_200(tmp_path: Path) -> None:
    async def check(door: Door) -> None:
        answer = await door.http.post("/webhook/line", content=body_of("empty"), headers=signed(body_of("empty")))
        assert answer.status_code == 200
        assert kept(door) == 0

    at_door(tmp_path, check)


def test_an_oversized_body_is_refused_before_it_is_read_whole(tmp_path: Path) -> None:
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

    at_door(tmp_path, check)


def test_unknown_events_are_taken_counted_and_let_be(tmp_path: Path) -> None:
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
        at_door(tmp_path, check, work=True, line_api_base=peer.url, line_data_api_base=peer.url)


async def ignored(door: Door) -> float:
    """How many events the metrics call ignored."""
    lines = (await door.http.get("/metrics")).text.splitlines()
    found = [line for line in lines if line.startswith('sansiang_events_total{channel="line",outcome="ignored"}')]
    return float(found[0].rpartition(" ")[2]) if found else 0.0


def test_what_cannot_be_kept_is_not_answered_for(tmp_path: Path) -> None:
    """The inbox is gone: LINE must hear 503, so that it sends the events again, and readiness must tell why."""

    async def check(door: Door) -> None:
        assert (await door.http.get("/readyz")).status_code == 200
        with sqlite3.connect(tmp_path / "sansiang.db") as raw:
            raw.execute("ALTER TABLE inbox RENAME TO elsewhere")
        raw.close()
        answer = await door.http.post("/webhook/line", content=body_of("text"), headers=signed(body_of("text")))
        assert answer.status_code == 503
        ready = await door.http.get("/readyz")
        assert ready.status_code == 503
        assert "database" in ready.text
        with sqlite3.connect(tmp_path / "sansiang.db") as raw:
            raw.execute("ALTER TABLE elsewhere RENAME TO inbox")
        raw.close()
        answer = await door.http.post("/webhook/line", content=body_of("text"), headers=signed(body_of("text")))
        assert answer.status_code == 200
        assert (await door.http.get("/readyz")).status_code == 200
        assert kept(door) == 1

    at_door(tmp_path, check)


def test_readiness_says_that_the_database_is_old(tmp_path: Path) -> None:
    async def check(door: Door) -> None:
        ready = await door.http.get("/readyz")
        assert ready.status_code == 503
        assert "migrate" in ready.text
        assert (await door.http.get("/healthz")).status_code == 200

    at_door(tmp_path, check, upgraded=False)


def test_readiness_says_that_another_key_sealed_the_database(tmp_path: Path) -> None:
    async def fill(door: Door) -> None:
        await door.http.post("/webhook/line", content=body_of("text"), headers=signed(body_of("text")))

    async def check(door: Door) -> None:
        ready = await door.http.get("/readyz")
        assert ready.status_code == 503
        assert "SECRET_KEY" in ready.text

    at_door(tmp_path, fill)
    at_door(tmp_path, check, secret_key="another secret of a test")


def test_a_platform_that_is_not_set_has_no_door(tmp_path: Path) -> None:
    async def check(door: Door) -> None:
        assert (await door.http.post("/webhook/telegram", content=b"{}")).status_code == 404
        assert (await door.http.get("/webhook/line")).status_code == 405
        assert (await door.http.get("/try")).status_code == 404
        assert (await door.http.post("/local/messages", json={"user": "u1"})).status_code == 404

    at_door(tmp_path, check)


def test_metrics_tell_numbers_and_no_people(tmp_path: Path) -> None:
    async def check(door: Door) -> None:
        await door.http.post("/webhook/line", content=body_of("text"), headers=signed(body_of("text")))
        await door.http.post("/webhook/line", content=body_of("text"))
        answer = await door.http.get("/metrics")
        assert answer.status_code == 200
        assert 'sansiang_received_total{channel="line"}' in answer.text
        assert 'sansiang_refused_total{channel="line",status="401"}' in answer.text
        user = json.loads(body_of("text"))["events"][0]["source"]["userId"]
        assert user not in answer.text

    at_door(tmp_path, check)


def test_every_answer_keeps_itself_to_itself(tmp_path: Path) -> None:
    async def check(door: Door) -> None:
        for path in ("/healthz", "/readyz", "/metrics", "/files/x", "/nowhere"):
            headers = (await door.http.get(path)).headers
            assert headers["x-content-type-options"] == "nosniff", path
            assert "default-src 'self'" in headers["content-security-policy"], path
            assert headers["referrer-policy"] == "no-referrer", path

    at_door(tmp_path, check)


def test_a_file_link_is_signed_by_us_and_grows_old() -> None:
    secret = derive("a secret", "links")
    token = Links(secret).file(7).removeprefix("/files/")
    assert Links(secret).medium_of(token) == 7
    assert Links(derive("another secret", "links")).medium_of(token) is None
    assert Links(secret).medium_of(token[:-1] + ("A" if token[-1] != "A" else "B")) is None
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


def test_an_event_id_of_half_a_letter_is_kept_once(tmp_path: Path) -> None:
    events = json.loads(body_of("text"))
    events["events"][0]["webhookEventId"] = "\ud800"
    body = json.dumps(events).encode()  # with an escape, as only such a letter can travel

    async def check(door: Door) -> None:
        for _ in range(2):
            assert (await door.http.post("/webhook/line", content=body, headers=signed(body))).status_code == 200
        assert kept(door) == 1
        assert (await door.http.get("/readyz")).status_code == 200

    at_door(tmp_path, check)


class Picky(LocalDriver):
    """A driver that can never keep anything."""

    async def receive(self, envelopes: Sequence[Envelope]) -> None:
        raise NotKept(f"{len(envelopes)} of tomorrow")


def test_what_can_never_be_kept_is_told_so_once(tmp_path: Path) -> None:
    async def run() -> None:
        house = make_house(settings_for(tmp_path, **LINE))
        upgrade(house.engine)

        def picky(house: House, pipeline: Pipeline, clock: Callable[[], datetime]) -> Driver:
            return Picky(house.engine, house.sessions, house.readers, pipeline, house.store, clock)

        app = make_app(house, work=False, make_driver=picky)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport(app), base_url=ADDRESS) as http,
        ):
            answer = await http.post("/webhook/line", content=body_of("text"), headers=signed(body_of("text")))
        assert answer.status_code == 400
        house.engine.dispose()

    asyncio.run(run())


@pytest.mark.parametrize("refusal", [None, 500])
def test_a_tap_that_came_by_webhook_is_acknowledged_and_a_refusal_spoils_nothing(
    tmp_path: Path, refusal: int | None
) -> None:
    tap = json.loads((PAYLOADS.parent / "telegram" / "callback.json").read_text("utf-8"))
    with TelegramPeer() as peer:
        if refusal:
            peer.script(fail=[{"path": "answerCallbackQuery", "status": refusal, "times": 9}])

        async def check(door: Door) -> None:
            headers, body = telegram_webhook(tap, "hook-secret-of-the-test")
            assert (await door.http.post("/webhook/telegram", content=body, headers=headers)).status_code == 200
            assert kept(door) == 1

        at_door(
            tmp_path,
            check,
            telegram_bot_token=TELEGRAM_TOKEN,
            telegram_api_base=peer.url,
            telegram_webhook_secret="hook-secret-of-the-test",
        )
        answered = [one for one in peer.accepted if one["kind"].lower() == "answercallbackquery"]
        assert len(answered) == (0 if refusal else 1)


def test_a_file_that_is_gone_is_not_found(tmp_path: Path) -> None:
    async def check(door: Door) -> None:
        with door.house.sessions.begin() as session:
            report = Report(
                code="ชร-10001",
                province="chiang-rai",
                kind="problem",
                created_at=WEDNESDAY,
                updated_at=WEDNESDAY,
                masked_text="x",
                summary="x",
                category="other",
                sub="",
                confidence=1.0,
                alternatives=[],
                evidence=[],
                place_sealed=reports.seal_spot(session, reports.Spot("x")),
            )
            reports.add(session, report, "x", WEDNESDAY)
            medium = media_rows.promise(session, report, "photo", "line", "ref", WEDNESDAY)
            media_rows.settle(session, medium.id, "kept", WEDNESDAY, sha256="0" * 64, media_type="image/jpeg")
        assert (await door.http.get(door.house.links.file(medium.id))).status_code == 404

    at_door(tmp_path, check)
