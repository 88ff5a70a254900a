"""One writer with group commit: many pieces of work, each in a savepoint of its own, share one durable commit."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from queue import PriorityQueue
from typing import Any, TypeVar

import structlog
from prometheus_client import Histogram
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

T = TypeVar("T")
FIRST, LATER, LAST = range(3)
BATCH = 64  # pieces of work in one commit
LONGEST = 0.02  # seconds of work in one commit, so that nobody waits long for a batch
GRACE = 20.0  # seconds a locked or full database is waited for before the work is handed back as failed

PASSING = ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_FULL", "SQLITE_IOERR", "SQLITE_READONLY", "SQLITE_CANTOPEN")

log = structlog.get_logger()
GROUPED = Histogram("sansiang_commit_group", "Pieces of work that shared a commit", buckets=(1, 2, 5, 10, 25, 50, 64))


def is_passing(error: OperationalError) -> bool:
    """Whether it is the database's state, and not this piece of work, that stands in the way."""
    return str(getattr(error.orig, "sqlite_errorname", "")).startswith(PASSING)


@dataclass(slots=True)
class Job:
    """A piece of work and what became of it. `before`, if any, runs once, while no transaction is open."""

    work: Callable[[Session], Any]
    future: asyncio.Future[Any]
    rank: tuple[int, int]
    before: Callable[[], None] | None = None
    result: Any = None
    error: BaseException | None = None


class Writer:
    """Runs work on the database's one writing connection, in a thread of its own."""

    def __init__(self, engine: Engine, sessions: sessionmaker[Session], committed: Callable[[], None]) -> None:
        """`committed` is told, in the thread, after each commit and before anybody hears of it."""
        self._engine, self._sessions, self._committed = engine, sessions, committed
        self._queue: PriorityQueue[tuple[tuple[int, int], Job | None]] = PriorityQueue()
        self._number = count()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)

    def start(self) -> None:
        """Start the thread; called inside the running loop."""
        self._loop = asyncio.get_running_loop()
        self._thread.start()

    def do(
        self, work: Callable[[Session], T], *, before: Callable[[], None] | None = None, first: bool = False
    ) -> asyncio.Future[T]:
        """Do a piece of work; the future is done when it is durable. What the work raises undoes only itself.

        `before` is its share that needs no database: it runs in the writer's thread too, because two threads that
        both compute only take the interpreter from each other, but before the transaction opens. `first` goes before
        all that waits: a platform that is not answered in time sends everything again.
        """
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._put(Job(work, future, (FIRST if first else LATER, next(self._number)), before))
        return future

    def _put(self, job: Job) -> None:
        self._queue.put((job.rank, job))

    async def stop(self) -> None:
        """Finish what is queued, then end the thread."""
        self._queue.put(((LAST, next(self._number)), None))
        await asyncio.to_thread(self._thread.join)

    def _run(self) -> None:
        with self._engine.connect() as connection:
            while (first := self._queue.get()[1]) is not None:
                jobs = self._gather(first)
                for job in jobs:
                    _prepare(job)
                done = self._batch(connection, jobs)
                for job in jobs[done:]:
                    self._put(job)
                GROUPED.observe(done)
                self._committed()
                if self._loop is not None and not self._loop.is_closed():
                    self._loop.call_soon_threadsafe(_tell, jobs[:done])

    def _gather(self, first: Job) -> list[Job]:
        """What waits already, as far as it may share the next commit."""
        jobs = [first]
        while len(jobs) < BATCH and not self._queue.empty():
            rank, job = self._queue.get()
            if job is None:
                self._queue.put((rank, job))
                break
            jobs.append(job)
        return jobs

    def _batch(self, connection: Connection, jobs: list[Job]) -> int:
        """Do as many pieces of work as fit in the time, in one transaction; returns how many are settled."""
        patience = time.monotonic() + GRACE
        while True:
            deadline = time.monotonic() + LONGEST
            done = 0
            try:
                with connection.begin():
                    for job in jobs:
                        self._work(connection, job)
                        done += 1
                        if time.monotonic() > deadline:
                            break
            except OperationalError as error:
                # Only the database's own state brings us here: see _work.
                log.warning("database not writable", error=type(error.orig).__name__, jobs=len(jobs))
                if time.monotonic() < patience:
                    time.sleep(0.2)
                    continue
                return _fail(jobs, error)
            except Exception as error:  # a commit that failed otherwise: nobody may believe their work is kept
                log.exception("commit failed", jobs=len(jobs))
                return _fail(jobs, error)
            return done

    def _work(self, connection: Connection, job: Job) -> None:
        if job.before is not None:
            return  # what was to come before it failed, and that is its error
        job.error = None
        session = self._sessions(bind=connection, join_transaction_mode="create_savepoint")
        try:
            job.result = job.work(session)
            session.commit()
        except OperationalError as error:
            session.rollback()
            if is_passing(error):
                raise
            job.error = error
        except BaseException as error:
            session.rollback()
            job.error = error
        finally:
            session.close()


def _prepare(job: Job) -> None:
    if job.before is None:
        return
    try:
        job.before()
    except Exception as error:
        job.error = error
    else:
        job.before = None


def _fail(jobs: list[Job], error: Exception) -> int:
    for job in jobs:
        job.error = error
    return len(jobs)


def _tell(jobs: list[Job]) -> None:
    for job in jobs:
        if job.future.done():
            continue  # whoever waited has gone; the work is done all the same
        if job.error is not None:
            job.future.set_exception(job.error)
        else:
            job.future.set_result(job.result)
