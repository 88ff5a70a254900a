"""Reading a request's body, within bounds."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.types import Receive

from bot.channels.base import Refused


async def read_body(headers: Mapping[str, str], receive: Receive, limit: int) -> bytes:
    """The raw body.

    :raises Refused: 413 as soon as it is longer than `limit` bytes, whatever its headers say; 400 when it breaks off.
    """
    length = headers.get("content-length", "")
    if length.isdigit() and int(length) > limit:
        raise Refused(413, "the body is too large")
    chunks, size, more = [], 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Refused(400, "the body broke off")
        chunk, more = message.get("body", b""), message.get("more_body", False)
        size += len(chunk)
        if size > limit:
            raise Refused(413, "the body is too large")
        chunks.append(chunk)
    return b"".join(chunks)
