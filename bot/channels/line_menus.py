"""Giving a person the rich menu of their role, found by the alias that `setup-line` keeps."""

from __future__ import annotations

from typing import Any

import structlog

from bot.menus.layout import DEFAULT, alias_of
from handlers.messages import Menu

log = structlog.get_logger()


class Menus:
    """Links menus to people; an ornament, which must not fail the message that it comes with."""

    def __init__(self) -> None:
        self._ids: dict[str, str] = {}  # by role; asked for once

    async def give(self, messaging: Any, user: str, menu: Menu, within: Any) -> bool:
        """Link a role's menu to a LINE user; that of villagers is the account's default and needs no link.

        Returns whether nothing is left to do, be it that LINE refuses it for good; it raises nothing.

        :param messaging: the SDK's messaging API.
        :param within: the time-out of each call, as the SDK takes it.
        """
        if not user.startswith(
            "U"
        ):  # a group has no menu: https://developers.line.biz/en/docs/messaging-api/using-rich-menus/
            return True
        try:
            if menu == DEFAULT:
                await messaging.unlink_rich_menu_id_from_user(user, _request_timeout=within)
                return True
            known = menu in self._ids
            linked = await self._link(messaging, user, menu, within)
            if linked or not known:
                return linked
            del self._ids[menu]  # `setup-line` has replaced it meanwhile
            return await self._link(messaging, user, menu, within)
        except Exception as error:  # the platform's, the network's or the SDK's: the words have arrived
            log.info("menu not linked", channel="line", menu=menu, error=type(error).__name__)
            return not _may_pass(error)

    async def _link(self, messaging: Any, user: str, menu: str, within: Any) -> bool:
        from linebot.v3.messaging.exceptions import ApiException  # type: ignore[import-untyped]  # noqa: PLC0415

        if menu not in self._ids:
            found = await messaging.get_rich_menu_alias(alias_of(menu), _request_timeout=within)
            self._ids[menu] = found.rich_menu_id
        try:
            await messaging.link_rich_menu_id_to_user(user, self._ids[menu], _request_timeout=within)
        except ApiException as error:
            if error.status == 404:
                return False
            raise
        return True


def _may_pass(error: Exception) -> bool:
    """Whether the same may go well later: LINE or the network is in trouble."""
    from aiohttp import ClientError  # noqa: PLC0415  # loaded with the SDK, not with this module

    status = getattr(error, "status", None)
    return isinstance(error, (OSError, TimeoutError, ClientError)) or status == 429 or (status or 0) >= 500
