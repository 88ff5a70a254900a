"""What the Bot API's errors mean, in the house's few words."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.channels.base import SendFailed

if TYPE_CHECKING:
    from telegram.error import RetryAfter

# Beginnings of the Bot API's own descriptions; they hold no text of ours.
_GONE = ("chat not found", "user is deactivated", "bot was blocked", "bot was kicked", "group chat was deactivated")
_PEER_GONE = ("peer_id_invalid", "user_is_blocked", "have no rights to send", "chat_write_forbidden")


def translate(error: Exception) -> SendFailed:
    """Translate an error of python-telegram-bot.

    The order matters: `BadRequest` and `TimedOut` are `NetworkError`s, and only the cause under a `NetworkError`
    tells whether the request ever left.
    """
    import httpx  # noqa: PLC0415  # comes with the library
    from telegram import error as errors  # noqa: PLC0415  # a third of a second

    reason = f"Telegram: {type(error).__name__}"
    said = str(error).casefold()
    if isinstance(error, errors.RetryAfter):
        return SendFailed("again", f"{reason}: flood control", _seconds(error))
    if isinstance(error, errors.Forbidden):
        return SendFailed("blocked", reason)
    if isinstance(error, errors.BadRequest):
        gone = any(phrase in said for phrase in (*_GONE, *_PEER_GONE))
        return SendFailed("blocked" if gone else "never", f"{reason}: {_phrase(error)}")
    if isinstance(error, (errors.InvalidToken, errors.Conflict)):
        return SendFailed("never", reason)
    if isinstance(error, errors.NetworkError):
        cause = error.__cause__
        reason = f"{reason} ({type(cause).__name__})" if cause is not None else reason
        if isinstance(cause, (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)):
            return SendFailed("again", reason)
        if cause is None or isinstance(cause, errors.TelegramError):
            # An HTTP answer of another status: 5xx, a 429 without a time, or 413.
            return SendFailed("never" if "entity too large" in said else "again", f"{reason}: refused by the server")
    return SendFailed("unsure", reason)


def _phrase(error: Exception) -> str:
    """The description up to where it may begin to quote us, without numbers."""
    return re.sub(r"\d+", "#", re.split(r"[:\"'“]", str(error))[0])[:60]


def _seconds(error: RetryAfter) -> float:
    after = error.retry_after  # a number now, a timedelta in the library's next major version
    return after.total_seconds() if isinstance(after, timedelta) else float(after)
