"""Arrivals: what comes through the doors, written together, and each by itself where one of them spoils it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

import structlog
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from bot.channels.base import Envelope
from bot.drivers.base import NotKept
from storage.inbox import Waiting

TOGETHER = 200  # requests whose events are written by one statement

log = structlog.get_logger()
_Write = Callable[[Callable[[Session], list[Waiting]]], "asyncio.Future[list[Waiting]]"]
_Arrival = tuple[Sequence[Envelope], "asyncio.Future[None]"]  # a request's events and who waits for them to be kept


class Arrivals:
    """Writes what comes, in order: requests that come while others are being written are written after them."""

    def __init__(
        self,
        write: _Write,
        receive: Callable[[Session, Sequence[Envelope]], list[Waiting]],
        kept: Callable[[Sequence[Waiting]], None],
    ) -> None:
        """`write` does a piece of work before all that waits, because a platform that is not answered in time sends
        everything again; `receive` writes events and returns those that are new, `kept` is told of them once they are
        durable.
        """
        self._do_first, self._receive, self._kept = write, receive, kept
        self._waiting: list[_Arrival] = []
        self._writing = False
        self._tasks: set[asyncio.Task[None]] = set()
        self.trouble = ""  # the name of the database's error that the last arrivals met, '' when they were kept

    async def keep(self, envelopes: Sequence[Envelope]) -> None:
        """Keep a request's events; they are durable when this returns.

        :raises NotKept: some of them are such that they can never be kept; the others are.
        :raises DBAPIError: the database cannot take them now.
        """
        if not envelopes:
            return
        loop = asyncio.get_running_loop()
        future: asyncio.Future[None] = loop.create_future()
        self._waiting.append((envelopes, future))
        if not self._writing:
            self._writing = True
            loop.call_soon(self._write)
        await future

    async def stop(self) -> None:
        """Wait until what is being written one by one is settled."""
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _write(self) -> None:
        arrivals, self._waiting = self._waiting[:TOGETHER], self._waiting[TOGETHER:]
        written = self._do([envelope for envelopes, _ in arrivals for envelope in envelopes])
        written.add_done_callback(lambda done: self._written(done, arrivals))

    def _do(self, envelopes: Sequence[Envelope]) -> asyncio.Future[list[Waiting]]:
        return self._do_first(lambda session: self._receive(session, envelopes))

    def _written(self, done: asyncio.Future[list[Waiting]], arrivals: Sequence[_Arrival]) -> None:
        error = done.exception()
        if error is not None and not _is_the_databases(error):
            task = asyncio.get_running_loop().create_task(self._write_apart(arrivals))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
            return
        self.trouble = type(error).__name__ if error else ""
        for _, future in arrivals:
            _answer(future, error)
        self._go_on()
        if not error:
            self._kept(done.result())

    def _go_on(self) -> None:
        if self._waiting:
            self._write()
        else:
            self._writing = False

    async def _write_apart(self, arrivals: Sequence[_Arrival]) -> None:
        """One of the events cannot be written: each is written by itself, so that only that one is refused."""
        for envelopes, future in arrivals:
            refused: Exception | None = None
            for envelope in envelopes:
                try:
                    new = await self._do([envelope])
                except Exception as error:
                    if _is_the_databases(error):
                        self.trouble, refused = type(error).__name__, error
                        break
                    log.exception("event cannot be kept", channel=envelope.channel)
                    refused = NotKept(type(error).__name__)
                else:
                    self.trouble = ""
                    self._kept(new)
            _answer(future, refused)
        self._go_on()


def _is_the_databases(error: BaseException) -> bool:
    """Whether the database cannot take anything now, in contrast to one that refuses one of the events."""
    return isinstance(error, DBAPIError) and not isinstance(error, (DataError, IntegrityError))


def _answer(future: asyncio.Future[None], error: BaseException | None) -> None:
    if future.done():
        return  # whoever waited has gone
    if error is not None:
        future.set_exception(error)
    else:
        future.set_result(None)
