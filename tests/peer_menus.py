"""The menus' side of the platforms' stand-ins: what was set is kept, and what the platforms refuse is refused."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

from PIL import Image
from starlette.responses import JSONResponse, Response

from tests.limits import clusters, rich_menu_faults, units

OK = JSONResponse({})


def _not_found() -> Response:
    return JSONResponse({"message": "Not found"}, 404)


class MenuShelf:
    """LINE's rich menus: `menus` by id, `pictures`, `aliases`, `default`, and what each of `users` is linked to."""

    def __init__(self) -> None:
        self.menus: dict[str, dict[str, Any]] = {}
        self.pictures: dict[str, bytes] = {}
        self.aliases: dict[str, str] = {}
        self.users: dict[str, str] = {}
        self.default = ""
        self._made = 0

    def answer(self, method: str, path: str, body: bytes) -> Response | None:
        """Answer a call about menus; None for another."""
        routes: dict[str, Callable[..., Response]] = {
            r"GET /v2/bot/richmenu/list": self._list,
            r"POST /v2/bot/richmenu(/validate)?": self._make,
            r"GET /v2/bot/richmenu/([^/]+)/content": self._picture,
            r"POST /v2/bot/richmenu/([^/]+)/content": self._upload,
            r"GET /v2/bot/richmenu/alias/list": self._aliases,
            r"GET /v2/bot/richmenu/alias/([^/]+)": self._alias,
            r"POST /v2/bot/richmenu/alias(?:/([^/]+))?": self._set_alias,
            r"GET /v2/bot/user/all/richmenu": self._default,
            r"POST /v2/bot/user/(all|[^/]+)/richmenu/([^/]+)": self._link,
            r"DELETE /v2/bot/user/([^/]+)/richmenu": self._unlink,
            r"POST /v2/bot/richmenu/bulk/link": self._bulk,
            r"DELETE /v2/bot/richmenu/([^/]+)": self._delete,
        }
        for pattern, route in routes.items():
            if match := re.fullmatch(pattern, f"{method} {path}"):
                return route(body, *match.groups())
        return None

    def _list(self, _: bytes) -> Response:
        return JSONResponse({"richmenus": [{"richMenuId": key, **menu} for key, menu in self.menus.items()]})

    def _make(self, body: bytes, only_look: str | None) -> Response:
        menu = json.loads(body)
        if faults := rich_menu_faults(menu):
            details = [{"message": "invalid", "property": fault} for fault in faults]
            return JSONResponse({"message": "The request body has errors", "details": details}, 400)
        if only_look:
            return OK
        self._made += 1
        key = f"richmenu-{self._made:032x}"
        self.menus[key] = menu
        return JSONResponse({"richMenuId": key})

    def _picture(self, _: bytes, key: str) -> Response:
        return Response(self.pictures[key], media_type="image/png") if key in self.pictures else _not_found()

    def _upload(self, body: bytes, key: str) -> Response:
        if key not in self.menus:
            return _not_found()
        if key in self.pictures:
            return JSONResponse({"message": "An image has already been uploaded to the richmenu"}, 400)
        size = self.menus[key]["size"]
        if len(body) > 1024 * 1024 or Image.open(BytesIO(body)).size != (size["width"], size["height"]):
            return JSONResponse({"message": "The image size is invalid"}, 400)
        self.pictures[key] = body
        return OK

    def _aliases(self, _: bytes) -> Response:
        shown = [{"richMenuAliasId": alias, "richMenuId": key} for alias, key in self.aliases.items()]
        return JSONResponse({"aliases": shown})

    def _alias(self, _: bytes, alias: str) -> Response:
        if alias not in self.aliases:
            return _not_found()
        return JSONResponse({"richMenuAliasId": alias, "richMenuId": self.aliases[alias]})

    def _set_alias(self, body: bytes, alias: str | None) -> Response:
        told = json.loads(body)
        name = alias or told["richMenuAliasId"]
        if (alias is None) == (name in self.aliases) or told["richMenuId"] not in self.pictures:
            return JSONResponse({"message": "conflict richmenu alias id or no image"}, 400)
        self.aliases[name] = told["richMenuId"]
        return OK

    def _default(self, _: bytes) -> Response:
        return JSONResponse({"richMenuId": self.default}) if self.default else _not_found()

    def _link(self, _: bytes, user: str, key: str) -> Response:
        if key not in self.pictures:
            return _not_found()
        if user == "all":
            self.default = key
        else:
            self.users[user] = key
        return OK

    def _unlink(self, _: bytes, user: str) -> Response:
        self.users.pop(user, None)
        return OK

    def _bulk(self, body: bytes) -> Response:
        told = json.loads(body)
        if told["richMenuId"] not in self.pictures or not 1 <= len(told["userIds"]) <= 500:
            return JSONResponse({"message": "The request body has errors"}, 400)
        self.users.update(dict.fromkeys(told["userIds"], told["richMenuId"]))
        return JSONResponse({}, 202)

    def _delete(self, _: bytes, key: str) -> Response:
        if key not in self.menus:
            return _not_found()
        del self.menus[key]
        self.pictures.pop(key, None)
        self.users = {user: linked for user, linked in self.users.items() if linked != key}
        self.default = "" if self.default == key else self.default
        return OK


class CommandShelf:
    """Telegram's commands and descriptions by language, and the menu button."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], Any] = {}

    def answer(self, method: str, asked: dict[str, Any]) -> Response | None:
        """Answer a method about the menu; None for another."""
        match = re.fullmatch(r"(get|set)(MyCommands|MyDescription|MyShortDescription|ChatMenuButton)", method)
        if match is None:
            return None
        key = match[2], asked.get("language_code", "")
        if match[1] == "get":
            return JSONResponse({"ok": True, "result": self.kept.get(key, self._nothing(match[2]))})
        if fault := self._fault(match[2], asked):
            return JSONResponse({"ok": False, "error_code": 400, "description": f"Bad Request: {fault}"}, 400)
        fields = {name: value for name, value in asked.items() if name != "language_code"}
        only = {"MyCommands": "commands", "ChatMenuButton": "menu_button"}.get(match[2])
        self.kept[key] = fields[only] if only else fields
        return JSONResponse({"ok": True, "result": True})

    @staticmethod
    def _nothing(name: str) -> Any:
        empty = {"MyCommands": [], "MyDescription": {"description": ""}, "ChatMenuButton": {"type": "default"}}
        return empty.get(name, {"short_description": ""})

    @staticmethod
    def _fault(name: str, asked: dict[str, Any]) -> str:
        for one in asked.get("commands", ()):
            if not re.fullmatch(r"[a-z0-9_]{1,32}", one["command"]):
                return "BOT_COMMAND_INVALID"
            if not 1 <= units(one["description"]) <= 256:
                return "BOT_COMMAND_DESCRIPTION_INVALID"
        if clusters(asked.get("description", "")) > 512 or units(asked.get("short_description", "")) > 120:
            return f"{name} is too long"
        return ""
