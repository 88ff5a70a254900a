"""One writer with group commit: many pieces of work, each in a savepoint of its own, share one durable commit."""

from __future__ import annotations

import asyncio
import sqlite3
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

from storage import trouble
from storage.database import in_transaction

T = TypeVar("T")
FIRST, LATER, LAST = range(3)
BATCH = 64  # pieces of work in one commit
LONGEST = 0.02  # seconds of work in one commit, so that nobody waits long for a batch
GRACE = 20.0  # seconds a locked or full database is waited for before the work is handed back as failed

PAUSE = 0.2  # seconds between two tries

log = structlog.get_logger()
GROUPED = Histogram("sansiang_commit_group", "Pieces of work that shared a commit", buckets=(1, 2, 5, 10, 25, 50, 64))


class Undone(OperationalError):
    """A piece of work ended as if all were well, but the transaction around it is gone with its neighbours' work.

    SQLite undoes a whole transaction by itself when the disk is full or fails.
    """

    def __init__(self) -> None:
        super().__init__("", None, sqlite3.OperationalError("the transaction is gone"))


def is_passing(error: BaseException) -> bool:
    """Whether it is the database's state, and not this piece of work, that stands in the way."""
    return isinstance(error, Undone) or trouble.is_passing(error)


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

    def __init__(
        self,
        engine: Engine,
        sessions: sessionmaker[Session],
        committed: Callable[[], None],
        grace: float = GRACE,
    ) -> None:
        """`committed` is told, in the thread, after each commit and before anybody hears of it.

        `grace` is the seconds for which a database that cannot be written is waited for.
        """
        self._engine, self._sessions, self._committed, self._grace = engine, sessions, committed, grace
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
                done = self._batch(connection, jobs)
                for job in jobs[done:]:
                    self._put(job)

    def _gather(self, first: Job) -> list[Job]:
        """What waits already, prepared, as far as it may share the next commit.

        What goes first shares it with its like only, and preparing ends in time for it: a platform waits at the door.
        """
        deadline = time.monotonic() + LONGEST
        jobs = [first]
        _prepare(first)
        while len(jobs) < BATCH and time.monotonic() < deadline and not self._queue.empty():
            rank, job = self._queue.get()
            if job is None or rank[0] != first.rank[0]:
                self._queue.put((rank, job))
                break
            _prepare(job)
            jobs.append(job)
        return jobs

    def _batch(self, connection: Connection, jobs: list[Job]) -> int:
        """Do as many pieces of work as fit in the time, in one transaction; returns how many are settled.

        Where the transaction fails, one of them may be what it fails at: each is then done by itself, so that the
        innocent are kept, until all are kept or the database's state has been waited for long enough.
        """
        patience = time.monotonic() + self._grace
        while True:
            try:
                return self._commit(connection, jobs)
            except Exception as error:
                log.warning("not committed", error=trouble.name_of(error), jobs=len(jobs))
                if not trouble.is_locked(error):
                    break  # else it is nobody's fault among those who share a commit: one by one would only wait longer
                if time.monotonic() > patience:
                    return self._settle([_failed(job, error) for job in jobs])
                time.sleep(PAUSE)
        left = jobs
        while left := [job for job in left if not self._alone(connection, job, patience)]:
            time.sleep(PAUSE)
        return len(jobs)

    def _alone(self, connection: Connection, job: Job, patience: float) -> bool:
        """Do one piece of work in a transaction of its own; whether it is settled, be it as failed."""
        try:
            self._commit(connection, [job])
        except Exception as error:  # nobody may believe that their work is kept
            if is_passing(error) and time.monotonic() < patience:
                return False
            log.warning("a piece of work failed at its commit", error=trouble.name_of(error))
            self._settle([_failed(job, error)])
        return True

    def _commit(self, connection: Connection, jobs: list[Job]) -> int:
        """Do work in one transaction, as much as fits in the time; returns how much of it is settled.

        :raises OperationalError: the database's own state stands in the way, and all is undone.
        """
        deadline = time.monotonic() + LONGEST
        done = 0
        try:
            with connection.begin():
                for job in jobs:
                    self._work(connection, job)
                    done += 1
                    if time.monotonic() > deadline:
                        break
        except BaseException:
            connection.connection.rollback()  # SQLite leaves a transaction open whose commit a constraint refused
            raise
        return self._settle(jobs[:done])

    def _settle(self, jobs: list[Job]) -> int:
        GROUPED.observe(len(jobs))
        self._committed()
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(tell, jobs)
        return len(jobs)

    def _work(self, connection: Connection, job: Job) -> None:
        if job.before is not None:
            return  # what was to come before it failed, and that is its error
        job.error = None
        session = self._sessions(bind=connection, join_transaction_mode="create_savepoint")
        try:
            job.result = job.work(session)
            session.commit()
        except BaseException as error:
            session.rollback()
            if is_passing(error):
                raise
            job.error = error
        finally:
            session.close()
        if not in_transaction(connection):
            raise Undone


def _prepare(job: Job) -> None:
    if job.before is None:
        return
    try:
        job.before()
    except Exception as error:
        job.error = error
    else:
        job.before = None


def _failed(job: Job, error: Exception) -> Job:
    job.error = error
    return job


def tell(jobs: list[Job]) -> None:
    """Let those who wait hear what became of their pieces of work; called in their loop."""
    for job in jobs:
        if job.future.done():
            continue  # whoever waited has gone; the work is done all the same
        if job.error is not None:
            job.future.set_exception(job.error)
        else:
            job.future.set_result(job.result)
