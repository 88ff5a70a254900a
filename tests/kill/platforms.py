"""The platforms as they press on us: webhooks repeated until they get their 200, updates kept until acknowledged."""

from __future__ import annotations

import asyncio
import itertools
import random
from asyncio import Semaphore
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import httpx

from tests.kill.beside import Letter, letters
from tests.kill.beside import telegram_update as photo_update
from tests.kill.messages import Message, line_event, telegram_update
from tests.peers import TelegramPeer, line_reply_token, line_webhook

PAUSE = 0.25  # seconds between two tries; LINE waits longer
PHOTO_EACH = 10  # Telegram's messages between two photos
LATE = 3.0  # seconds by which a copy may come after its original


class Platforms:
    """Sends what was planned as far as it is released, each chat in order, LINE's chats side by side."""

    def __init__(
        self,
        planned: Sequence[Message],
        doors: Sequence[str],
        telegram: TelegramPeer,
        chance: random.Random,
        photos: int,
        patience: float = 10.0,
    ) -> None:
        """`doors` are addresses that LINE knocks at in turn; `patience` is the seconds it waits for an answer."""
        self._planned, self._telegram, self._chance, self._patience = planned, telegram, chance, patience
        self._doors = itertools.cycle(doors)
        self._released = {"line": Semaphore(0), "telegram": Semaphore(0)}
        self._letters = letters(photos)
        self._beside = [Semaphore(0) for _ in self._letters]
        self.photos = {"line": photos, "telegram": 0}  # how many there are, and how many were sent
        self._copies: list[asyncio.Task[None]] = []
        self.tokens: dict[str, int] = {}  # reply token → number of its message
        self.repeated = 0

    def release(self, count: int, beside: int = 2) -> None:
        """Let the next messages be sent, half on each platform, and so many letters of each chat beside them."""
        for name in ("line", "telegram"):
            for _ in range(count // 2):
                self._released[name].release()
        for _ in range(beside):
            for released in self._beside:
                released.release()

    async def run(self) -> None:
        """Send everything; returns when LINE's last event got its 200 and Telegram has its last update."""
        chats = defaultdict(list)
        for message in self._planned:
            if message.channel == "line":
                chats[message.chat].append(message)
        async with httpx.AsyncClient(timeout=self._patience, trust_env=False) as client:
            beside = zip(self._letters, self._beside, strict=True)
            try:
                await asyncio.gather(
                    *(self._line_chat(client, said) for said in chats.values()),
                    *(self._line_letters(client, said, released) for said, released in beside),
                    self._updates(client),
                )
                await asyncio.gather(*self._copies)
            finally:
                for copy in self._copies:
                    copy.cancel()

    async def _line_chat(self, client: httpx.AsyncClient, said: Sequence[Message]) -> None:
        for message in said:
            await self._released["line"].acquire()
            token = line_reply_token(message.chat)
            self.tokens[token] = message.number
            late = self._chance.choice((0.0, self._chance.uniform(0, LATE)))
            if message.twice:
                self._copies.append(asyncio.create_task(self._deliver(client, message, token, late)))
            await self._deliver(client, message, token)

    async def _line_letters(self, client: httpx.AsyncClient, said: Sequence[Letter], released: Semaphore) -> None:
        for letter in said:
            await released.acquire()
            await self._deliver(client, letter, line_reply_token(letter.chat))

    async def _deliver(
        self, client: httpx.AsyncClient, message: Message | Letter, token: str, late: float = 0.0
    ) -> None:
        await asyncio.sleep(late)

        def event(again: bool) -> dict[str, Any]:
            if isinstance(message, Letter):
                return message.line_event(token, again=again)
            return line_event(message, token, again=again)

        self.repeated += await knock(client, self._doors, event, again=late > 0)

    async def _updates(self, client: httpx.AsyncClient) -> None:
        turn = 0
        for message in self._planned:
            if message.channel == "telegram":
                await self._released["telegram"].acquire()
                update = telegram_update(message)
                # Over its door, not by a call: the stand-in cuts its queue in another thread.
                updates = [update, update] if message.twice else [update]
                if turn % PHOTO_EACH == 0:
                    updates.append(photo_update(turn // PHOTO_EACH, update["update_id"] + 1))
                    self.photos["telegram"] += 1
                turn += 1
                told = {"updates": updates}
                (await client.post(f"{self._telegram.url}/_script", json=told)).raise_for_status()


async def knock(
    client: httpx.AsyncClient, doors: Iterator[str], event: Callable[[bool], dict[str, Any]], *, again: bool = False
) -> int:
    """Bring LINE's event to one door after the other until one takes it; returns how often it came again.

    `event` makes it; it is told whether it was brought before.
    """
    for times in itertools.count():
        headers, body = line_webhook([event(again or times > 0)])
        try:
            answer = await client.post(f"{next(doors)}/webhook/line", headers=headers, content=body)
        except httpx.TransportError:
            answer = None
        if answer is not None and answer.status_code == 200:
            break
        await asyncio.sleep(PAUSE)
    return times
