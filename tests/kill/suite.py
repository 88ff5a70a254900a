"""The run: twenty chats talk while the program is killed, at random times and once at every step."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from storage.database import make_engine, make_readers, make_sessions, upgrade
from storage.models import Due, Inbox, Medium, Outbox
from storage.vault import Vault
from tests.kill.beside import faults, line_contents, make_ready, plant, telegram_files
from tests.kill.messages import plan
from tests.kill.platforms import Platforms
from tests.kill.verdict import Heard, Verdict, judge
from tests.peers import LINE_SECRET, LINE_TOKEN, TELEGRAM_TOKEN, LinePeer, TelegramPeer

ROOT = Path(__file__).parents[2]
SECRET = "a-secret-of-the-kill-suite"
CHATS = 20
# Every step, and the latest of its passings that may be the last: webhooks that come together are received as one.
STEPS = {
    "receive.before": 2,
    "receive.kept": 2,
    "prepare.read": 10,
    "handle.responded": 10,
    "handle.written": 10,
    "writer.committed": 6,
    "send.before": 10,
    "send.sent": 10,
    "send.settled": 10,
    "fetch.kept": 1,
    "tick.fired": 1,
}
START = 60.0  # seconds a start may take on a busy machine
REACH = 30.0  # seconds within which a step must be passed, and a run come to rest for each hundred messages


@dataclass(frozen=True, slots=True)
class Life:
    """How a victim ends: at the n-th passing of a step, or so many seconds after its birth or after its door opened."""

    step: str = ""
    after: int = 0
    opened: bool = False
    seconds: float = 0.0


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
    """One run in a folder of its own."""

    def __init__(self, folder: Path, count: int, random_kills: int, seed: int) -> None:
        self._folder, self._chance = folder, random.Random(seed)
        self._url = f"sqlite:///{folder / 'kill.db'}"
        self._planned = plan(count, CHATS, self._chance)
        self._lives = plan_lives(random_kills, self._chance)
        self._planted = 0
        self._port = free_port(self._chance)
        self._door = f"http://127.0.0.1:{self._port}"
        self._deaths: dict[str, list[int]] = {"line": [], "telegram": []}
        self._died_at: list[str] = []

    async def run(self) -> Run:
        """Talk and kill, come to rest, judge.

        :raises TimeoutError: a step was never passed, or the program did not come to rest.
        """
        began = time.monotonic()
        with LinePeer() as line, TelegramPeer() as telegram:
            self._line, self._telegram = line, telegram
            photos = len(self._lives) + 1
            line.script(content=line_contents(photos))
            telegram.script(files=telegram_files(len(self._planned)))
            platforms = Platforms(self._planned, self._door, telegram, self._chance, photos)
            talking = asyncio.create_task(platforms.run())
            try:
                await self._live_and_die(platforms)
                async with self._living(Life()):
                    platforms.release(len(self._planned) * 2, len(self._planned))
                    async with asyncio.timeout(START + REACH * len(self._planned) / 100):
                        await talking
                        await self._rest()
            finally:
                talking.cancel()
                await asyncio.gather(talking, return_exceptions=True)
            with self._reading() as session:
                heard = [Heard(p.accepted, self._deaths[n]) for n, p in (("line", line), ("telegram", telegram))]
                verdict = judge(session, self._planned, platforms.tokens, heard[0], heard[1])
                verdict.faults += faults(session, self._folder, platforms.photos, self._planted)
            return Run(verdict, len(self._lives), tuple(self._died_at), platforms.repeated, time.monotonic() - began)

    async def _live_and_die(self, platforms: Platforms) -> None:
        share = len(self._planned) // (len(self._lives) + 1)
        for number, life in enumerate(self._lives):
            if number:  # the first makes the database
                self._prepare(number)
            async with self._living(life) as victim:
                platforms.release(share, 2 if number else 0)
                if life.step:
                    async with asyncio.timeout(START + REACH):
                        await victim.wait()
                    if victim.returncode != -signal.SIGKILL:
                        raise AssertionError(f"the victim of {life} ended with {victim.returncode}, not by its kill")
                    self._died_at.append(life.step)
                    continue
                if life.opened:
                    await self._open(victim)
                await asyncio.sleep(life.seconds)

    def _prepare(self, number: int) -> None:
        """While nobody lives: an event that falls due in the next life, and before the first of them a code."""
        engine, vault = make_engine(self._url), Vault(SECRET)
        upgrade(engine)
        with make_sessions(engine, vault).begin() as session:
            if number == 1:
                make_ready(session, datetime.now(UTC))
            plant(session, self._planted, datetime.now(UTC))
        self._planted += 1
        engine.dispose()

    @asynccontextmanager
    async def _living(self, life: Life) -> AsyncIterator[asyncio.subprocess.Process]:
        """A victim that is dead at the end, whatever happens, and what the platforms took by then."""
        victim = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "tests.kill.victim", "--kill-at", life.step, "--after", str(life.after)),
            cwd=ROOT,
            env=self._environment(),
        )
        try:
            yield victim
        finally:
            if victim.returncode is None:
                victim.kill()
            await victim.wait()
            await asyncio.sleep(0.05)  # what was on the wire arrives
            self._deaths["line"].append(len(self._line.accepted))
            self._deaths["telegram"].append(len(self._telegram.accepted))

    def _environment(self) -> dict[str, str]:
        settings = {
            "DATABASE_URL": self._url,
            "DATA_DIR": str(self._folder),
            "SECRET_KEY": SECRET,
            "HOST": "127.0.0.1",
            "PORT": str(self._port),
            "PROVINCES": "khon-kaen",
            "LINE_CHANNEL_SECRET": LINE_SECRET,
            "LINE_CHANNEL_ACCESS_TOKEN": LINE_TOKEN,
            "LINE_API_BASE": self._line.url,
            "LINE_DATA_API_BASE": self._line.url,
            "LINE_PROVINCE": "khon-kaen",
            "TELEGRAM_BOT_TOKEN": TELEGRAM_TOKEN,
            "TELEGRAM_API_BASE": self._telegram.url,
            "TELEGRAM_PROVINCE": "khon-kaen",
            "LOG_LEVEL": "warning",
        }
        return {"PATH": os.environ.get("PATH", ""), "HOME": str(self._folder), **settings}

    async def _open(self, victim: asyncio.subprocess.Process) -> None:
        """Wait until the victim's door is open.

        :raises TimeoutError: it does not open.
        """
        async with asyncio.timeout(START), httpx.AsyncClient(trust_env=False) as client:
            while victim.returncode is None:
                try:
                    await client.get(f"{self._door}/healthz")
                except httpx.TransportError:
                    await asyncio.sleep(0.05)
                else:
                    return

    async def _rest(self) -> None:
        """Wait until Telegram has nothing left to give and no row waits."""
        while self._telegram.updates or self._waiting():  # noqa: ASYNC110  # they are another process's rows
            await asyncio.sleep(0.1)

    def _waiting(self) -> int:
        with self._reading() as session:
            counts = [
                session.scalar(select(func.count()).select_from(table).where(table.state == "waiting"))
                for table in (Inbox, Outbox, Medium)
            ]
            counts.append(session.scalar(select(func.count()).select_from(Due)))
        return sum(count or 0 for count in counts)

    @contextmanager
    def _reading(self) -> Iterator[Session]:
        engine = make_engine(self._url)
        try:
            with make_readers(engine, Vault(SECRET))() as session:
                yield session
        finally:
            engine.dispose()


def plan_lives(random_kills: int, chance: random.Random) -> list[Life]:
    """Lives in a chance order; the first ends within the first start, which also makes the database."""
    stepped = [Life(step, chance.randint(1, latest)) for step, latest in STEPS.items()]
    starting = [Life(seconds=chance.uniform(0.2, 2.0)) for _ in range(random_kills // 2)]
    working = [Life(opened=True, seconds=chance.uniform(0.0, 0.6)) for _ in range(random_kills - random_kills // 2)]
    later = [*stepped, *starting[1:], *working]
    chance.shuffle(later)
    return [*starting[:1], *later]


def free_port(chance: random.Random) -> int:
    """A free port below those that outgoing connections use: one of these could take it while the victim is dead."""
    while True:
        port = chance.randrange(20_000, 32_000)
        with socket.socket() as tried:
            try:
                tried.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port


def run(folder: Path, *, count: int, random_kills: int, seed: int) -> Run:
    """Run the suite in an empty folder with `count` messages; the same seed plans the same messages and kills."""
    return asyncio.run(Suite(folder, count, random_kills, seed).run())


def write_summary(name: str, done: Run) -> None:
    """Keep a run's summary among the artifacts."""
    path = ROOT / "artifacts" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(done.summary(), ensure_ascii=False, indent=1) + "\n")
