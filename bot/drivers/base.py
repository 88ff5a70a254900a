"""The driver: the second of the house's two interfaces. It decides when and where the pipeline's calls run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from sqlalchemy.orm import Session

from bot.channels.base import Envelope

T = TypeVar("T")


class NotKept(Exception):
    """Events that cannot be kept, now or ever: sending them again changes nothing. Those beside them are kept."""


class Driver(Protocol):
    """What runs the pipeline. The rows are the truth: a driver may be killed anywhere and another may go on."""

    async def start(self, *, work: bool = True) -> None:
        """Take up what earlier runs left and go on until `stop`; without `work` only keep what comes in."""

    async def stop(self) -> None:
        """End what is under way and leave the rest to the next start."""

    async def receive(self, envelopes: Sequence[Envelope]) -> None:
        """Keep events; they are durable when this returns, and handled some time after.

        :raises NotKept: some of them are such that they can never be kept; the others are.
        """

    async def write(self, work: Callable[[Session], T]) -> T:
        """Do a piece of work in a transaction; it is durable when this returns."""

    async def read(self, work: Callable[[Session], T]) -> T:
        """Look something up, without waiting for writers."""

    async def alone(self, name: str) -> bool:
        """Whether this process is the one that does a thing that only one may do, such as asking for updates.

        The right lasts for some seconds: whoever has it asks again every two, and stops at the first no.
        """

    def trouble(self) -> str:
        """Why nothing can be taken in just now; '' when all is well."""
