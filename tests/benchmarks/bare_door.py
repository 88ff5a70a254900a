"""The limit of the web door: Starlette, the signature, and one durable insert in group commit. Nothing else.

`python -m tests.benchmarks.bare_door PORT ADDRESS`, where the address is a database's, as `DATABASE_URL` takes it.
"""

from __future__ import annotations

import asyncio
import base64
import hmac
import sys
import threading
from queue import SimpleQueue

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from tests.benchmarks.bare_keeping import Body, open_keeper
from tests.peers import LINE_SECRET

Job = tuple[Body, asyncio.AbstractEventLoop, "asyncio.Future[None]"]
BATCH = 256


def keep_all(address: str, jobs: SimpleQueue[Job]) -> None:
    """Write bodies, as many as wait in one commit, for ever."""
    keep = open_keeper(address)
    while True:
        batch = [jobs.get()]
        while len(batch) < BATCH and not jobs.empty():
            batch.append(jobs.get())
        keep([body for body, _, _ in batch])
        batch[0][1].call_soon_threadsafe(_tell, [future for _, _, future in batch])


def _tell(futures: list[asyncio.Future[None]]) -> None:
    for future in futures:
        if not future.done():
            future.set_result(None)


def make_app(address: str) -> Starlette:
    """The application."""
    jobs: SimpleQueue[Job] = SimpleQueue()
    threading.Thread(target=keep_all, args=(address, jobs), daemon=True).start()
    secret = LINE_SECRET.encode()

    async def door(request: Request) -> Response:
        body = await request.body()
        digest = hmac.digest(secret, body, "sha256")
        if not hmac.compare_digest(base64.b64encode(digest).decode(), request.headers.get("x-line-signature", "")):
            return PlainTextResponse("wrong signature", 401)
        loop = asyncio.get_running_loop()
        future: asyncio.Future[None] = loop.create_future()
        jobs.put(((digest, body), loop, future))
        await future
        return PlainTextResponse("ok")

    async def ready(_request: Request) -> Response:
        return PlainTextResponse("ok")

    return Starlette(routes=[Route("/webhook/line", door, methods=["POST"]), Route("/readyz", ready)])


def main() -> None:
    """Serve as the program serves."""
    app = make_app(sys.argv[2])
    uvicorn.run(
        app,
        host="127.0.0.1",
        port=int(sys.argv[1]),
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        lifespan="off",
        ws="none",
    )


if __name__ == "__main__":
    main()
