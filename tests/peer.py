"""What the platforms' stand-ins have in common: a server on loopback in a thread, a log, and a script of failures."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
from typing import Any, Self

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route


class Peer:
    """A stand-in. `accepted` holds what counts as sent, `calls` every path that was asked for."""

    def __init__(self) -> None:
        self.accepted: list[dict[str, Any]] = []
        self.calls: list[str] = []
        self.methods: list[str] = []  # of each call
        self.scripted: dict[str, Any] = {"fail": [], "delay": 0.0, "drop": {}, "age": 0.0}
        routes = [
            Route("/_log", self._log),
            Route("/_script", self._script, methods=["POST"]),
            Route("/{path:path}", self._serve, methods=["GET", "POST", "DELETE"]),
        ]
        self.app = Starlette(routes=routes)
        self.url = ""

    def __enter__(self) -> Self:
        listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        config = uvicorn.Config(self.app, log_config=None, log_level="critical", ws="none", lifespan="off")
        config.timeout_graceful_shutdown = 1
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [listener]}, daemon=True)
        self._thread.start()
        while not self._server.started:
            time.sleep(0.005)
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(10)

    def script(self, **told: Any) -> None:
        """Tell from the same process what POST /_script tells from another."""
        self.scripted.update(told)
        self.told(told)

    def told(self, told: dict[str, Any]) -> None:
        """Take the platform's own keys of a script."""

    async def answer(self, request: Request, path: str, body: bytes) -> Response:
        """Answer as the platform does."""
        raise NotImplementedError

    async def _serve(self, request: Request) -> Response:
        path, body = "/" + request.path_params["path"], await request.body()
        self.calls.append(path)
        self.methods.append(request.method)
        if self.scripted["delay"]:
            await asyncio.sleep(self.scripted["delay"])
        for failure in self.scripted["fail"]:
            if failure.get("times", 1) > 0 and failure.get("path", "") in path:
                failure["times"] = failure.get("times", 1) - 1
                content = failure.get("body", {"message": "scripted"})
                text = content if isinstance(content, str) else json.dumps(content)
                return Response(text, failure["status"], failure.get("headers", {}), "application/json")
        drop = self.scripted["drop"]
        if drop.get("times", 0) > 0:
            drop["times"] -= 1
            if drop.get("accepted", True):
                await self.answer(request, path, body)
            # No part of ASGI breaks a connection; uvicorn's own transport does.
            request.receive.__self__.transport.abort()  # type: ignore[attr-defined]
            await asyncio.sleep(0.02)
            return Response()
        return await self.answer(request, path, body)

    async def _log(self, _: Request) -> Response:
        return JSONResponse({"accepted": self.accepted, "calls": self.calls})

    async def _script(self, request: Request) -> Response:
        self.script(**await request.json())
        return JSONResponse({})
