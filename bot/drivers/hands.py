"""Hands: a few threads, each with a connection of its own, that do work in transactions of its own (PostgreSQL)."""

from __future__ import annotations

import asyncio
import math
import threading
import time
from collections.abc import Callable
from queue import SimpleQueue
from typing import TypeVar

import structlog
from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session, sessionmaker

from bot.drivers.writer import GRACE, PAUSE, Job, tell
from storage.trouble import is_locked, is_passing, name_of

T = TypeVar("T")
# A process that stands still in the middle of a transaction holds its rows: the server ends it before others despair.
STANDSTILL = 5.0  # seconds
LAST = 2.0  # seconds for which a database in trouble is waited for once the process is to end

log = structlog.get_logger()


class Hands:
    """Does pieces of work side by side, each in one transaction, as many at a time as there are threads.

    No two pieces share a commit: what each one locks is free again as soon as it is done, and the server groups the
    commits of several connections by itself.
    """

    def __init__(
        self,
        engine: Engine,
        sessions: sessionmaker[Session],
        committed: Callable[[], None],
        *,
        threads: int,
        grace: float = GRACE,
    ) -> None:
        """`committed` is told, in the thread, after each commit.

        `grace` is the seconds for which a database in trouble is waited for before the work is handed back as failed.
        """
        self._engine, self._sessions, self._committed, self._grace = engine, sessions, committed, grace
        self._queue: SimpleQueue[Job | None] = SimpleQueue()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._end = math.inf  # when patience ends with the process, in seconds of the monotonic clock
        self._threads = [threading.Thread(target=self._run, name=f"hand-{n}", daemon=True) for n in range(threads)]

    def start(self) -> None:
        """Start the threads; called inside the running loop."""
        self._loop = asyncio.get_running_loop()
        for thread in self._threads:
            thread.start()

    def do(self, work: Callable[[Session], T], *, before: Callable[[], None] | None = None) -> asyncio.Future[T]:
        """Do a piece of work; the future is done when it is durable, or when what it raised is undone.

        `before` is its share that needs no database: it runs while no transaction is open.
        """
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._queue.put(Job(work, future, (0, 0), before))
        return future

    async def stop(self) -> None:
        """Finish what is queued, then end the threads."""
        self._end = time.monotonic() + LAST
        for _ in self._threads:
            self._queue.put(None)
        for thread in self._threads:
            await asyncio.to_thread(thread.join)

    def _run(self) -> None:
        connection: Connection | None = None
        while (job := self._queue.get()) is not None:
            connection = self._patiently(connection, job)
            if self._loop is not None and not self._loop.is_closed():
                self._loop.call_soon_threadsafe(tell, [job])
        if connection is not None:
            connection.close()

    def _patiently(self, connection: Connection | None, job: Job) -> Connection | None:
        """Do a piece of work; what the database's state undoes is done again until patience ends."""
        patience = time.monotonic() + self._grace
        while True:
            try:
                if job.before is not None:
                    job.before()
                    job.before = None
                connection = connection or self._connect()
                self._once(connection, job)
            except Exception as error:
                job.error = error
                if not is_passing(error) or time.monotonic() > min(patience, self._end):
                    return connection
                log.warning("not committed", error=name_of(error))
                if connection is not None and not is_locked(error):
                    connection.invalidate()  # it may be broken: the next try makes a new one
                    connection.close()
                    connection = None
                time.sleep(PAUSE)
            else:
                job.error = None
                return connection

    def _connect(self) -> Connection:
        connection = self._engine.connect()
        connection.exec_driver_sql(f"SET idle_in_transaction_session_timeout = '{STANDSTILL}s'")
        connection.commit()
        return connection

    def _once(self, connection: Connection, job: Job) -> None:
        session = self._sessions(bind=connection)
        try:
            job.result = job.work(session)
            session.commit()
        except BaseException:
            session.rollback()
            raise
        finally:
            session.close()
        self._committed()
