"""Lanes: work in order within a key, and all keys side by side."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

import structlog

K = TypeVar("K")
T = TypeVar("T")

log = structlog.get_logger()


class Lanes(Generic[K, T]):
    """One queue a key, each worked off by a task of its own that lives while there is something in it.

    A long queue of one key therefore delays nobody else: every key has one piece of work under way at most.
    """

    def __init__(self, name: str, work: Callable[[T], Awaitable[None]]) -> None:
        self._name, self._work = name, work
        self._queues: dict[K, deque[T]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._closed = False

    def put(self, key: K, item: T) -> None:
        """Queue an item behind those of its key."""
        if self._closed:
            return  # its row is still there: the next start takes it up
        queue = self._queues.get(key)
        if queue is not None:
            queue.append(item)
            return
        self._queues[key] = deque([item])
        task = asyncio.get_running_loop().create_task(self._run(key))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    @property
    def busy(self) -> int:
        """How many items are queued or under way."""
        return sum(len(queue) for queue in self._queues.values())

    async def _run(self, key: K) -> None:
        queue = self._queues[key]
        while queue:
            try:
                await self._work(queue[0])
            except asyncio.CancelledError:
                raise
            except Exception:
                log.exception("lane work failed", lane=self._name)
            queue.popleft()
        del self._queues[key]

    async def close(self) -> None:
        """Stop taking items and drop what is queued: the rows behind it stay."""
        self._closed = True
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
