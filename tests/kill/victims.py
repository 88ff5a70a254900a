"""Victims: processes that serve, each with a door and a number of its own, and how they are interrupted."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import socket
import sys
import time
from asyncio.subprocess import Process
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.kill.heard import HearingLine, HearingTelegram, Stop, address_for
from tests.kill.lives import Life
from tests.kill.place import SECRET, Place
from tests.peers import LINE_SECRET, LINE_TOKEN, TELEGRAM_TOKEN

ROOT = Path(__file__).parents[2]
START = 60.0  # seconds a start may take on a busy machine
REACH = 30.0  # seconds within which a step must be passed


@dataclass(frozen=True, slots=True)
class Victim:
    """A process. `number` is its own among all of a run, `port` its door's."""

    process: Process
    number: int
    port: int
    life: Life

    @property
    def alive(self) -> bool:
        """Whether nobody has seen it end."""
        return self.process.returncode is None

    async def opened(self) -> None:
        """Wait until its door is open.

        :raises TimeoutError: it does not open.
        """
        async with asyncio.timeout(START), httpx.AsyncClient(trust_env=False) as client:
            while self.alive:
                try:
                    await client.get(f"http://127.0.0.1:{self.port}/healthz")
                except httpx.TransportError:
                    await asyncio.sleep(0.05)
                else:
                    return

    def arm(self) -> None:
        """Let its passings of a step count from now on."""
        self.process.send_signal(signal.SIGUSR1)


@dataclass(slots=True)
class Victims:
    """All victims of a run. `stops` tells how each was interrupted, in order; `died_at` at which steps they died."""

    place: Place
    line: HearingLine
    telegram: HearingTelegram
    extra: Sequence[str] = ()  # further arguments for each of them
    stops: list[Stop] = field(default_factory=list)
    died_at: list[str] = field(default_factory=list)
    _count: int = 0
    _spare: Process | None = None

    async def bear(self, life: Life, port: int) -> Victim:
        """Let one live: the one that stands ready; and make another ready for the next time."""
        self._count += 1
        process = self._spare or await self._load()
        self._spare = await self._load()
        arguments = [
            "--kill-at",
            life.step,
            "--after",
            str(life.after),
            *(["--armed"] if life.armed else []),
            *self.extra,
        ]
        told = {"arguments": arguments, "settings": self._settings(self._count, port)}
        if process.stdin is None:
            raise AssertionError("nobody listens")
        process.stdin.write(json.dumps(told).encode() + b"\n")
        await process.stdin.drain()
        return Victim(process, self._count, port, life)

    async def end(self) -> None:
        """End the one that stands ready."""
        if self._spare:
            self._spare.kill()
            await self._spare.wait()
            self._spare = None

    async def _load(self) -> Process:
        environment = {"PATH": os.environ.get("PATH", ""), "HOME": str(self.place.folder)}
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.kill.victim"), stdin=asyncio.subprocess.PIPE, cwd=ROOT, env=environment
        )

    async def dies(self, victim: Victim) -> None:
        """Wait until one dies by its own hand.

        :raises TimeoutError: it never passes its step.
        :raises AssertionError: it ended in another way.
        """
        async with asyncio.timeout(START + REACH):
            await victim.process.wait()
        if victim.process.returncode != -signal.SIGKILL:
            raise AssertionError(f"the victim of {victim.life} ended with {victim.process.returncode}, not by its kill")
        self.died_at.append(victim.life.step)
        self.stops.append(Stop(victim.number, victim.life.step, time.time()))

    async def kill(self, victim: Victim) -> None:
        """Kill one; nothing happens when it is dead."""
        if not victim.alive:
            return
        self.stops.append(Stop(victim.number, "kill", time.time()))
        victim.process.kill()
        await victim.process.wait()

    async def pause(self, victim: Victim, seconds: float) -> None:
        """Let one stand still."""
        began = time.time()
        victim.process.send_signal(signal.SIGSTOP)
        try:
            await asyncio.sleep(seconds)
        finally:
            victim.process.send_signal(signal.SIGCONT)
            self.stops.append(Stop(victim.number, "pause", began, time.time()))

    def _settings(self, number: int, port: int) -> dict[str, str]:
        line, telegram = address_for(self.line, number), address_for(self.telegram, number)
        return {
            "DATABASE_URL": self.place.url,
            "DATA_DIR": str(self.place.folder),
            "SECRET_KEY": SECRET,
            "HOST": "127.0.0.1",
            "PORT": str(port),
            "PROVINCES": "khon-kaen",
            "LINE_CHANNEL_SECRET": LINE_SECRET,
            "LINE_CHANNEL_ACCESS_TOKEN": LINE_TOKEN,
            "LINE_API_BASE": line,
            "LINE_DATA_API_BASE": line,
            "LINE_PROVINCE": "khon-kaen",
            "TELEGRAM_BOT_TOKEN": TELEGRAM_TOKEN,
            "TELEGRAM_API_BASE": telegram,
            "TELEGRAM_PROVINCE": "khon-kaen",
            "LOG_LEVEL": "warning",
        }


def free_port() -> int:
    """A free port below those that outgoing connections use: one of these could take it while the victim is dead.

    Of true chance: two runs of one seed may go on side by side.
    """
    chance = random.SystemRandom()
    while True:
        port = chance.randrange(20_000, 32_000)
        with socket.socket() as tried:
            try:
                tried.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port
