"""The web door and what it keeps: odd events, events that can never be kept, taps, files that are gone."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from datetime import datetime

import httpx
import pytest

from bot.app import House, make_app
from bot.channels.base import Envelope
from bot.drivers.base import Driver, NotKept
from bot.drivers.local import LocalDriver
from bot.pipeline import Pipeline
from storage import media as media_rows
from storage import reports, spots
from storage.database import upgrade
from storage.models import Report
from tests.bot.doors import ADDRESS, Door, Place, house_of, transport
from tests.bot.test_web import LINE, PAYLOADS, at_door, body_of, kept, signed
from tests.peers import TELEGRAM_TOKEN, TelegramPeer, telegram_webhook
from tests.rig import WEDNESDAY


def test_an_event_id_of_half_a_letter_is_kept_once(place: Place) -> None:
    events = json.loads(body_of("text"))
    events["events"][0]["webhookEventId"] = "\ud800"
    body = json.dumps(events).encode()  # with an escape, as only such a letter can travel

    async def check(door: Door) -> None:
        for _ in range(2):
            assert (await door.http.post("/webhook/line", content=body, headers=signed(body))).status_code == 200
        assert kept(door) == 1
        assert (await door.http.get("/readyz")).status_code == 200

    at_door(place, check)


class Picky(LocalDriver):
    """A driver that can never keep anything."""

    async def receive(self, envelopes: Sequence[Envelope]) -> None:
        raise NotKept(f"{len(envelopes)} of tomorrow")


def test_what_can_never_be_kept_is_told_so_once(place: Place) -> None:
    async def run() -> None:
        house = house_of(place.settings(**LINE))
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
    place: Place, refusal: int | None
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
            place,
            check,
            telegram_bot_token=TELEGRAM_TOKEN,
            telegram_api_base=peer.url,
            telegram_webhook_secret="hook-secret-of-the-test",
        )
        answered = [one for one in peer.accepted if one["kind"].lower() == "answercallbackquery"]
        assert len(answered) == (0 if refusal else 1)


def test_a_file_that_is_gone_is_not_found(place: Place) -> None:
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
                place_sealed=spots.seal(session, spots.Spot("x")),
            )
            reports.add(session, report, "x", WEDNESDAY)
            medium = media_rows.promise(session, report, "photo", "line", "ref", WEDNESDAY)
            media_rows.settle(session, medium.id, "kept", WEDNESDAY, sha256="0" * 64, media_type="image/jpeg")
        assert (await door.http.get(door.house.links.file(medium.id))).status_code == 404

    at_door(place, check)
