"""The load: signed LINE webhooks over kept-open connections, from a process of its own, with as little work as can be.

`python -m tests.benchmarks.load PORT COUNT` sends COUNT requests as fast as they are answered; with `--rate N` N a
second. Prints one line of JSON: requests a second, the latencies p50 and p99 in ms, and when the first one was due as
seconds since 1970.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import secrets
import sys
import time
from collections import deque
from collections.abc import Callable, Sequence

import uvloop

from tests.benchmarks.script import load_script
from tests.peers import line_webhook

CONNECTIONS = 32
PERSONS = 200
BODY_AT = b"\r\n\r\n"
Answered = Callable[["Client", float], None]


def requests(count: int) -> deque[bytes]:
    """Whole HTTP requests, each a signed body with one text event that nobody sent before."""
    run = secrets.token_hex(4)
    said = [line.text for line in load_script()]
    return deque(_request(run, number, said[number // PERSONS % len(said)]) for number in range(count))


def _request(run: str, number: int, text: str) -> bytes:
    person = f"U{run}{number % PERSONS:024d}"
    event = {
        "type": "message",
        "mode": "active",
        "timestamp": int(time.time() * 1000),
        "source": {"type": "user", "userId": person},
        "webhookEventId": f"01{run}{number:016d}",
        "deliveryContext": {"isRedelivery": False},
        "replyToken": f"rt.{int(time.time() * 1000)}.{person}.{run}{number:08x}",
        "message": {"id": f"{run}{number}", "type": "text", "quoteToken": "q", "text": text},
    }
    headers, body = line_webhook([event])
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items() if name != "content-length")
    return f"POST /webhook/line HTTP/1.1\r\nhost: x\r\n{head}content-length: {len(body)}\r\n\r\n".encode() + body


def number_of(token: str) -> int:
    """The number of the event that came with a reply token, from 0."""
    return int(token[-8:], 16)


class Client(asyncio.Protocol):
    """One kept-open connection with one request under way at most."""

    def __init__(self, answered: Answered) -> None:
        self._answered = answered
        self._buffer = b""
        self._sent_at = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way out."""
        self.transport: asyncio.WriteTransport = transport  # type: ignore[assignment]

    def send(self, request: bytes, at: float) -> None:
        """Send; `at` is the moment from which the answer is waited for."""
        self._sent_at = at
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        """Take a piece of an answer."""
        self._buffer += data
        head, found, body = self._buffer.partition(BODY_AT)
        if not found or len(body) < int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0]):
            return
        if not head.startswith(b"HTTP/1.1 200"):
            sys.exit(f"not accepted: {head[:60]!r}")
        self._buffer = b""
        self._answered(self, time.perf_counter() - self._sent_at)


def percentiles(latencies: Sequence[float]) -> dict[str, float]:
    """p50 and p99 in ms, of seconds."""
    ordered = sorted(latencies)
    return {name: ordered[int(len(ordered) * part)] * 1000 for name, part in (("p50", 0.5), ("p99", 0.99))}


async def load(port: int, todo: deque[bytes], rate: float) -> tuple[float, list[float], float]:
    """Send all; returns requests a second, every latency in seconds, and when it began."""
    loop = asyncio.get_running_loop()
    count, latencies = len(todo), list[float]()
    finished = loop.create_future()
    idle: deque[Client] = deque()

    def answered(client: Client, seconds: float) -> None:
        latencies.append(seconds)
        if len(latencies) == count:
            finished.set_result(None)
        elif rate:
            idle.append(client)
        elif todo:
            client.send(todo.popleft(), time.perf_counter())

    for _ in range(CONNECTIONS):
        _, client = await loop.create_connection(lambda: Client(answered), "127.0.0.1", port)
        idle.append(client)
    began, at_first = time.perf_counter(), time.time()
    if rate:
        for number in range(count):
            at = began + number / rate
            await asyncio.sleep(max(0, at - time.perf_counter()))
            idle.popleft().send(todo.popleft(), at)
    else:
        for client in idle:
            client.send(todo.popleft(), time.perf_counter())
    await finished
    return count / (time.perf_counter() - began), latencies, at_first


def main() -> None:
    """Send, and print what came of it."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.load")
    parser.add_argument("port", type=int)
    parser.add_argument("count", type=int)
    parser.add_argument("--rate", type=float, default=0.0)
    chosen = parser.parse_args()
    rate, latencies, began = uvloop.run(load(chosen.port, requests(chosen.count), chosen.rate))
    sys.stdout.write(json.dumps({"rate": rate, "began": began} | percentiles(latencies)) + "\n")


if __name__ == "__main__":
    main()
