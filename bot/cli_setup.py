"""The commands that put our menus below the platforms' chats."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import typer

from bot.commands.failed import Failed, one_line
from bot.commands.starting import say_line, start

DRY = typer.Option("--dry-run", help="Only ask the platform and say what would be done.")


def add_to(app: typer.Typer) -> None:
    """Let an application have these commands."""
    for command in (setup_line, setup_telegram):
        app.command()(command)


def setup_line(dry_run: Annotated[bool, DRY] = False) -> None:
    """Make LINE's rich menus for villagers, volunteers and staff, and give each person theirs."""
    from bot.app import make_house  # noqa: PLC0415
    from bot.channels.line import API_BASE, DATA_API_BASE  # noqa: PLC0415
    from bot.commands.opening import open_house  # noqa: PLC0415
    from bot.menus import line  # noqa: PLC0415
    from bot.menus.api import LineApi  # noqa: PLC0415

    settings = start()
    if not settings.line:
        raise Failed("LINE is not set: LINE_CHANNEL_SECRET and LINE_CHANNEL_ACCESS_TOKEN are needed")
    api = LineApi(
        settings.line_api_base or API_BASE,
        settings.line_data_api_base or DATA_API_BASE,
        settings.line_channel_access_token.get_secret_value(),
        dry=dry_run,
    )
    with one_line(), api:
        house = make_house(settings) if dry_run else open_house(settings)
        people = {} if dry_run else line.people_by_menu(house)
        line.install(api, line.wanted(house.desk), people, said(dry_run))


def setup_telegram(dry_run: Annotated[bool, DRY] = False) -> None:
    """Set Telegram's commands, in Thai and English, and what the bot says of itself."""
    from bot.channels.telegram import API_BASE  # noqa: PLC0415
    from bot.menus import telegram  # noqa: PLC0415
    from bot.menus.api import TelegramApi  # noqa: PLC0415
    from handlers.texts import load_texts  # noqa: PLC0415

    settings = start()
    if not settings.telegram:
        raise Failed("Telegram is not set: TELEGRAM_BOT_TOKEN is needed")
    token = settings.telegram_bot_token.get_secret_value()
    api = TelegramApi(settings.telegram_api_base or API_BASE, token, dry=dry_run)
    with api:
        telegram.install(api, load_texts(), said(dry_run))


def said(dry: bool) -> Callable[[str], None]:
    """How a step is told."""
    return lambda line: say_line(f"dry run: {line}" if dry else line)
