"""The local driver: one process on SQLite. Lanes in memory, one writer with group commit, a scan at start."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import TypeVar

import structlog
from prometheus_client import Gauge
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

from bot import delivery, media
from bot.channels.base import Envelope
from bot.drivers import listening
from bot.drivers.arrivals import Arrivals
from bot.drivers.lanes import Lanes
from bot.drivers.patience import patiently
from bot.drivers.sending import try_once
from bot.drivers.turn import Turn, take
from bot.drivers.writer import GRACE, Writer
from bot.pipeline import Handled, Pipeline
from storage import inbox, outbox, voices
from storage import media as media_rows
from storage.inbox import Waiting
from storage.outbox import Outgoing

T = TypeVar("T")
TICK = 1.0  # seconds between two looks for due rows
HELD = 2000  # events whose payload is kept in memory while they wait; the rest is read again from its row
FULL_DISK = 30.0  # seconds before a medium for which the disk has no room is fetched again
VOICES = 60  # ticks between two looks for voices that no machine has heard
FETCHERS = 8  # media fetched at the same time: each may be 20 MB in memory

log = structlog.get_logger()
WAITING = Gauge("sansiang_waiting", "Rows in hand", ["queue"])


class LocalDriver:
    """Drives the pipeline in this process."""

    def __init__(
        self,
        engine: Engine,
        sessions: sessionmaker[Session],
        readers: sessionmaker[Session],
        pipeline: Pipeline,
        store: media.Store,
        clock: Callable[[], datetime],
        grace: float = GRACE,
    ) -> None:
        """`grace`: see `Writer`."""
        self._readers, self._pipeline, self._store, self._clock = readers, pipeline, store, clock
        self._writer = Writer(engine, sessions, lambda: pipeline.step("writer.committed"), grace)
        self._handling: Lanes[bytes, Waiting] = Lanes("handle", self._handle)
        self._sending: Lanes[tuple[str, bytes], Outgoing] = Lanes("send", self._send)
        self._fetching: Lanes[int, int] = Lanes("fetch", self._fetch)
        self._listening: Lanes[int, int] = Lanes("listen", self._listen)
        self._fetchers = asyncio.Semaphore(FETCHERS)
        self._unheard: set[int] = set()  # voice notes in hand
        self._known = pipeline.known
        self._timers: dict[int, asyncio.TimerHandle] = {}  # parcels that left their lane for long, by row id
        self._arrivals = Arrivals(
            partial(self._writer.do, first=True), lambda s, events: pipeline.receive(s, events, clock()), self._queue
        )
        self._ticker: asyncio.Task[None] | None = None
        self._working = False

    async def start(self, *, work: bool = True) -> None:
        """Start the writer; with `work` also take up every unfinished row and begin to tick."""
        self._writer.start()
        self._working = work
        if not work:
            return
        await self._take_up()
        self._ticker = asyncio.get_running_loop().create_task(self._tick())

    async def stop(self) -> None:
        """End ticking and lanes, then let the writer finish."""
        if self._ticker:
            self._ticker.cancel()
            await asyncio.gather(self._ticker, return_exceptions=True)
        for lanes in (self._handling, self._sending, self._fetching, self._listening):
            await lanes.close()
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()
        await self._arrivals.stop()
        await self._writer.stop()

    async def receive(self, envelopes: Sequence[Envelope]) -> None:
        """Keep events. Requests that come while others are being written are written by one statement after them.

        :raises NotKept: some of them are such that they can never be kept; the others are.
        """
        await self._arrivals.keep(envelopes)

    async def write(self, work: Callable[[Session], T]) -> T:
        """Do a piece of work through the writer."""
        return await self._writer.do(work)

    async def read(self, work: Callable[[Session], T]) -> T:
        """Look something up on a connection of its own, in a thread of its own."""

        def look() -> T:
            with self._readers() as session:
                return work(session)

        return await asyncio.to_thread(look)

    async def alone(self, name: str) -> bool:
        """Always: nobody else works on the database's file."""
        del name
        return True

    def trouble(self) -> str:
        """The name of the database's error that the last arrivals met, '' when they were kept."""
        return self._arrivals.trouble

    def _queue(self, events: Sequence[Waiting]) -> None:
        if not self._working:
            return
        for waiting in events:
            if waiting.channel not in self._known:
                continue  # its row waits for the channel to be configured again
            full = self._handling.busy >= HELD
            self._handling.put(
                waiting.chat_key, Waiting(waiting.id, waiting.channel, waiting.chat_key) if full else waiting
            )

    def _do(self, work: Callable[[Session], Handled], before: Callable[[], None]) -> asyncio.Future[Handled]:
        return self._writer.do(work, before=before)

    async def _handle(self, waiting: Waiting) -> None:
        handled = await patiently(lambda: take(Turn(self._pipeline, self._readers, self._clock, waiting), self._do))
        for outgoing in handled.outgoing:
            self._sending.put((outgoing.channel, outgoing.chat_key), outgoing)
        for medium_id in handled.media:
            self._fetching.put(medium_id, medium_id)
        self._queue(handled.revived)

    async def _send(self, outgoing: Outgoing) -> None:
        while True:
            early = (outgoing.next_at - self._clock()).total_seconds() if outgoing.next_at else 0.0
            if early > delivery.LONGEST_WAIT:
                self._send_later(early, outgoing)
                return
            if early > 0:
                await asyncio.sleep(early)
            outgoing, outcome = await try_once(self._pipeline, outgoing, self.write, self._clock)
            if outcome.state != "again":
                return

    def _send_later(self, wait: float, outgoing: Outgoing) -> None:
        """Put a parcel back into its chat's lane after a long time; what is free or comes later goes before it."""
        loop = asyncio.get_running_loop()

        def put() -> None:
            del self._timers[outgoing.id]
            self._sending.put((outgoing.channel, outgoing.chat_key), outgoing)

        self._timers[outgoing.id] = loop.call_later(wait, put)

    async def _fetch(self, medium_id: int) -> None:
        look = partial(media_rows.to_fetch, medium_id=medium_id)
        while True:
            wanted = await patiently(lambda: self.read(look))
            channel = self._pipeline.channels.get(wanted.channel) if wanted else None
            if wanted is None or channel is None:
                return
            try:
                async with self._fetchers:
                    result = await media.fetch(channel, self._store, wanted)
            except OSError as error:  # it is had, and the platform will not have it for ever: no try is used up
                log.warning("medium waits for the disk", medium=medium_id, error=error.strerror)
                await asyncio.sleep(FULL_DISK)
                continue
            if isinstance(result, media.Kept):
                self._pipeline.step("fetch.kept")
            settle = partial(media.settle, store=self._store, wanted=wanted, result=result, now=self._clock())
            wait = await patiently(partial(self.write, settle))
            if wait is None:
                self._hear(medium_id)
                return
            await asyncio.sleep(wait.total_seconds())

    def _hear(self, medium_id: int) -> None:
        """Queue a voice note for the machine that hears; what is no voice it finds out itself."""
        if self._pipeline.ear is not None and medium_id not in self._unheard:
            self._unheard.add(medium_id)
            self._listening.put(medium_id % listening.AT_ONCE, medium_id)

    async def _listen(self, medium_id: int) -> None:
        try:
            if ear := self._pipeline.ear:
                await listening.listen(self, ear, self._store, self._clock, medium_id)
        finally:
            self._unheard.discard(medium_id)

    async def _look_for_voices(self) -> None:
        if self._pipeline.ear is not None:
            for medium_id in await self.read(lambda session: voices.waiting(session, self._clock())):
                self._hear(medium_id)

    async def _take_up(self) -> None:
        """Queue what earlier runs left: unsent parcels first, since they were caused by what is already handled."""
        unsent = await self.read(lambda session: list(outbox.all_unsent(session)))
        events = await self.read(lambda session: list(inbox.all_waiting(session)))
        known = self._known
        channels = [row.channel for row in unsent] + [row.channel for row in events]
        left = Counter(channel for channel in channels if channel not in known)
        if left:
            log.warning("rows wait for a channel that is not configured", **left)
        for outgoing in unsent:
            if outgoing.channel in known:
                self._sending.put((outgoing.channel, outgoing.chat_key), outgoing)
        self._queue(events)
        promised = await self.read(
            lambda session: media_rows.waiting(session, datetime.max.replace(tzinfo=self._clock().tzinfo), 100_000)
        )
        for medium_id in promised:
            self._fetching.put(medium_id, medium_id)
        await self._look_for_voices()
        if unsent or events or promised:
            log.info("taken up", events=len(events), parcels=len(unsent), media=len(promised))

    async def _tick(self) -> None:
        ticks = 0
        while True:
            await asyncio.sleep(TICK)
            ticks += 1
            WAITING.labels("handle").set(self._handling.busy)
            WAITING.labels("send").set(self._sending.busy + len(self._timers))
            for do in (self._fire, self._forget, *([self._look_for_voices] if ticks % VOICES == 0 else [])):
                try:
                    await do()
                except OperationalError as error:
                    log.warning("tick waits for the database", error=type(error.orig).__name__)
                except Exception:  # the next tick tries again, and what else it does must not wait for this
                    log.exception("tick failed", doing=do.__name__)

    async def _fire(self) -> None:
        if await self.read(lambda session: self._pipeline.is_due(session, self._clock())):
            self._queue(await self.write(lambda session: self._pipeline.tick(session, self._clock())))

    async def _forget(self) -> None:
        if await self.read(media_rows.has_forgotten_files):
            await self.write(partial(media_rows.forget_files, remove=self._store.remove))
