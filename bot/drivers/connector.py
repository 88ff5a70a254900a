"""Procrastinate's connection to a server that may go away: the worker waits until it is back, with its jobs in hand.

Without this it would end its jobs after some seconds, be they just between sending and noting that they have sent.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from typing import Any, LiteralString, TypeVar

import structlog
from procrastinate import PsycopgConnector
from procrastinate.connector import Notify
from procrastinate.exceptions import AppNotOpen, ConnectorException
from procrastinate.sql import queries

from bot.drivers import jobs
from storage.trouble import in_words, is_passing, state_of

T = TypeVar("T")
PAUSE = 0.5  # seconds between two tries
LAST = 1.0  # seconds for which a connection is waited for once the process is to end
UNKNOWN_JOB = "P0001"  # what Procrastinate's function raises for a job that ended already
SIGNS = (queries["update_heartbeat"], queries["fetch_job"])  # what goes well when all is well

log = structlog.get_logger()


class PatientConnector(PsycopgConnector):
    """Tries again what fails because of the server's state.

    A statement whose answer was lost may have been done all the same. Those of a worker may be done twice, but for
    two: a job that ended is not there any more; and one that was fetched unheard would be held for ever by a worker
    that does not know of it, so it is let go.
    """

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.patient = True
        self.trouble = ""  # what stands in the way, in words; '' when nothing does
        self.held: set[int] = set()  # jobs that the worker knows to be its own

    def give_up(self) -> None:
        """Wait no more, because the process ends."""
        self.patient = False
        with suppress(AppNotOpen):
            self.pool.timeout = LAST

    async def execute_query_async(self, query: LiteralString, **arguments: Any) -> None:
        """Run a statement.

        :raises ConnectorException: it failed, and not because of the server's state; or patience was ended.
        """

        async def once(first: bool) -> None:
            try:
                await super(PatientConnector, self).execute_query_async(query, **arguments)
            except ConnectorException as error:
                ending = query == queries["finish_job"]
                if first or not ending or state_of(error.__cause__ or error) != UNKNOWN_JOB:
                    raise

        await self._patiently(query, once)
        if query == queries["finish_job"]:
            self.held.discard(arguments["job_id"])

    async def execute_query_one_async(self, query: LiteralString, **arguments: Any) -> dict[str, Any]:
        """The row that a statement gives; `ConnectorException` as above."""
        fetching = query == queries["fetch_job"]

        async def once(first: bool) -> dict[str, Any]:
            if fetching and not first:
                given = {"worker_id": arguments["worker_id"], "held": list(self.held)}
                await super(PatientConnector, self).execute_query_async(jobs.LET_GO, **given)
            row: dict[str, Any] = await super(PatientConnector, self).execute_query_one_async(query, **arguments)
            return row

        row = await self._patiently(query, once)
        if fetching and row["id"] is not None:
            self.held.add(row["id"])
        return row

    async def execute_query_all_async(self, query: LiteralString, **arguments: Any) -> list[dict[str, Any]]:
        """The rows that a statement gives; `ConnectorException` as above."""
        return await self._patiently(
            query, lambda _: super(PatientConnector, self).execute_query_all_async(query, **arguments)
        )

    async def listen_notify(self, on_notification: Notify, channels: Iterable[str]) -> None:
        """Listen until cancelled; what was not heard meanwhile is found by looking."""
        await self._patiently(
            "", lambda _: super(PatientConnector, self).listen_notify(on_notification, list(channels))
        )

    async def _patiently(self, query: str, once: Callable[[bool], Awaitable[T]]) -> T:
        """`once` is told whether it is the first try."""
        first = True
        while True:
            try:
                done = await once(first)
            except ConnectorException as error:
                cause = error.__cause__ or error
                if not self.patient or not is_passing(cause):
                    raise
                if not self.trouble:
                    log.warning("no jobs are fetched", reason=in_words(cause))
                self.trouble = in_words(cause)
            else:
                if query in SIGNS:
                    self.trouble = ""
                return done
            first = False
            await asyncio.sleep(PAUSE)
