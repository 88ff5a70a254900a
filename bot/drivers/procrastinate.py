"""The driver of many processes on PostgreSQL: Procrastinate's jobs say whose turn it is, one at a time for a chat."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from typing import TypeVar
from uuid import uuid4
from weakref import WeakValueDictionary

import structlog
from procrastinate import JobContext
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, sessionmaker

from bot import delivery, media
from bot.channels.base import Envelope
from bot.clock import SharedClock
from bot.drivers import jobs, listening, sweep
from bot.drivers.arrivals import Arrivals
from bot.drivers.door import MUTE, Door
from bot.drivers.hands import Hands
from bot.drivers.patience import patiently
from bot.drivers.right import Right, Superseded
from bot.drivers.sending import try_once
from bot.drivers.ticking import TICK, keep_looking
from bot.drivers.turn import Turn, take
from bot.drivers.worker import Worker
from bot.drivers.writer import GRACE
from bot.pipeline import Handled, Pipeline
from storage import inbox, leases, outbox
from storage import media as media_rows
from storage.inbox import Waiting
from storage.outbox import Outgoing
from storage.trouble import in_words, name_of

T = TypeVar("T")
HANDS = 3  # transactions at a time: while one waits for the server, another computes
DOOR_GRACE = 2.0  # seconds an arrival waits for a server in trouble: then the platform is told to come again
KEEP_WITHIN = 8.0  # seconds an arrival waits for a server that does not answer at all: the same
MEASURE = 60.0  # seconds between two looks at the server's clock
SHORT = 2.0  # seconds that a chat waits for its own parcel; beyond, its job ends and a later one goes on
HOLD = timedelta(minutes=3)  # for fetching a medium; then others may
FETCHERS = 8  # media fetched at the same time: each may be 20 MB in memory
FULL = timedelta(seconds=5)  # before a medium is looked at again for which no fetcher was free: chats need the jobs
ALONE = timedelta(seconds=6)  # a lease's life: whoever dies is followed within ten seconds
ASK = 2.0  # seconds within which the database must say whether we are alone

log = structlog.get_logger()


class ProcrastinateDriver:
    """Drives the pipeline beside as many others as one likes."""

    def __init__(
        self,
        engine: Engine,
        sessions: sessionmaker[Session],
        readers: sessionmaker[Session],
        pipeline: Pipeline,
        store: media.Store,
        clock: SharedClock,
        grace: float = GRACE,
    ) -> None:
        """`grace`: see `Hands`."""
        self._readers, self._pipeline, self._store, self._clock = readers, pipeline, store, clock
        self._holder = uuid4().hex
        committed = partial(pipeline.step, "writer.committed")
        self._hands = Hands(engine, sessions, committed, threads=HANDS, grace=grace)
        self._door_hand = Hands(engine, sessions, committed, threads=1, grace=min(grace, DOOR_GRACE))
        self._door = Door(self._door_hand, sessions, clock)
        self._arrivals = Arrivals(self._door.do, self._keep, lambda _: None)
        tasks = {jobs.CHATS: self.look_after_chat, jobs.MEDIA: self.look_after_medium, jobs.VOICES: self.hear}
        self._worker = Worker(engine.url, tasks, self._tidy)
        self._fetchers = asyncio.Semaphore(FETCHERS)
        self._listeners = asyncio.Semaphore(listening.AT_ONCE)
        self._chats: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()  # those that we are at
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self, *, work: bool = True) -> None:
        """Open the door, learn the time, and with `work` begin to look after what waits.

        A server that went away just now is no reason to end: the door says so, and work begins when it is back.
        """
        self._hands.start()
        self._door_hand.start()
        doing = [self._keep_time(), self._door.watch()]
        try:
            await self.read(self._clock.measure)
        except DBAPIError as error:
            log.warning("waiting for the database", setting="DATABASE_URL", reason=in_words(error))
        if work:
            doing += [self._look(), self._fetch()]
        loop = asyncio.get_running_loop()
        self._tasks = [loop.create_task(one) for one in doing]

    async def stop(self) -> None:
        """Let jobs under way end, leave the rest to others, and close the door."""
        self._worker.give_up()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._arrivals.stop()
        await self._door_hand.stop()
        await self._hands.stop()

    async def receive(self, envelopes: Sequence[Envelope]) -> None:
        """Keep events.

        :raises TimeoutError: nobody knows whether they are kept: when they come again they are known then.
        """
        try:
            async with asyncio.timeout(KEEP_WITHIN):
                await self._arrivals.keep(envelopes)
        except TimeoutError:
            self._door.trouble = MUTE
            raise

    async def write(self, work: Callable[[Session], T]) -> T:
        """Do a piece of work in a transaction."""
        return await self._hands.do(work)

    async def read(self, work: Callable[[Session], T]) -> T:
        """Look something up."""

        def look() -> T:
            with self._readers() as session:
                return work(session)

        return await asyncio.to_thread(look)

    def trouble(self) -> str:
        """What the last arrivals met, or why no jobs are fetched, in words."""
        return self._door.trouble or self._worker.trouble

    async def alone(self, name: str) -> bool:
        """Whether this process is the one that does a thing that only one may do; ask again every two seconds."""
        now = self._clock()
        take_it = partial(leases.take, name=name, holder=self._holder, now=now, until=now + ALONE)
        try:
            async with asyncio.timeout(ASK):
                return await self._hands.do(take_it)
        except Exception as error:
            log.warning("nobody knows who is alone", lease=name, error=name_of(error))
            return False

    def _keep(self, session: Session, envelopes: Sequence[Envelope]) -> list[Waiting]:
        if not self._clock.known:
            self._clock.measure(session)
        new = self._pipeline.receive(session, envelopes, self._clock())
        jobs.wake(session, jobs.CHATS, [waiting.chat_key.hex() for waiting in new])
        return new

    async def look_after_chat(self, context: JobContext, key: str) -> None:
        """Send what a chat is still owed, then handle what it said, in order; its lock keeps others away."""
        chat, right = bytes.fromhex(key), self._right(context)
        # One that stood still may fetch what was its own before: what is on its tongue is settled first.
        mine = self._chats.setdefault(key, asyncio.Lock())
        try:
            async with mine:
                await self._look_after(chat, right)
        except Superseded:
            log.warning("another process took over", job=context.job.id)

    async def _look_after(self, chat: bytes, right: Right) -> None:
        while True:
            await patiently(right.check)
            owed, said = await patiently(
                lambda: self.read(lambda s: (outbox.unsent_to(s, chat), inbox.waiting_of(s, chat)))
            )
            free = await self._send(owed, right)
            said = [waiting for waiting in said if waiting.channel in self._pipeline.known]
            for waiting in said:
                free = await self._handle(waiting, right, free=free)
            if len(said) < inbox.TOGETHER:
                return  # what came meanwhile has a job of its own

    async def _handle(self, waiting: Waiting, right: Right, *, free: bool) -> bool:
        """Handle an event and send what it says to its own chat, if the way is `free`; whether it still is."""
        chat = waiting.chat_key

        def do(work: Callable[[Session], Handled], before: Callable[[], None]) -> asyncio.Future[Handled]:
            return self._hands.do(lambda session: self._passing_on(session, work(session), chat), before=before)

        handled = await patiently(lambda: take(Turn(self._pipeline, self._readers, self._clock, waiting), do))
        owed = [outgoing for outgoing in handled.outgoing if outgoing.chat_key == chat]
        if not owed:  # it said nothing, or it was handled before, by us when a commit's answer was lost
            owed = await patiently(lambda: self.read(lambda s: outbox.unsent_to(s, chat)))
        return free and await self._send(owed, right)

    def _passing_on(self, session: Session, handled: Handled, chat: bytes) -> Handled:
        """What is for other chats is sent by their own jobs: so no two processes speak to one chat at a time.

        An event that is to be handled once more waits behind what was read of its chat, be it this one.
        """
        others = {outgoing.chat_key for outgoing in handled.outgoing} - {chat}
        others |= {waiting.chat_key for waiting in handled.revived}
        jobs.wake(session, jobs.CHATS, [other.hex() for other in others])
        jobs.wake(session, jobs.MEDIA, [str(medium_id) for medium_id in handled.media])
        return handled

    async def _send(self, owed: Sequence[Outgoing], right: Right) -> bool:
        """Send a chat's parcels in order; False when one must wait, and with it all that come behind."""
        for parcel in owed:
            outgoing = parcel
            while True:
                early = (outgoing.next_at - self._clock()).total_seconds() if outgoing.next_at else 0.0
                if early > delivery.LONGEST_WAIT:
                    break  # for this one nobody waits
                if early > SHORT or outgoing.channel not in self._pipeline.channels:
                    return False
                await asyncio.sleep(max(early, 0))
                await patiently(right.check)
                outgoing, outcome = await try_once(self._pipeline, outgoing, self.write, self._clock)
                if outcome.state != "again":
                    break
        return True

    async def look_after_medium(self, context: JobContext, key: str) -> None:
        """Try once to fetch a medium; when it must be tried again, its row says when."""
        del context
        medium_id = int(key)
        wanted = await patiently(lambda: self.read(lambda s: media_rows.to_fetch(s, medium_id)))
        channel = self._pipeline.channels.get(wanted.channel) if wanted else None
        if wanted is None or channel is None:
            return
        full = self._fetchers.locked()
        until = self._clock() + (FULL if full else HOLD)
        await patiently(lambda: self.write(lambda s: media_rows.hold(s, medium_id, until)))
        if full:
            return
        async with self._fetchers:
            result = await patiently(lambda: media.fetch(channel, self._store, wanted))
        if isinstance(result, media.Kept):
            self._pipeline.step("fetch.kept")
        settle = partial(media.settle, store=self._store, wanted=wanted, result=result, now=self._clock())
        await patiently(lambda: self.write(settle))
        if self._pipeline.ear is not None and isinstance(result, media.Kept) and wanted.kind == "voice":
            await patiently(lambda: self.write(lambda s: jobs.wake_idle(s, jobs.VOICES, [jobs.voice(medium_id)])))

    async def hear(self, context: JobContext, key: str) -> None:
        """Have a voice note heard, unless enough are being heard: then a later look finds it again."""
        del context
        ear = self._pipeline.ear
        if ear is None or self._listeners.locked():
            return
        async with self._listeners:
            await listening.hold(self, self._clock, jobs.voice_of(key))
            await listening.listen(self, ear, self._store, self._clock, jobs.voice_of(key))

    async def _tidy(self) -> None:
        await self.write(jobs.tidy)

    def _right(self, context: JobContext) -> Right:
        job, worker = context.job.id, context.job.worker_id
        if job is None or worker is None:
            raise ValueError("a job that is worked at has an id and a worker")
        return Right(lambda: self.read(lambda session: jobs.silence(session, job, worker)))

    async def _keep_time(self) -> None:
        while True:
            await asyncio.sleep(MEASURE if self._clock.known else TICK)
            ahead = await patiently(lambda: self.read(self._clock.measure))
            if abs(ahead) > timedelta(seconds=30):
                log.warning("this machine's clock differs from the database's", seconds=round(ahead.total_seconds()))

    async def _know_the_time(self) -> None:
        while not self._clock.known:  # noqa: ASYNC110  # measured by whoever comes first, in any thread
            await asyncio.sleep(TICK)

    async def _fetch(self) -> None:
        await self._know_the_time()
        await self._worker.run()

    async def _look(self) -> None:
        await self._know_the_time()
        await patiently(lambda: self.write(partial(sweep.all_waiting, known=sorted(self._pipeline.known))))
        await keep_looking(self, self._pipeline, self._store, self._clock)
