"""A message that our code cannot handle is put aside with an apology, and nobody waits for it, not even its chat."""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select, update

from bot.drivers.turn import DEADLY
from handlers.texts import Texts
from storage import inbox
from storage.inbox import Arrival
from storage.models import Inbox, Outbox
from storage.vault import vault_of
from tests.kill.beside import Letter
from tests.kill.heard import HearingLine, HearingTelegram, Stop
from tests.kill.lives import Life
from tests.kill.messages import NEW, SAID
from tests.kill.place import Place
from tests.kill.platforms import knock
from tests.kill.victims import START, Victims, free_port
from tests.peers import line_reply_token

WORDS = "ขวดนี้มียาพิษ"
HERE, OTHERS = f"U{'a' * 32}", [f"U{letter * 32}" for letter in "bcdef"]
EACH = 0.5  # seconds between two of what the others say


@dataclass(frozen=True, slots=True)
class Stage:
    """Victims for whom some words are poison, and LINE, which speaks to them by one door."""

    victims: Victims
    port: int
    client: httpx.AsyncClient

    async def say(self, chat: str, number: int, text: str) -> None:
        """Let a chat say something; it is kept when this returns."""
        letter, token = Letter(chat, f"01Z{chat[-1]}{number:022}", text), line_reply_token(chat)
        door = itertools.repeat(f"http://127.0.0.1:{self.port}")
        await knock(self.client, door, lambda again: letter.line_event(token, again=again))

    def heard(self, chat: str) -> list[str]:
        """What the chat was answered, in order."""
        return [taken["text"] for taken in self.victims.line.accepted if taken["chat"] == chat]


@asynccontextmanager
async def stage(place: Place, *arguments: str) -> AsyncIterator[Stage]:
    with HearingLine() as line, HearingTelegram() as telegram:
        victims = Victims(place, line, telegram, ("--poison", WORDS, *arguments))
        async with httpx.AsyncClient(timeout=10, trust_env=False) as client:
            try:
                yield Stage(victims, free_port(), client)
            finally:
                await victims.end()


async def go_on(there: Stage) -> None:
    """The others talk on and on."""
    for number in itertools.count():
        await there.say(OTHERS[number % len(OTHERS)], number, report(number))
        await asyncio.sleep(EACH)


def report(number: int) -> str:
    return f"{NEW}{SAID[number % len(SAID)]}"


def states(place: Place) -> dict[str, list[str]]:
    """The states of each chat's events, in order, and the error of one that failed behind it."""
    found = defaultdict(list)
    with place.reading() as session:
        names = {vault_of(session).blind("chat", "line", chat): chat for chat in (HERE, *OTHERS)}
        for row in session.scalars(select(Inbox).order_by(Inbox.id)):
            found[names[row.chat_key]].append(" ".join(filter(None, (row.state, row.error))))
    return found


def test_what_fails_each_time_is_put_aside_and_its_chat_goes_on(
    blank_address: str, tmp_path: Path, texts: Texts
) -> None:
    place = Place(blank_address, tmp_path)
    place.make()

    async def talk() -> None:
        async with stage(place) as there:
            victim = await there.victims.bear(Life(), there.port)
            try:
                for number, text in enumerate((report(0), f"{NEW}{WORDS}", report(1))):
                    await there.say(HERE, number, text)
                    await there.say(OTHERS[0], number, report(number))
                async with asyncio.timeout(START):
                    await place.rest()
                heard = there.heard(HERE)
                assert len(heard) == 3
                assert heard[1] == texts.say("th", "oops.error")
                assert heard[1] not in (heard[0], heard[2], *there.heard(OTHERS[0]))
            finally:
                await there.victims.kill(victim)

    asyncio.run(talk())
    assert states(place) == {HERE: ["done", "failed Poisoned", "done"], OTHERS[0]: ["done"] * 3}


@pytest.mark.postgresql
@pytest.mark.parametrize("died", [DEADLY - 1, pytest.param(0, marks=pytest.mark.long)])
@pytest.mark.timeout(300)
def test_what_ends_every_process_is_put_aside_while_others_are_answered(
    blank_address: str, tmp_path: Path, texts: Texts, died: int
) -> None:
    """So many processes have died of it before. Whoever dies is replaced, as a service manager does."""
    place = Place(blank_address, tmp_path)
    place.make()
    with place.writing() as session:
        event = Letter(HERE, f"01Z{0:023}", f"{NEW}{WORDS}").line_event("", again=False)
        arrival = Arrival("line", event["webhookEventId"], HERE, json.dumps(event).encode(), event["message"]["id"])
        inbox.keep(session, [arrival], datetime.now(UTC))
        session.execute(update(Inbox).values(attempts=died))

    async def talk() -> list[Stop]:
        async with stage(place, "--deadly") as there:
            others = asyncio.create_task(go_on(there))
            victim = await there.victims.bear(Life(), there.port)
            try:
                while not there.heard(HERE):
                    if not victim.alive:
                        there.victims.stops.append(Stop(victim.number, "poison", time.time()))
                        victim = await there.victims.bear(Life(), there.port)
                    await asyncio.sleep(0.05)
                deaths = list(there.victims.stops)
                await there.say(HERE, 1, report(1))
                others.cancel()
                async with asyncio.timeout(START):
                    await place.rest()
                heard = there.heard(HERE)
                assert heard[0] == texts.say("th", "oops.error")
                assert len(heard) == 2
                assert set(map(len, map(there.heard, OTHERS))) != {0}
            finally:
                others.cancel()
                await asyncio.gather(others, return_exceptions=True)
                await there.victims.kill(victim)
            return deaths

    deaths = asyncio.run(talk())
    assert died + len(deaths) == DEADLY
    found = states(place)
    assert found.pop(HERE) == ["failed every process died at it", "done"]
    assert {state for chat in found.values() for state in chat} == {"done"}
    with place.reading() as session:
        answers = session.execute(select(Outbox.inbox_id, Outbox.sent_at).order_by(Outbox.sent_at)).all()
    apologised = next(at for inbox_id, at in answers if inbox_id == 1)
    times = [*(datetime.fromtimestamp(death.began, UTC) for death in deaths), apologised]
    for one, other in pairwise(times):
        assert any(one < at < other for _, at in answers)
