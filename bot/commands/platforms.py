"""Asking the platforms whether our tokens are good: a short question each, and no word of a token in the answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.commands.doctoring import Check
    from bot.settings import Settings

SECONDS = 5.0


class NoAnswer(Exception):
    """A platform said no, or nothing; the text says which."""


def _ask(url: str, headers: dict[str, str] | None = None) -> dict[str, Any]:
    import httpx  # noqa: PLC0415

    try:
        answer = httpx.get(url, headers=headers, timeout=SECONDS)
    except (httpx.HTTPError, httpx.InvalidURL) as error:  # its text may hold the address, which may hold a token
        raise NoAnswer(f"no answer ({type(error).__name__})") from None
    if answer.status_code in {401, 403, 404}:
        raise NoAnswer(f"the token is refused ({answer.status_code}): set the one of the platform's console")
    try:
        found = answer.json()
    except ValueError:
        found = None
    if answer.status_code != 200 or not isinstance(found, dict):
        raise NoAnswer(f"an answer that makes no sense ({answer.status_code})")
    return found


def line_checks(settings: Settings) -> Iterator[Check]:
    """LINE's token, and what is left of the month's pushes."""
    from bot.channels.line import API_BASE  # noqa: PLC0415
    from bot.commands.doctoring import Check  # noqa: PLC0415

    if not settings.line:
        return
    base = settings.line_api_base or API_BASE
    headers = {"authorization": f"Bearer {settings.line_channel_access_token.get_secret_value()}"}
    try:
        bot = _ask(f"{base}/v2/bot/info", headers)
        yield Check("LINE token", "ok", f"{bot.get('displayName', '')} {bot.get('basicId', '')}".strip())
        limit = _ask(f"{base}/v2/bot/message/quota", headers).get("value")
        used = int(_ask(f"{base}/v2/bot/message/quota/consumption", headers).get("totalUsage", 0))
    except NoAnswer as failure:
        yield Check("LINE token", "failure", str(failure))
        return
    if limit is None:
        yield Check("LINE quota", "ok", f"{used} pushes this month, no limit")
        return
    left = max(int(limit) - used, 0)
    yield Check("LINE quota", "warning" if left * 10 < int(limit) else "ok", f"{left} of {limit} pushes left")


def telegram_check(settings: Settings) -> Check:
    """Telegram's token."""
    from bot.channels.telegram import API_BASE  # noqa: PLC0415
    from bot.commands.doctoring import Check  # noqa: PLC0415

    base = settings.telegram_api_base or API_BASE
    try:
        bot = _ask(f"{base}/bot{settings.telegram_bot_token.get_secret_value()}/getMe").get("result") or {}
    except NoAnswer as failure:
        return Check("Telegram token", "failure", str(failure))
    return Check("Telegram token", "ok", f"@{bot.get('username', '')}")
