"""The local driver: one process on SQLite. Lanes in memory, one writer with group commit, a scan at start."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
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
from bot.drivers.lanes import Lanes
from bot.drivers.writer import Writer, is_passing
from bot.pipeline import Handled, Pipeline, Prepared
from handlers.messages import Incoming
from storage import inbox, outbox
from storage import media as media_rows
from storage.inbox import Waiting
from storage.outbox import Outgoing

T = TypeVar("T")
TICK = 1.0  # seconds between two looks for due rows
TOGETHER = 200  # requests whose events are written, or payloads that are read, by one statement
HELD = 2000  # events whose payload is kept in memory while they wait; the rest is read again from its row
RETRY = 2.0  # seconds before an event is tried again after the database's trouble
ATTEMPTS = 20  # tries of one event over the database's trouble, about a minute; then the next start takes it up

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
    ) -> None:
        self._readers, self._pipeline, self._store, self._clock = readers, pipeline, store, clock
        self._writer = Writer(engine, sessions, lambda: pipeline.step("writer.committed"))
        self._handling: Lanes[bytes, Waiting] = Lanes("handle", self._handle)
        self._sending: Lanes[tuple[str, bytes], Outgoing] = Lanes("send", self._send)
        self._fetching: Lanes[int, int] = Lanes("fetch", self._fetch)
        self._arrivals: list[tuple[Sequence[Envelope], asyncio.Future[None]]] = []
        self._keeping = False  # arrivals are being written; those that come meanwhile are written together after them
        self._ticker: asyncio.Task[None] | None = None
        self._working = False
        self._trouble = ""

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
        await self._writer.stop()

    async def receive(self, envelopes: Sequence[Envelope]) -> None:
        """Keep events. Requests that come while others are being written are written by one statement after them."""
        if not envelopes:
            return
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._arrivals.append((envelopes, future))
        if not self._keeping:
            self._keeping = True
            asyncio.get_running_loop().call_soon(self._keep_arrivals)
        await future

    def _keep_arrivals(self) -> None:
        arrivals, self._arrivals = self._arrivals[:TOGETHER], self._arrivals[TOGETHER:]
        together = [envelope for envelopes, _ in arrivals for envelope in envelopes]
        written = self._writer.do(lambda session: self._pipeline.receive(session, together, self._clock()), first=True)
        written.add_done_callback(lambda done: self._arrived(done, [future for _, future in arrivals]))

    def _arrived(self, done: asyncio.Future[list[Waiting]], futures: list[asyncio.Future[None]]) -> None:
        if self._arrivals:
            self._keep_arrivals()
        else:
            self._keeping = False
        error = done.exception()
        self._trouble = type(error).__name__ if error else ""
        for future in futures:
            if future.done():
                continue
            if error:
                future.set_exception(error)
            else:
                future.set_result(None)
        if not error:
            self._queue(done.result())

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
        return self._trouble

    def _queue(self, events: Sequence[Waiting]) -> None:
        if not self._working:
            return
        for waiting in events:
            full = self._handling.busy >= HELD
            self._handling.put(
                waiting.chat_key, Waiting(waiting.id, waiting.channel, waiting.chat_key) if full else waiting
            )

    async def _handle(self, waiting: Waiting) -> None:
        for _ in range(ATTEMPTS):
            try:
                handled = await self._handled(waiting)
            except OperationalError as error:
                log.warning("handling waits for the database", inbox=waiting.id, error=type(error.orig).__name__)
                await asyncio.sleep(RETRY)
                continue
            for outgoing in handled.outgoing:
                self._sending.put((outgoing.channel, outgoing.chat_key), outgoing)
            for medium_id in handled.media:
                self._fetching.put(medium_id, medium_id)
            return

    async def _handled(self, waiting: Waiting) -> Handled:
        turn = _Turn(self._pipeline, self._readers, self._clock, waiting)
        try:
            return await self._writer.do(turn.handle, before=turn.prepare)
        except Exception as error:
            if isinstance(error, OperationalError) and is_passing(error):
                raise
            log.exception("handling failed", inbox=waiting.id, channel=waiting.channel)
            incoming, name = turn.incoming, type(error).__name__
            return await self.write(lambda s: self._pipeline.fail(s, waiting, incoming, name, self._clock()))

    async def _send(self, outgoing: Outgoing) -> None:
        channel = self._pipeline.channels.get(outgoing.channel)
        if channel is None:
            return
        while True:
            if outgoing.next_at and (early := (outgoing.next_at - self._clock()).total_seconds()) > 0:
                await asyncio.sleep(early)
            self._pipeline.step("send.before")
            outcome = await delivery.send(channel, outgoing, self._clock())
            self._pipeline.step("send.sent")
            outgoing = await self.write(partial(delivery.settle, outgoing=outgoing, outcome=outcome, now=self._clock()))
            self._pipeline.step("send.settled")
            if outcome.state != "again":
                return

    async def _fetch(self, medium_id: int) -> None:
        while True:
            wanted = await self.read(lambda session: media_rows.to_fetch(session, medium_id))
            channel = self._pipeline.channels.get(wanted.channel) if wanted else None
            if wanted is None or channel is None:
                return
            result = await media.fetch(channel, wanted)
            settled = partial(media.settle, store=self._store, wanted=wanted, result=result, now=self._clock())
            wait = await self.write(settled)
            if wait is None:
                return
            await asyncio.sleep(wait.total_seconds())

    async def _take_up(self) -> None:
        """Queue what earlier runs left: unsent parcels first, since they were caused by what is already handled."""
        unsent = await self.read(lambda session: list(outbox.all_unsent(session)))
        for outgoing in unsent:
            self._sending.put((outgoing.channel, outgoing.chat_key), outgoing)
        events = await self.read(lambda session: list(inbox.all_waiting(session)))
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
            WAITING.labels("send").set(self._sending.busy)
            try:
                if await self.read(lambda session: self._pipeline.is_due(session, self._clock())):
                    self._queue(await self.write(lambda session: self._pipeline.tick(session, self._clock())))
                gone = await self.read(media_rows.has_forgotten_files)
                for digest in await self.write(media_rows.forget_files) if gone else []:
                    self._store.remove(digest)
            except OperationalError as error:
                log.warning("tick waits for the database", error=type(error.orig).__name__)


class _Turn:
    """One event on its way through the writer: read while no transaction is open, then handled in one."""

    def __init__(
        self,
        pipeline: Pipeline,
        readers: sessionmaker[Session],
        clock: Callable[[], datetime],
        waiting: Waiting,
    ) -> None:
        self._pipeline, self._readers, self._clock, self._waiting = pipeline, readers, clock, waiting
        self._prepared = Prepared(None, None)

    @property
    def incoming(self) -> Incoming | None:
        """What was said, as far as it could be read: where an apology goes."""
        return self._prepared.incoming

    def prepare(self) -> None:
        """Read and understand the event; its payload comes from its row where it is not in hand any more."""
        if self._waiting.payload is None:
            with self._readers() as session:
                self._waiting = replace(self._waiting, payload=inbox.payload_of(session, self._waiting.id))
        incoming = self._pipeline.open(self._waiting)
        self._prepared = Prepared(incoming, None)
        self._prepared = self._pipeline.prepare(incoming)

    def handle(self, session: Session) -> Handled:
        """Handle the event."""
        return self._pipeline.handle(session, self._waiting, self._prepared, self._clock())
