"""The local driver: one process on SQLite. Lanes in memory, one writer with group commit, a scan at start."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
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
from bot.delivery import Outcome
from bot.drivers.arrivals import Arrivals
from bot.drivers.lanes import Lanes
from bot.drivers.turn import Turn
from bot.drivers.writer import GRACE, Writer, is_passing
from bot.pipeline import Handled, Pipeline
from storage import inbox, outbox
from storage import media as media_rows
from storage.inbox import Waiting
from storage.outbox import Outgoing

T = TypeVar("T")
TICK = 1.0  # seconds between two looks for due rows
HELD = 2000  # events whose payload is kept in memory while they wait; the rest is read again from its row
RETRY = 2.0  # seconds before something is tried again after the database's trouble
FULL_DISK = 30.0  # seconds before a medium for which the disk has no room is fetched again
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
        store: media.MediaStore,
        clock: Callable[[], datetime],
        grace: float = GRACE,
    ) -> None:
        """`grace`: see `Writer`."""
        self._readers, self._pipeline, self._store, self._clock = readers, pipeline, store, clock
        self._writer = Writer(engine, sessions, lambda: pipeline.step("writer.committed"), grace)
        self._handling: Lanes[bytes, Waiting] = Lanes("handle", self._handle)
        self._sending: Lanes[tuple[str, bytes], Outgoing] = Lanes("send", self._send)
        self._fetching: Lanes[int, int] = Lanes("fetch", self._fetch)
        self._fetchers = asyncio.Semaphore(FETCHERS)
        self._timers: dict[int, asyncio.TimerHandle] = {}  # parcels that left their lane for long, by row id
        self._arrivals = Arrivals(self._writer, lambda s, events: pipeline.receive(s, events, clock()), self._queue)
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
        for lanes in (self._handling, self._sending, self._fetching):
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

    def trouble(self) -> str:
        """The name of the database's error that the last arrivals met, '' when they were kept."""
        return self._arrivals.trouble

    def _queue(self, events: Sequence[Waiting]) -> None:
        if not self._working:
            return
        for waiting in events:
            if waiting.channel not in self._pipeline.channels:
                continue  # its row waits for the channel to be configured again
            full = self._handling.busy >= HELD
            self._handling.put(
                waiting.chat_key, Waiting(waiting.id, waiting.channel, waiting.chat_key) if full else waiting
            )

    async def _patiently(self, do: Callable[[], Awaitable[T]]) -> T:
        """Do something with the database, however long its state stands in the way: a row in hand is not let go.

        Whoever comes behind in the same lane waits too, so that nothing overtakes.
        """
        while True:
            try:
                return await do()
            except OperationalError as error:
                if not is_passing(error):
                    raise
                log.warning("waiting for the database", error=type(error.orig).__name__)
                await asyncio.sleep(RETRY)

    async def _handle(self, waiting: Waiting) -> None:
        handled = await self._patiently(partial(self._handled, waiting))
        for outgoing in handled.outgoing:
            self._sending.put((outgoing.channel, outgoing.chat_key), outgoing)
        for medium_id in handled.media:
            self._fetching.put(medium_id, medium_id)

    async def _handled(self, waiting: Waiting) -> Handled:
        turn = Turn(self._pipeline, self._readers, self._clock, waiting)
        try:
            return await self._writer.do(turn.handle, before=turn.prepare)
        except Exception as error:
            if is_passing(error):
                raise
            log.exception("handling failed", inbox=waiting.id, channel=waiting.channel)
            incoming, name = turn.incoming, type(error).__name__
        try:
            return await self.write(lambda s: self._pipeline.fail(s, waiting, incoming, name, self._clock()))
        except Exception as error:
            if is_passing(error):
                raise
            log.exception("apologising failed", inbox=waiting.id, channel=waiting.channel)
        return await self.write(lambda s: self._pipeline.fail(s, waiting, None, name, self._clock()))

    async def _send(self, outgoing: Outgoing) -> None:
        channel = self._pipeline.channels[outgoing.channel]
        while True:
            early = (outgoing.next_at - self._clock()).total_seconds() if outgoing.next_at else 0.0
            if early > delivery.LONGEST_WAIT:
                self._send_later(early, outgoing)
                return
            if early > 0:
                await asyncio.sleep(early)
            self._pipeline.step("send.before")
            outcome = await delivery.send(channel, outgoing, self._clock())
            self._pipeline.step("send.sent")
            outgoing = await self._settled(outgoing, outcome)
            self._pipeline.step("send.settled")
            if outcome.state != "again":
                return

    async def _settled(self, outgoing: Outgoing, outcome: Outcome) -> Outgoing:
        settle = partial(delivery.settle, outgoing=outgoing, outcome=outcome, now=self._clock())
        try:
            return await self._patiently(lambda: self.write(settle))
        except Exception:
            # What surely went out would go out again at the next start, and what did not would be tried for ever.
            log.exception("settling failed", outbox=outgoing.id, state=outcome.state)
            state = "failed" if outcome.state == "again" else outcome.state
            plainly = partial(outbox.settle, outgoing=outgoing, state=state, now=self._clock(), error="settling failed")
            await self._patiently(lambda: self.write(plainly))
            return outgoing

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
            wanted = await self._patiently(lambda: self.read(look))
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
            wait = await self._patiently(partial(self.write, settle))
            if wait is None:
                return
            await asyncio.sleep(wait.total_seconds())

    async def _take_up(self) -> None:
        """Queue what earlier runs left: unsent parcels first, since they were caused by what is already handled."""
        unsent = await self.read(lambda session: list(outbox.all_unsent(session)))
        events = await self.read(lambda session: list(inbox.all_waiting(session)))
        known = self._pipeline.channels
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
        if unsent or events or promised:
            log.info("taken up", events=len(events), parcels=len(unsent), media=len(promised))

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(TICK)
            WAITING.labels("handle").set(self._handling.busy)
            WAITING.labels("send").set(self._sending.busy + len(self._timers))
            for do in (self._fire, self._forget):
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
