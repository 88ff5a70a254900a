"""LINE's stand-in with a watch: when the answer to each event of the load came."""

from __future__ import annotations

import time

from starlette.requests import Request
from starlette.responses import Response

from tests.benchmarks.load import number_of
from tests.peers import LinePeer


class TimedLinePeer(LinePeer):
    """`answered` holds, by the event's number, when it was first answered: seconds since 1970."""

    def __init__(self) -> None:
        super().__init__()
        self.answered: dict[int, float] = {}

    async def answer(self, request: Request, path: str, body: bytes) -> Response:
        """Answer as LINE does, and look at the watch."""
        before = len(self.accepted)
        response = await super().answer(request, path, body)
        for said in self.accepted[before:]:
            if "token" in said:
                self.answered.setdefault(number_of(said["token"]), time.time())
        return response
