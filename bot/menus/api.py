"""The platforms' set-up calls: short questions and orders, one after the other, for a command that somebody watches."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Self
from urllib.parse import quote

import httpx

from bot.commands.failed import Failed

SECONDS = 20.0
LONGEST_REASON = 300  # letters of what a platform says is wrong


def _body(answer: httpx.Response) -> dict[str, Any]:
    try:
        body = answer.json() if answer.content else {}
    except ValueError:
        body = {}
    if not isinstance(body, dict):
        body = {}
    if answer.status_code == 401:
        raise Failed("LINE_CHANNEL_ACCESS_TOKEN: LINE refuses it; set the one of the LINE Developers Console")
    if answer.status_code >= 400:
        details = [f"{one.get('property')}: {one.get('message')}" for one in body.get("details", ())]
        why = "; ".join([str(body.get("message", "")), *details]).strip("; ")
        raise Failed(f"LINE: {answer.status_code} {why[:LONGEST_REASON]}")
    return body


class Api:
    """A platform's calls over one connection, closed after a `with` block."""

    platform = ""

    def __init__(self, headers: Mapping[str, str] = MappingProxyType({})) -> None:
        self._client = httpx.Client(headers=headers, timeout=SECONDS)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def ask(self, method: str, url: str, **more: Any) -> httpx.Response:
        """One call.

        :raises Failed: there is no answer. Its text leaves the address out, which may hold a token.
        """
        try:
            return self._client.request(method, url, **more)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise Failed(f"{self.platform}: no answer ({type(error).__name__}); try again later") from None


class LineApi(Api):
    """LINE's rich menu calls. `dry`: nothing is sent but questions."""

    platform = "LINE"

    def __init__(self, base: str, data_base: str, token: str, *, dry: bool = False) -> None:
        self._base, self._data_base, self._dry = base.rstrip("/"), data_base.rstrip("/"), dry
        super().__init__({"authorization": f"Bearer {token}"})

    def get(self, path: str, missing: dict[str, Any] | None = None) -> dict[str, Any]:
        """Ask; `missing` is the answer where LINE knows of nothing there.

        :raises Failed: LINE refuses or does not answer.
        """
        answer = self.ask("GET", self._base + path)
        if answer.status_code == 404 and missing is not None:
            return missing
        return _body(answer)

    def post(self, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Order something; a dry run orders nothing and gets {}.

        :raises Failed: LINE refuses or does not answer.
        """
        if self._dry:
            return {}
        return _body(self.ask("POST", self._base + path, json=body))

    def delete(self, path: str) -> None:
        """Delete something; what is gone already is fine.

        :raises Failed: LINE refuses or does not answer.
        """
        if not self._dry:
            answer = self.ask("DELETE", self._base + path)
            if answer.status_code != 404:
                _body(answer)

    def has_picture(self, menu_id: str) -> bool:
        """Whether a menu's picture was uploaded.

        :raises Failed: LINE refuses or does not answer.
        """
        answer = self.ask("GET", self._content(menu_id))
        if answer.status_code not in (200, 404):
            _body(answer)
        return answer.status_code == 200

    def upload(self, menu_id: str, picture: bytes) -> None:
        """Give a menu its picture, a PNG.

        :raises Failed: LINE refuses or does not answer.
        """
        if not self._dry:
            headers = {"content-type": "image/png"}
            _body(self.ask("POST", self._content(menu_id), headers=headers, content=picture))

    def _content(self, menu_id: str) -> str:
        return f"{self._data_base}/v2/bot/richmenu/{quote(menu_id, safe='')}/content"


class TelegramApi(Api):
    """Telegram's methods. `dry`: nothing is called but what begins with get."""

    platform = "Telegram"

    def __init__(self, base: str, token: str, *, dry: bool = False) -> None:
        super().__init__()
        self._address, self._dry = f"{base.rstrip('/')}/bot{token}", dry

    def call(self, method: str, **asked: Any) -> Any:
        """The result of a method; None for an order of a dry run.

        :raises Failed: Telegram refuses or does not answer.
        """
        if self._dry and not method.startswith("get"):
            return None
        answer = self.ask("POST", f"{self._address}/{method}", json=asked)
        try:
            body = answer.json()
        except ValueError:
            body = {}
        if isinstance(body, dict) and body.get("ok"):
            return body.get("result")
        if answer.status_code in (401, 404):
            raise Failed("TELEGRAM_BOT_TOKEN: Telegram refuses it; set the one that @BotFather gave")
        why = str(body.get("description", "")) if isinstance(body, dict) else ""
        raise Failed(f"Telegram: {method}: {answer.status_code} {why[:LONGEST_REASON]}".rstrip())
