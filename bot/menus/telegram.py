"""Telegram's menu: the commands, what the bot says of itself, and the button that opens the commands.

Limits: https://core.telegram.org/bots/api#setmycommands (100 commands of 32 letters, descriptions 256),
#setmydescription (512), #setmyshortdescription (120).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.menus.api import TelegramApi
from handlers.texts import Texts

# The wishes' own names: a slash before one is read as its word, in whatever language the person speaks.
COMMANDS = ("new", "status", "help", "data", "forum", "queue", "digest")
# Telegram's code of a language and ours; '' is everybody whose language has no menu of its own.
LANGUAGES = (("", "th"), ("th", "th"), ("en", "en"))


def commands(texts: Texts, lang: str) -> list[dict[str, str]]:
    """The commands of a language as Telegram takes them."""
    return [{"command": name, "description": texts.say(lang, f"menu.command_{name}")} for name in COMMANDS]


def install(api: TelegramApi, texts: Texts, say: Callable[[str], None]) -> None:
    """Bring Telegram to our menu; only what differs is changed. `say` is told each step.

    :raises Failed: Telegram refuses something or does not answer.
    """
    for code, lang in LANGUAGES:
        shown = code or "everybody else"
        own = {"language_code": code} if code else {}
        wanted = commands(texts, lang)
        _bring(api, "MyCommands", own, {"commands": wanted}, api.call("getMyCommands", **own) == wanted, shown, say)
        for name, field, key in (
            ("MyDescription", "description", "menu.about"),
            ("MyShortDescription", "short_description", "menu.about_short"),
        ):
            text = texts.say(lang, key)
            found = (api.call(f"get{name}", **own) or {}).get(field, "")
            _bring(api, name, own, {field: text}, found == text, shown, say)
    found = (api.call("getChatMenuButton") or {}).get("type")
    _bring(api, "ChatMenuButton", {}, {"menu_button": {"type": "commands"}}, found == "commands", "everybody", say)


def _bring(
    api: TelegramApi,
    name: str,
    own: dict[str, str],
    wanted: dict[str, Any],
    same: bool,
    shown: str,
    say: Callable[[str], None],
) -> None:
    say(f"{name} ({shown}): {'unchanged' if same else 'set'}")
    if not same:
        api.call(f"set{name}", **own, **wanted)
