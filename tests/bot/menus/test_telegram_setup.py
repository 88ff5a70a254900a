"""`setup-telegram` against Telegram's stand-in, and the commands it sets, as they come back when tapped."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.channels import telegram_updates
from bot.commands.failed import Failed
from bot.menus.api import TelegramApi
from bot.menus.telegram import COMMANDS, install
from handlers.texts import Texts
from tests.peers import BOT_NAME, TELEGRAM_TOKEN, TelegramPeer


@pytest.fixture
def peer() -> Iterator[TelegramPeer]:
    with TelegramPeer() as standing:
        yield standing


def run(peer: TelegramPeer, texts: Texts, *, dry: bool = False) -> list[str]:
    said: list[str] = []
    peer.calls.clear()
    with TelegramApi(peer.url, TELEGRAM_TOKEN, dry=dry) as api:
        install(api, texts, said.append)
    return said


def orders(peer: TelegramPeer) -> list[str]:
    return [call.rpartition("/")[2] for call in peer.calls if "/set" in call]


def test_everything_is_set_once(peer: TelegramPeer, texts: Texts) -> None:
    assert len(run(peer, texts)) == 10
    assert len(orders(peer)) == 10
    kept = peer.commands.kept
    assert [one["command"] for one in kept["MyCommands", ""]] == list(COMMANDS)
    assert kept["MyCommands", "en"][0] == {"command": "new", "description": "Tell something new"}
    assert kept["MyCommands", "th"] == kept["MyCommands", ""] != kept["MyCommands", "en"]
    assert kept["ChatMenuButton", ""] == {"type": "commands"}
    assert all("unchanged" in line for line in run(peer, texts))
    assert orders(peer) == []


def test_only_what_differs_is_changed(peer: TelegramPeer, texts: Texts) -> None:
    run(peer, texts)
    peer.commands.kept["MyShortDescription", "en"] = {"short_description": "An old one"}
    said = run(peer, texts)
    assert [line for line in said if "unchanged" not in line] == ["MyShortDescription (en): set"]
    assert orders(peer) == ["setMyShortDescription"]


def test_a_dry_run_only_asks(peer: TelegramPeer, texts: Texts) -> None:
    assert len(run(peer, texts, dry=True)) == 10
    assert orders(peer) == []


def test_what_is_refused_is_told_in_one_line(peer: TelegramPeer, texts: Texts) -> None:
    with TelegramApi(peer.url, "1:another") as api, pytest.raises(Failed, match="TELEGRAM_BOT_TOKEN"):
        install(api, texts, lambda _: None)
    peer.script(fail=[{"path": "setMyDescription", "status": 400, "body": {"ok": False, "description": "Bad Request"}}])
    with pytest.raises(Failed, match=r"^Telegram: setMyDescription: 400 Bad Request$"):
        run(peer, texts)
    with TelegramApi("http://127.0.0.1:9", TELEGRAM_TOKEN) as api, pytest.raises(Failed, match="no answer") as caught:
        install(api, texts, lambda _: None)
    assert TELEGRAM_TOKEN not in str(caught.value)


def update(text: str, kind: str, command: str) -> dict[str, Any]:
    chat = {"id": 5 if kind == "private" else -5, "type": kind, "title": "t", "first_name": "f"}
    sender = {"id": 5, "is_bot": False, "first_name": "f"}
    entities = [{"type": "bot_command", "offset": 0, "length": len(command)}]
    message = {"message_id": 1, "date": 1764000000, "chat": chat, "from": sender, "text": text, "entities": entities}
    return {"update_id": 1, "message": message}


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("kind", ["private", "supergroup"])
@pytest.mark.parametrize("ending", ["", f"@{BOT_NAME}", f"@{BOT_NAME.lower()}"])
def test_a_tapped_command_is_its_word(texts: Texts, command: str, kind: str, ending: str) -> None:
    said = f"/{command}{ending}"
    envelope = telegram_updates.envelope(update(said, kind, said), 7, BOT_NAME)
    assert envelope is not None
    incoming = telegram_updates.read(envelope.payload, 7, BOT_NAME, datetime.now(UTC))
    assert incoming is not None
    assert texts.word(incoming.text) == command


def test_a_command_may_lead_a_message_and_another_bots_command_is_words(texts: Texts) -> None:
    assert texts.leading_word("/new ถนนพัง") == ("new", "ถนนพัง")
    assert texts.word("/settings") == ""
    assert texts.word("/polite") == ""
    other = json.dumps(update("/help@OtherBot", "private", "/help@OtherBot")).encode()
    incoming = telegram_updates.read(other, 7, BOT_NAME, datetime.now(UTC))
    assert incoming is not None
    assert texts.word(incoming.text) == ""
