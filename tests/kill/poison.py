"""A pipeline for which some words are poison: their handling fails each time, or ends the process."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.app import House, driver_for
from bot.drivers.base import Driver
from bot.pipeline import Pipeline, Prepared
from handlers.messages import Incoming


class Poisoned(Exception):
    """What handling the words raises."""


@dataclass(frozen=True)
class PoisonedPipeline(Pipeline):
    """The pipeline, except for some words."""

    words: str = ""
    deadly: bool = False

    def prepare(self, incoming: Incoming | None) -> Prepared:
        """Understand an event's text.

        :raises Poisoned: it has the words.
        """
        if incoming is not None and self.words in incoming.text:
            if self.deadly:
                os.kill(os.getpid(), signal.SIGKILL)
            raise Poisoned
        return super().prepare(incoming)


def poisoned_driver(
    house: House, pipeline: Pipeline, clock: Callable[[], datetime], *, words: str, deadly: bool
) -> Driver:
    """The driver that goes with the house's database, for which `words` are poison."""
    poisoned = PoisonedPipeline(pipeline.channels, pipeline.desk, pipeline.step, pipeline.ear, words, deadly)
    return driver_for(house, poisoned, clock)
