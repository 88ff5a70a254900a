"""In a group the bot hears what is said to it, and nothing else; what is private it answers in private."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

import pytest

from bot.channels.base import Channel, Envelope
from bot.channels.line import LineChannel
from bot.channels.telegram import TelegramChannel
from bot.letters import load_replies
from bot.pipeline import Pipeline
from handlers.desk import Desk
from storage.models import Inbox, Medium, Outbox, Person, Report
from storage.vault import vault_of
from tests.bot.groups import BEATEN, GOSSIP, LINE_GROUP, TELEGRAM_GROUP, WATER, Said, line_talk, telegram_talk
from tests.peers import LINE_SECRET, LINE_TOKEN, TELEGRAM_TOKEN, TelegramPeer, line_webhook, telegram_webhook
from tests.rig import Clock, Database

MESSAGES = 200


def heard_on_line(talk: Iterable[Said]) -> tuple[Channel, list[Envelope]]:
    channel = LineChannel(channel_secret=LINE_SECRET, access_token=LINE_TOKEN)
    return channel, channel.accept(*line_webhook([event for event, _ in talk]))


def heard_on_telegram(talk: Iterable[Said], clock: Clock) -> tuple[Channel, list[Envelope]]:
    async def run(url: str) -> tuple[Channel, list[Envelope]]:
        channel = TelegramChannel(token=TELEGRAM_TOKEN, api_base=url, webhook_secret="secret", clock=clock)
        await channel.open()
        heard = [one for update, _ in talk for one in channel.accept(*telegram_webhook(update, "secret"))]
        await channel.close()
        return channel, heard

    with TelegramPeer() as peer:
        return asyncio.run(run(peer.url))


@pytest.mark.parametrize("platform", ["line", "telegram"])
def test_only_what_is_said_to_us_is_kept_and_answered(
    desk: Desk, database: Database, clock: Clock, platform: str
) -> None:
    talk = list(line_talk(MESSAGES) if platform == "line" else telegram_talk(MESSAGES))
    channel, heard = heard_on_line(talk) if platform == "line" else heard_on_telegram(talk, clock)
    ids = [str(event.get("webhookEventId") or event["update_id"]) for event, own in talk if own]
    assert [envelope.event_id for envelope in heard] == ids
    assert len(ids) == 2
    assert [envelope for envelope in heard if GOSSIP in envelope.payload.decode()] == []

    pipeline = Pipeline({platform: channel}, desk)
    with database.sessions.begin() as session:
        kept = pipeline.receive(session, heard, clock())
    for waiting in kept:
        prepared = pipeline.prepare(pipeline.open(waiting))
        with database.sessions.begin() as session:
            pipeline.handle(session, waiting, prepared, clock())

    group = LINE_GROUP if platform == "line" else str(TELEGRAM_GROUP)
    with database.readers() as session:
        assert [session.query(table).count() for table in (Inbox, Person, Report)] == [2, 2, 2]
        assert session.query(Medium).count() == (1 if platform == "telegram" else 0)
        vault = vault_of(session)
        told: dict[str, str] = {}
        for row in session.query(Outbox):
            assert row.body_sealed is not None
            texts = "".join(reply.text for reply in load_replies(vault.open_bytes(row.body_sealed, "outbox")))
            chat = vault.open(row.chat_sealed, "chat")
            told[chat] = told.get(chat, "") + texts
    private = next(chat for chat in told if chat != group)
    assert set(told) == {group, private}
    assert WATER in told[group]
    assert "191" in told[private]
    assert "191" not in told[group]
    assert BEATEN not in told[group]
    assert GOSSIP.encode() not in database.raw()
