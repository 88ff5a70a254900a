"""The run of three processes on one database: killed, paused and replaced while twenty chats talk."""

from __future__ import annotations

import asyncio
import random
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from tests.kill.beside import faults, line_contents, make_ready, plant, telegram_files
from tests.kill.heard import HearingLine, HearingTelegram
from tests.kill.lives import STEPS, Life
from tests.kill.messages import plan
from tests.kill.place import Place
from tests.kill.platforms import Platforms
from tests.kill.suite import CHATS, WIRE, telegram_rests
from tests.kill.verdict import Heard, Verdict, judge
from tests.kill.victims import REACH, START, Victim, Victims, free_port
from tests.kill.waits import Wait, waits

WORKERS = 3
PHOTOS = 6
PATIENCE = 3.0  # seconds LINE waits at the door of one who stands still
EACH = 0.3  # seconds between two messages of each platform
BURST = 30  # messages that come at once just before somebody is interrupted
PAUSES = (13.0, 15.0)  # seconds
# Whom a dead worker left is taken over after seven to thirteen seconds, by all who live, and whoever is interrupted
# just then lets them wait once more: so what happens, happens within a few seconds, and then there is calm.
SPACING, CALM = 2.0, 14.0  # seconds after an interruption, seconds of calm


@dataclass(frozen=True, slots=True)
class CrowdRun:
    """A run's outcome."""

    verdict: Verdict
    waits: Sequence[Wait]
    steps: Sequence[str]
    repeated: int
    seconds: float

    def summary(self) -> dict[str, object]:
        """What a reader wants to know, as plain data."""
        told = {"stops": [asdict(wait) for wait in self.waits], "webhooks_repeated": self.repeated}
        return asdict(self.verdict) | told | {"seconds": round(self.seconds, 1)}


class Crowd:
    """One run. `events` are 'kill', 'poller' (kills the one that asks Telegram), 'pause', 'step' and 'calm'."""

    def __init__(self, place: Place, count: int, events: Sequence[str], steps: Sequence[str], seed: int) -> None:
        self._place, self._chance, self._events = place, random.Random(seed), events
        self._planned = plan(count, CHATS, self._chance)
        self._steps = deque(steps)  # at which a worker born from now on is to die
        self._ports = [free_port() for _ in range(WORKERS)]
        self._workers: list[Victim] = []
        self._planted = 0

    async def run(self) -> CrowdRun:
        """Talk and interrupt, come to rest, judge.

        :raises TimeoutError: a step was never passed, or the program did not come to rest.
        """
        began = time.monotonic()
        self._place.make()
        with self._place.writing() as session:
            make_ready(session, datetime.now(UTC))
        with HearingLine() as line, HearingTelegram() as telegram:
            self._victims, self._line, self._telegram = Victims(self._place, line, telegram), line, telegram
            line.script(content=line_contents(PHOTOS))
            telegram.script(files=telegram_files(len(self._planned)))
            doors = [f"http://127.0.0.1:{port}" for port in self._ports]
            platforms = Platforms(self._planned, doors, telegram, self._chance, PHOTOS, PATIENCE)
            talking = asyncio.create_task(platforms.run())
            pacing = asyncio.create_task(self._pace(platforms))
            try:
                for port in self._ports:
                    self._workers.append(await self._bear(port))
                for worker in self._workers:
                    await worker.opened()
                for event in self._events:
                    if event == "calm":
                        await asyncio.sleep(CALM)
                        continue
                    platforms.release(BURST)
                    await self._interrupt(event)
                    await asyncio.sleep(SPACING)
                platforms.release(len(self._planned) * 2, len(self._planned))
                async with asyncio.timeout(START + REACH * len(self._planned) / 100):
                    await talking
                    await telegram_rests(telegram)
                    await self._place.rest()
                stops = list(self._victims.stops)
            finally:
                for task in (talking, pacing):
                    task.cancel()
                await asyncio.gather(talking, pacing, return_exceptions=True)
                for worker in self._workers:
                    await self._victims.kill(worker)
                await self._victims.end()
                await asyncio.sleep(WIRE)
            with self._place.reading() as session:
                verdict = judge(
                    session, self._planned, platforms.tokens, Heard(line.accepted, telegram.accepted, stops)
                )
                verdict.faults += faults(session, self._place, platforms.photos, self._planted)
                waited = waits(session, stops, telegram.polls)
            died_at = tuple(self._victims.died_at)
            return CrowdRun(verdict, waited, died_at, platforms.repeated, time.monotonic() - began)

    async def _bear(self, port: int) -> Victim:
        step = self._steps.popleft() if self._steps else ""
        return await self._victims.bear(Life(step, self._chance.randint(1, STEPS.get(step, 1)), armed=True), port)

    async def _interrupt(self, event: str) -> None:
        """Interrupt one, and put another in the place of one who died."""
        self._plant()
        await asyncio.sleep(self._chance.uniform(0.05, 0.4))
        match event:
            case "step":
                victim = self._chance.choice([worker for worker in self._workers if worker.life.step])
                await victim.opened()  # one that has just been born knows no signals yet
                victim.arm()
                planting = asyncio.create_task(self._keep_planting())
                try:
                    await self._victims.dies(victim)
                finally:
                    planting.cancel()
            case "pause":
                await self._victims.pause(self._busy(), self._chance.uniform(*PAUSES))
                return
            case _:
                victim = self._poller() if event == "poller" else self._busy()
                await self._victims.kill(victim)
                if victim.life.step:
                    self._steps.appendleft(victim.life.step)
        slot = self._workers.index(victim)
        self._workers[slot] = await self._bear(victim.port)

    def _poller(self) -> Victim:
        """The one that asks Telegram."""
        return self._numbered(self._telegram.polls[-1][0])

    def _busy(self) -> Victim:
        """The one that answered somebody last."""
        return self._numbered(self._line.accepted[-1]["by"])

    def _numbered(self, number: int) -> Victim:
        return next((worker for worker in self._workers if worker.number == number), self._workers[0])

    def _plant(self) -> None:
        with self._place.writing() as session:
            plant(session, self._planted, datetime.now(UTC))
        self._planted += 1

    async def _keep_planting(self) -> None:
        """One of them fires each: it may take some until it is the one that is to die at it."""
        while True:
            await asyncio.sleep(1)
            self._plant()

    async def _pace(self, platforms: Platforms) -> None:
        while True:
            await asyncio.sleep(EACH)
            platforms.release(2, 0)


def run(place: Place, *, count: int, events: Sequence[str], steps: Sequence[str], seed: int) -> CrowdRun:
    """Run on an empty place; the same seed plans the same messages, and who is interrupted when."""
    return asyncio.run(Crowd(place, count, events, steps, seed).run())
