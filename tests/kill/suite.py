"""The run of one process at a time: twenty chats talk while it is killed, at random times and once at every step."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from tests.kill.beside import faults, line_contents, make_ready, plant, telegram_files
from tests.kill.heard import HearingLine, HearingTelegram
from tests.kill.lives import Life, plan_lives
from tests.kill.messages import plan
from tests.kill.place import Place
from tests.kill.platforms import Platforms
from tests.kill.verdict import Heard, Verdict, judge
from tests.kill.victims import REACH, ROOT, START, Victim, Victims, free_port

CHATS = 20
WIRE = 0.05  # seconds within which what was on the wire arrives


@dataclass(frozen=True, slots=True)
class Run:
    """A run's outcome. `steps` names the steps at which the program died by its own hand."""

    verdict: Verdict
    kills: int
    steps: tuple[str, ...]
    repeated: int
    seconds: float

    def summary(self) -> dict[str, object]:
        """What a reader wants to know, as plain data."""
        told = {"kills": self.kills, "steps": list(self.steps), "webhooks_repeated": self.repeated}
        return asdict(self.verdict) | told | {"seconds": round(self.seconds, 1)}


class Suite:
    """One run."""

    def __init__(self, place: Place, count: int, chats: int, random_kills: int, seed: int) -> None:
        self._place, self._chance = place, random.Random(seed)
        self._planned = plan(count, chats, self._chance)
        self._lives = plan_lives(random_kills, self._chance)
        self._planted = 0
        self._port = free_port()

    async def run(self) -> Run:
        """Talk and kill, come to rest, judge.

        :raises TimeoutError: a step was never passed, or the program did not come to rest.
        """
        began = time.monotonic()
        with HearingLine() as line, HearingTelegram() as telegram:
            self._victims = Victims(self._place, line, telegram)
            photos = len(self._lives) + 1
            line.script(content=line_contents(photos))
            telegram.script(files=telegram_files(len(self._planned)))
            platforms = Platforms(self._planned, [f"http://127.0.0.1:{self._port}"], telegram, self._chance, photos)
            talking = asyncio.create_task(platforms.run())
            try:
                await self._live_and_die(platforms)
                async with self._living(Life()):
                    platforms.release(len(self._planned) * 2, len(self._planned))
                    async with asyncio.timeout(START + REACH * len(self._planned) / 100):
                        await talking
                        await telegram_rests(telegram)
                        await self._place.rest()
            finally:
                talking.cancel()
                await asyncio.gather(talking, return_exceptions=True)
                await self._victims.end()
            with self._place.reading() as session:
                heard = Heard(line.accepted, telegram.accepted, self._victims.stops)
                verdict = judge(session, self._planned, platforms.tokens, heard)
                verdict.faults += faults(session, self._place, platforms.photos, self._planted)
            died_at = tuple(self._victims.died_at)
            return Run(verdict, len(self._lives), died_at, platforms.repeated, time.monotonic() - began)

    async def _live_and_die(self, platforms: Platforms) -> None:
        share = len(self._planned) // (len(self._lives) + 1)
        if self._place.shared:
            self._place.make()  # its keeper makes it
        for number, life in enumerate(self._lives):
            if number:  # the first makes a file of SQLite
                self._prepare(number)
            async with self._living(life) as victim:
                platforms.release(share, 2 if number else 0)
                if life.step:
                    await self._victims.dies(victim)
                    continue
                if life.opened:
                    await victim.opened()
                await asyncio.sleep(life.seconds)

    def _prepare(self, number: int) -> None:
        """While nobody lives: an event that falls due in the next life, and before the first of them a code."""
        self._place.make()
        with self._place.writing() as session:
            if number == 1:
                make_ready(session, datetime.now(UTC))
            plant(session, self._planted, datetime.now(UTC))
        self._planted += 1

    @asynccontextmanager
    async def _living(self, life: Life) -> AsyncIterator[Victim]:
        """A victim that is dead at the end, whatever happens."""
        victim = await self._victims.bear(life, self._port)
        try:
            yield victim
        finally:
            await self._victims.kill(victim)
            await asyncio.sleep(WIRE)


async def telegram_rests(telegram: HearingTelegram) -> None:
    """Wait until Telegram has nothing left to give."""
    while telegram.updates:  # noqa: ASYNC110  # another thread's list
        await asyncio.sleep(0.1)


def run(place: Place, *, count: int, random_kills: int, seed: int, chats: int = CHATS) -> Run:
    """Run the suite on an empty place with `count` messages; the same seed plans the same messages and kills."""
    return asyncio.run(Suite(place, count, chats, random_kills, seed).run())


def write_summary(name: str, summary: dict[str, object]) -> None:
    """Keep a run's summary among the artifacts."""
    path = ROOT / "artifacts" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(summary, ensure_ascii=False, indent=1) + "\n")
