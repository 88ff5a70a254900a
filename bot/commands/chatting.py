"""`chat`: the local channel in a terminal. Buttons are numbers."""

from __future__ import annotations

import io
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from bot.commands.failed import Failed

if TYPE_CHECKING:
    import httpx

    from bot.settings import Settings

SECONDS = 15.0  # the server itself waits for an answer for ten

Say = Callable[[str], object]


def address_of(settings: Settings) -> str:
    """Where a `run` with these settings listens."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104
    return f"http://[{host}]:{settings.port}" if ":" in host else f"http://{host}:{settings.port}"


def chat(address: str, user: str, lines: Iterable[str], say: Say) -> None:
    """Send every line as a message of `user` and say what comes back, until the lines end or one says goodbye.

    :raises Failed: no server answers, or it has no local channel.
    """
    import httpx  # noqa: PLC0415

    words = tomllib.loads(files("bot.commands").joinpath("words.toml").read_text("utf-8"))["chat"]
    # Never through a proxy: what is said here stays on this machine.
    with httpx.Client(base_url=address, timeout=SECONDS, trust_env=False) as client:
        heard = _last(client, user)
        say(words["hello"].format(user=user))
        buttons: list[dict[str, str]] = []
        for line in lines:
            said = line.strip()
            if said.casefold() in words["leave"]:
                return
            pressed = buttons[int(said) - 1] if _is_number(said, len(buttons)) else {"text": said}
            if url := pressed.get("url"):
                say(url)
            elif any(pressed.get(key) for key in ("text", "postback")):
                message = {"user": user} | {key: pressed[key] for key in ("text", "postback") if pressed.get(key)}
                replies = _ask(client, "POST", json=message)["replies"]
                seen = {reply["n"] for reply in replies}
                notices = [one for one in _new(client, user, heard) if one["n"] not in seen]
                shown = [*replies, *notices]
                heard = max([heard, *(one["n"] for one in shown)])
                if shown:
                    buttons = _show(shown, say)
                else:
                    say(words["later"])


def prompted() -> Iterator[str]:
    """Lines of stdin; on a terminal with a prompt before each."""
    words = tomllib.loads(files("bot.commands").joinpath("words.toml").read_text("utf-8"))["chat"]
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")
    while True:
        try:
            yield input(words["prompt"] if sys.stdin.isatty() else "")
        except EOFError:
            return


def _is_number(said: str, most: int) -> bool:
    return said.isascii() and said.isdigit() and len(said) < 5 and 1 <= int(said) <= most


def _show(replies: list[dict[str, Any]], say: Say) -> list[dict[str, str]]:
    """Say replies, their buttons numbered through; returns the buttons."""
    buttons: list[dict[str, str]] = []
    for reply in replies:
        say("")
        say(reply["text"])
        for path in filter(None, (reply["image_url"], reply["file_url"])):
            say(path)
        rows = [row for row in (reply["card"] or {}).get("rows", []) if row.get("postback")]
        for button in [*rows, *reply["buttons"]]:
            buttons.append(button)
            say(f"  [{len(buttons)}] {button['label']}")
    return buttons


def _last(client: httpx.Client, user: str) -> int:
    """The number of the last thing that was said to a user."""
    return max((one["n"] for one in _new(client, user, 0)), default=0)


def _new(client: httpx.Client, user: str, after: int) -> list[dict[str, Any]]:
    """Everything said to a user after a number, read in pages."""
    found: list[dict[str, Any]] = []
    while page := _ask(client, "GET", params={"user": user, "after": after})["messages"]:
        found += page
        after = page[-1]["n"]
    return found


def _ask(client: httpx.Client, method: str, **sent: Any) -> dict[str, Any]:
    import httpx  # noqa: PLC0415

    try:
        answer = client.request(method, "/local/messages", **sent)
        found = answer.json()
    except httpx.HTTPError:
        raise Failed(f"no server answers at {client.base_url}: start one with `python -m bot run`") from None
    except ValueError:
        found = {}
    if answer.status_code == 404:
        raise Failed(f"the server at {client.base_url} has no local channel: set LOCAL_CHANNEL=on and start it again")
    if answer.status_code != 200 or not isinstance(found, dict):
        raise Failed(f"the server at {client.base_url} refused: {found.get('error', answer.status_code)}")
    return found
