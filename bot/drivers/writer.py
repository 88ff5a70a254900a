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
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

T = TypeVar("T")
FIRST, LATER, LAST = range(3)
BATCH = 256  # pieces of work in one commit
LONGEST = 0.02  # seconds of work in one commit, so that nobody waits long for a batch
GRACE = 20.0  # seconds a locked or full database is waited for before the work is handed back as failed

PASSING = ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_FULL", "SQLITE_IOERR", "SQLITE_READONLY", "SQLITE_CANTOPEN")

log = structlog.get_logger()
GROUPED = Histogram(
    "sansiang_commit_group", "Pieces of work that shared a commit", buckets=(1, 2, 5, 10, 25, 50, 100, 256)
)


def is_passing(error: OperationalError) -> bool:
    """Whether it is the database's state, and not this piece of work, that stands in the way."""
    return str(getattr(error.orig, "sqlite_errorname", "")).startswith(PASSING)


@dataclass(slots=True)
class Job:
    """A piece of work and what became of it."""

    work: Callable[[Session], Any]
    future: asyncio.Future[Any]
    result: Any = None
    error: BaseException | None = None


class Writer:
    """Runs work on the database's one writing connection, in a thread of its own."""

    def __init__(self, engine: Engine, sessions: sessionmaker[Session], committed: Callable[[], None]) -> None:
        """`committed` is told, in the thread, after each commit and before anybody hears of it."""
        self._engine, self._sessions, self._committed = engine, sessions, committed
        self._queue: PriorityQueue[tuple[int, int, Job | None]] = PriorityQueue()
        self._number = count()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)

    def start(self) -> None:
        """Start the thread; called inside the running loop."""
        self._loop = asyncio.get_running_loop()
        self._thread.start()

    def do(self, work: Callable[[Session], T], *, first: bool = False) -> asyncio.Future[T]:
        """Do a piece of work; the future is done when it is durable. What the work raises undoes only itself.

        `first` goes before all that waits: a platform that is not answered in time sends everything again.
        """
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._queue.put((FIRST if first else LATER, next(self._number), Job(work, future)))
        return future

    async def stop(self) -> None:
        """Finish what is queued, then end the thread."""
        self._queue.put((LAST, next(self._number), None))
        await asyncio.to_thread(self._thread.join)

    def _run(self) -> None:
        with self._engine.connect() as connection:
            while (first := self._queue.get()[2]) is not None:
                stopped = self._batch(connection, first)
                if stopped:
                    return

    def _batch(self, connection: Any, first: Job) -> bool:
        jobs, stop = [first], False
        deadline = time.monotonic() + LONGEST
        patience = time.monotonic() + GRACE
        while True:
            try:
                with connection.begin():
                    for job in jobs:
                        self._work(connection, job)
                    while len(jobs) < BATCH and not self._queue.empty() and time.monotonic() < deadline:
                        job_or_none = self._queue.get()[2]
                        if job_or_none is None:
                            stop = True
                            break
                        jobs.append(job_or_none)
                        self._work(connection, job_or_none)
                break
            except OperationalError as error:
                # only the database's own state brings us here: see _work
                log.warning("database not writable", error=type(error.orig).__name__, jobs=len(jobs))
                if time.monotonic() > patience:
                    for job in jobs:
                        job.error = error
                    break
                time.sleep(0.2)
            except Exception as error:  # a commit that failed otherwise: nobody may believe their work is kept
                log.exception("commit failed", jobs=len(jobs))
                for job in jobs:
                    job.error = error
                break
        GROUPED.observe(len(jobs))
        self._committed()
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(_tell, jobs)
        return stop

    def _work(self, connection: Any, job: Job) -> None:
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


def _tell(jobs: list[Job]) -> None:
    for job in jobs:
        if job.future.done():
            continue  # whoever waited has gone; the work is done all the same
        if job.error is not None:
            job.future.set_exception(job.error)
        else:
            job.future.set_result(job.result)
