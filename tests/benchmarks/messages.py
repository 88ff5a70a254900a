"""How many messages a second go the whole way: from rows that wait to replies handed over and settled."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.app import House, make_house
from bot.channels.base import Envelope, Fetched, FetchFailed, Parcel
from bot.clock import now
from bot.drivers.local import LocalDriver
from bot.letters import dump_incoming, load_incoming
from bot.pipeline import Pipeline
from bot.settings import Settings
from handlers.messages import Incoming, Reply
from storage import inbox, outbox
from storage.database import upgrade
from tests.benchmarks.bare_messages import handle_all
from tests.benchmarks.measure import Measure
from tests.benchmarks.script import load_script

PERSONS = 200
SHARE, LEAST = 0.5, 500.0
CHANNEL = "bench"
BEGAN = datetime(2026, 5, 4, 8, tzinfo=UTC)


class CountingChannel:
    """A channel whose events are our own and whose platform only counts."""

    name = CHANNEL
    acknowledges = False

    def __init__(self) -> None:
        self.sent = 0

    async def open(self) -> None:
        """Nothing to open."""

    async def close(self) -> None:
        """Nothing to close."""

    def accept(self, headers: Mapping[str, str], body: bytes) -> list[Envelope]:
        """Nothing comes by the door."""
        del headers, body
        return []

    def read(self, payload: bytes) -> Incoming | None:
        """Read an event of our own."""
        return load_incoming(payload)

    def pack(self, replies: Sequence[Reply]) -> list[tuple[Reply, ...]]:
        """All replies of a message together, as on LINE."""
        return [tuple(replies)]

    async def send(self, parcel: Parcel) -> None:
        """Count."""
        del parcel
        self.sent += 1

    async def acknowledge(self, payload: bytes) -> None:
        """Nothing waits."""

    async def fetch(self, ref: str) -> Fetched:
        """Nothing to fetch.

        :raises FetchFailed: always.
        """
        raise FetchFailed(ref, again=False)


def said() -> list[Envelope]:
    """What the persons say, line by line, everybody's first line first."""
    return [
        Envelope(
            CHANNEL,
            f"{person}/{number}",
            f"chat-{person}",
            dump_incoming(
                Incoming(
                    channel=CHANNEL,
                    event_id=f"{person}/{number}",
                    chat=f"chat-{person}",
                    user=f"chat-{person}",
                    kind="message",
                    at=BEGAN + line.at,
                    text=line.text,
                    message_id=f"{person}/{number}",
                )
            ),
            f"{person}/{number}",
        )
        for number, line in enumerate(load_script())
        for person in range(PERSONS)
    ]


@contextmanager
def open_house() -> Iterator[House]:
    """A fresh database that serves one province."""
    with TemporaryDirectory() as folder:
        settings = Settings(_env_file=None, data_dir=Path(folder), provinces="chiang-rai")
        house = make_house(settings)
        upgrade(house.engine)
        yield house
        house.engine.dispose()


async def work_off(house: House, envelopes: Sequence[Envelope]) -> float:
    """Messages a second through the local driver, from its start to the last settled row."""
    channel, all_settled, steps = CountingChannel(), asyncio.Event(), Counter[str]()

    def step(name: str) -> None:
        steps[name] += 1
        if steps["send.settled"] == len(envelopes):
            all_settled.set()

    pipeline = Pipeline({CHANNEL: channel}, house.desk, step)
    with house.sessions.begin() as session:
        pipeline.receive(session, envelopes, BEGAN)
    driver = LocalDriver(house.engine, house.sessions, house.readers, pipeline, house.store, now)
    began = time.perf_counter()
    await driver.start()
    await all_settled.wait()
    rate = len(envelopes) / (time.perf_counter() - began)
    await driver.stop()
    with house.readers() as session:
        handled, sent = inbox.counts(session), outbox.counts(session)
    if handled != {"done": len(envelopes)} or sent != {(CHANNEL, "sent"): channel.sent}:
        raise RuntimeError(f"not every message was handled and answered: {handled}, {sent}")
    return rate


def measure(runs: int = 3) -> list[Measure]:
    """Messages a second, ours and the bare pipeline's in turn."""
    ours, limit = [], []
    envelopes = said()
    for _ in range(runs):
        with open_house() as house:
            limit.append(handle_all(house, envelopes))
        with open_house() as house:
            ours.append(asyncio.run(work_off(house, envelopes)))
    name = f"messages end to end, {len(envelopes)} of {PERSONS} persons"
    return [Measure(name, "messages/s", tuple(ours), tuple(limit), share=SHARE, bound=LEAST)]
