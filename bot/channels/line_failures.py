"""What LINE's answers and the network's errors mean, in the house's few words."""

from __future__ import annotations

from bot.channels.base import SendFailed

_CONFLICT = 409  # the retry key was seen before: LINE has the message already


def from_status(status: int, message: str, retry_after: str | None, *, push: bool) -> SendFailed | None:
    """Translate an HTTP answer other than 2xx; None where it means that LINE has the message.

    `message` is the "message" of the answer's body, `retry_after` its header.
    https://developers.line.biz/en/reference/messaging-api/#common-specifications
    """
    if status == _CONFLICT and push:
        return None
    reason = f"LINE answered {status}"
    if status == 429:
        # The month's quota and the rate limit share the code; only the text tells them apart.
        if "monthly limit" in message.lower():
            return SendFailed("quota", f"{reason}: monthly limit")
        return SendFailed("again", f"{reason}: rate limit", _seconds(retry_after))
    if status == 400 and "invalid reply token" in message.lower():
        return SendFailed("token", f"{reason}: invalid reply token")
    if status >= 500:
        # A repeated push carries its retry key; a reply that arrived all the same cannot be told from one that did not.
        return SendFailed("again" if push else "unsure", reason, _seconds(retry_after))
    return SendFailed("never", reason)


def from_network(error: Exception) -> SendFailed:
    """Translate an error of the HTTP client: only a connection that was never made is surely nothing sent."""
    from aiohttp import ClientConnectorError  # noqa: PLC0415  # loaded with the SDK, not with this module

    reason = f"no answer from LINE: {type(error).__name__}"
    return SendFailed("again" if isinstance(error, ClientConnectorError) else "unsure", reason)


def _seconds(header: str | None) -> float | None:
    try:
        return max(0.0, float(header)) if header else None
    except ValueError:
        return None
