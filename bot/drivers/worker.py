"""Procrastinate's worker in this process: kept at work through restarts of the server."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import structlog
from procrastinate import App, JobContext
from sqlalchemy import URL

from bot.drivers import jobs
from bot.drivers.connector import PatientConnector
from bot.drivers.patience import RETRY
from storage.database import POSTGRESQL
from storage.trouble import in_words

AT_ONCE = 48  # jobs at a time: most of a job is waiting for a platform
HEARTBEAT = 3.0  # seconds between two signs of life
POLL = 2.0  # seconds between two looks for jobs of which no notice came
PRUNE = 60.0  # seconds of silence after which a worker's own row is removed
OPENING = 5.0  # seconds: whoever finds no server at the first try is not told when there is one
RECONNECT = 2.0  # seconds after which a connection is tried anew: its pauses grow with each failure
GRACE = 5  # seconds that jobs under way are given to end when the process stops; after ten it may be killed

log = structlog.get_logger()
LookAfter = Callable[[JobContext, str], Awaitable[None]]


class Worker:
    """One worker for all queues: each listens, polls and gives signs of life, and idles at a cost."""

    def __init__(self, url: URL, tasks: Mapping[str, LookAfter], tidy: Callable[[], Awaitable[None]]) -> None:
        """`tasks`: by queue, what looks after a key; `tidy` is called each minute, by one of all processes."""
        own = {name: value for name, value in POSTGRESQL.items() if name not in url.query}
        own["options"] = f"{POSTGRESQL['options']} {jobs.PLANNING}"
        address = url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._connector = PatientConnector(
            conninfo=address, kwargs=own, min_size=1, max_size=6, timeout=5, reconnect_timeout=RECONNECT
        )
        self._app = App(connector=self._connector)
        self._queues = list(tasks)
        self._trouble = ""
        for queue, look_after in tasks.items():
            self._app.task(name=queue, queue=queue, pass_context=True)(_task(look_after))

        # Also what keeps Procrastinate's watch over its own helpers going: that ends with the first helper that ends,
        # as the one does that finds no periodic job to make.
        async def each_minute(timestamp: int) -> None:
            del timestamp
            await tidy()

        self._app.periodic(cron="* * * * *")(self._app.task(name="tidy", queue=jobs.CHATS)(each_minute))

    @property
    def trouble(self) -> str:
        """Why no jobs are fetched, in words; '' when they are."""
        return self._trouble or self._connector.trouble

    async def run(self) -> None:
        """Work until cancelled."""
        while self._connector.patient:
            try:
                async with asyncio.timeout(OPENING):
                    await self._app.open_async()
                self._trouble = ""
                await self._work()
            except asyncio.CancelledError:
                raise
            except Exception as error:  # also in place of a cancellation, when a worker cannot take its leave
                self._trouble = in_words(error.__cause__ or error)
                if self._connector.patient:
                    log.warning("worker stopped, and starts again", reason=self._trouble)
                    await asyncio.sleep(RETRY)
            finally:  # also of connections that were still being made
                await self._app.close_async()

    def give_up(self) -> None:
        """Wait no more for a server in trouble, because the process ends."""
        self._connector.give_up()

    async def _work(self) -> None:
        self._connector.held.clear()
        await self._app.run_worker_async(
            queues=self._queues,
            concurrency=AT_ONCE,
            delete_jobs="always",
            install_signal_handlers=False,
            fetch_job_polling_interval=POLL,
            update_heartbeat_interval=HEARTBEAT,
            stalled_worker_timeout=PRUNE,
            shutdown_graceful_timeout=GRACE,
        )
        raise Ended("one of its helpers ended")


class Ended(Exception):
    """The worker ended by itself."""


def _task(look_after: LookAfter) -> Callable[..., Awaitable[None]]:
    async def task(context: JobContext, *, key: str) -> None:
        await look_after(context, key)

    return task
