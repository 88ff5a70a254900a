"""A machine's ear: any service that answers like OpenAI's `POST /audio/transcriptions`.

https://platform.openai.com/docs/api-reference/audio/createTranscription (whisper.cpp, faster-whisper-server and vLLM
answer the same). Nothing is sent anywhere unless its address is set.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

import structlog

from bot.suffixes import SUFFIXES

if TYPE_CHECKING:
    import httpx

TRIES = 3
FIRST_WAIT = 1.0  # seconds, doubled at each try
CONNECT, ANSWER = 5.0, 60.0  # seconds; a minute of speech takes a small machine half of one
LARGEST = 20 * 1024 * 1024  # bytes; the service's own limit is 25 MB
LONGEST = 4000  # letters of an answer: eight minutes of speech
ANSWER_BYTES = 1024 * 1024
LATER = (401, 403, 404, 408, 409, 425, 429)  # not the voice's fault: a key, an address, a crowd
SERVICE_SAYS = MappingProxyType({"video/quicktime": "mp4"})  # iPhones' sound, which services know by this ending only

log = structlog.get_logger()


class Unheard(Exception):
    """It could not be heard. `again` true: the service is in trouble, later it may."""

    def __init__(self, reason: str, *, again: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.again = again


@dataclass(frozen=True, slots=True)
class Transcriber:
    """A service at an address such as https://host/v1."""

    url: str
    key: str
    model: str
    first_wait: float = FIRST_WAIT
    answer_within: float = ANSWER

    async def hear(self, data: bytes, media_type: str) -> str:
        """The words of a voice note in Thai; '' when there are none.

        :raises Unheard: the service does not answer after three tries, or does not take it.
        """
        import httpx  # noqa: PLC0415  # a tenth of a second, which most installations need not spend

        if len(data) > LARGEST:
            raise Unheard("bigger than 20 MB", again=False)
        timeout = httpx.Timeout(self.answer_within, connect=CONNECT)
        async with httpx.AsyncClient(timeout=timeout, trust_env=False) as client:
            for number in range(TRIES):
                try:
                    return await self._ask(client, data, media_type)
                except Unheard as failure:
                    if not failure.again or number == TRIES - 1:
                        raise
                await asyncio.sleep(self.first_wait * 2**number)
        raise AssertionError("the last try returns or raises")

    async def _ask(self, client: httpx.AsyncClient, data: bytes, media_type: str) -> str:
        import httpx  # noqa: PLC0415  # is loaded

        headers = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        ending = SERVICE_SAYS.get(media_type) or SUFFIXES.get(media_type, "bin")
        files = {"file": (f"voice.{ending}", data, media_type)}
        fields = {"model": self.model, "language": "th", "response_format": "json"}
        try:
            async with (
                asyncio.timeout(self.answer_within + CONNECT),
                client.stream(
                    "POST", f"{self.url}/audio/transcriptions", headers=headers, data=fields, files=files
                ) as answer,
            ):
                body = bytearray()
                async for chunk in answer.aiter_bytes():
                    body += chunk
                    if len(body) > ANSWER_BYTES:
                        raise Unheard("the answer is too long", again=False)
        except (httpx.HTTPError, TimeoutError) as error:
            raise Unheard(f"no answer: {type(error).__name__}", again=True) from None
        if answer.status_code != 200:
            again = answer.status_code in LATER or answer.status_code >= 500
            raise Unheard(f"answered {answer.status_code}", again=again)
        try:
            said = httpx.Response(200, content=bytes(body)).json()
        except ValueError:
            raise Unheard("the answer is no JSON", again=True) from None
        text = said.get("text") if isinstance(said, dict) else None
        if not isinstance(text, str):
            raise Unheard("the answer has no text", again=False)
        return " ".join(text.split())[:LONGEST]
