"""Stand-ins for LINE and Telegram on loopback, at the wire: they keep state, check what they get and fail when told.

In a test: `with LinePeer() as peer: ... peer.url`. In a process of its own, so that another may be killed:
`python -m tests.peers line --port 9001`; then GET /_log tells what was accepted, POST /_script tells how to fail.

A script is a JSON object; every key may be left out:
`fail` [{"path": part of the path, "status", "times", "body", "headers"}], `delay` seconds before every answer,
`drop` {"times", "accepted": whether the message counts before the connection breaks}, `age` seconds by which tokens
grow older; LINE: `quota`, `content` {id: {"status", "times", "data" (base64), "type"}}; Telegram: `updates` [...],
`blocked` [chat], `missing` [chat], `migrated` {chat: new chat}, `files` {file id: {"data" (base64), "path"}}.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import hashlib
import hmac
import json
import re
import time
import uuid
from collections.abc import Sequence
from email import message_from_bytes
from email.policy import HTTP
from html import unescape
from typing import Any
from urllib.parse import parse_qsl

import uvicorn
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tests.limits import line_faults, telegram_faults
from tests.peer import Peer
from tests.peer_menus import CommandShelf, MenuShelf

LINE_SECRET = "a-secret-of-the-line-channel"
LINE_TOKEN = "an-access-token-of-line"
TELEGRAM_TOKEN = "7000000001:a-token-of-the-telegram-bot"
BOT_NAME = "SanSiangBot"


class LinePeer(Peer):
    """LINE's Messaging API: reply tokens once and within a minute, retry keys remembered, quota, media."""

    def __init__(self) -> None:
        super().__init__()
        self.menus = MenuShelf()
        self._used_tokens: set[str] = set()
        self._retry_keys: dict[str, str] = {}
        self._quota: int | None = None
        self._content: dict[str, dict[str, Any]] = {}
        self._pushed = 0

    def told(self, told: dict[str, Any]) -> None:
        """Take `quota` and `content`."""
        self._quota = told.get("quota", self._quota)
        self._content.update(told.get("content", {}))

    async def answer(self, request: Request, path: str, body: bytes) -> Response:
        """Answer reply, push, quota, bot info, media and menus."""
        if request.headers.get("authorization") != f"Bearer {LINE_TOKEN}":
            return _line_error(401, "Authentication failed. Confirm that the access token is valid.")
        if path == "/v2/bot/message/reply":
            return self._reply(json.loads(body), request)
        if path == "/v2/bot/message/push":
            return self._push(json.loads(body), request)
        if path == "/v2/bot/message/quota":
            limited = {"type": "none"} if self._quota is None else {"type": "limited", "value": self._quota}
            return JSONResponse(limited)
        if path == "/v2/bot/message/quota/consumption":
            return JSONResponse({"totalUsage": self._pushed})
        if path == "/v2/bot/info":
            return JSONResponse({"userId": "U" + "b" * 32, "basicId": "@sansiang", "displayName": BOT_NAME})
        if match := re.fullmatch(r"/v2/bot/message/([^/]+)/content", path):
            return self._medium(match[1])
        if (found := self.menus.answer(request.method, path, body)) is not None:
            return found
        return _line_error(404, "Not found")

    def _reply(self, sent: dict[str, Any], request: Request) -> Response:
        token = str(sent.get("replyToken", ""))
        issued = re.fullmatch(r"rt\.(\d+)\.(.*)\.[0-9a-f]+", token)
        too_old = issued is not None and time.time() + self.scripted["age"] - int(issued[1]) / 1000 > 60
        if not token or token in self._used_tokens or too_old:
            return _line_error(400, "Invalid reply token")
        if "x-line-retry-key" in request.headers:
            return _line_error(400, "The retry key is not supported by this API")
        if faults := line_faults(sent.get("messages")):
            return _line_error(400, f"The request body has {len(faults)} error(s)", faults)
        self._used_tokens.add(token)
        return self._accept("reply", issued[2] if issued else "", sent["messages"], token=token)

    def _push(self, sent: dict[str, Any], request: Request) -> Response:
        key = request.headers.get("x-line-retry-key", "")
        if key in self._retry_keys:
            headers = {"x-line-accepted-request-id": self._retry_keys[key]}
            return JSONResponse({"message": "The retry key is already accepted"}, 409, headers)
        if faults := [*line_faults(sent.get("messages")), *([] if sent.get("to") else ["to"])]:
            return _line_error(400, f"The request body has {len(faults)} error(s)", faults)
        if self._quota is not None and self._pushed >= self._quota:
            return _line_error(429, "You have reached your monthly limit.")
        self._pushed += 1
        if key:
            self._retry_keys[key] = str(uuid.uuid4())
        return self._accept("push", sent["to"], sent["messages"], retry_key=key)

    def _accept(self, kind: str, chat: str, messages: list[dict[str, Any]], **more: str) -> Response:
        text = "\n".join(str(message.get("text") or message.get("altText") or "") for message in messages)
        self.accepted.append({"kind": kind, "chat": chat, "text": text, "messages": messages, **more})
        sent = [{"id": str(uuid.uuid4().int)[:18], "quoteToken": "q"} for _ in messages]
        return JSONResponse({"sentMessages": sent})

    def _medium(self, message_id: str) -> Response:
        medium = self._content.get(message_id)
        if medium is None:
            return _line_error(404, "Not found")
        if medium.get("status", 200) != 200 and medium.get("times", 1) > 0:
            medium["times"] = medium.get("times", 1) - 1
            return Response(status_code=medium["status"])
        return Response(base64.b64decode(medium.get("data", "")), media_type=medium.get("type", "image/jpeg"))


class TelegramPeer(Peer):
    """Telegram's Bot API: updates acknowledged by offset, sending with its refusals, files, the webhook's address."""

    def __init__(self) -> None:
        super().__init__()
        self.commands = CommandShelf()
        self.updates: list[dict[str, Any]] = []
        self.webhook: dict[str, str] = {}
        self._message_id = 1000

    def told(self, told: dict[str, Any]) -> None:
        """Take `updates`."""
        self.updates += told.get("updates", [])

    async def answer(self, request: Request, path: str, body: bytes) -> Response:
        """Answer a method, or a file's download."""
        if path.startswith(f"/file/bot{TELEGRAM_TOKEN}/"):
            wanted = path.removeprefix(f"/file/bot{TELEGRAM_TOKEN}/")
            files = self.scripted.get("files", {}).values()
            data = next((file["data"] for file in files if file["path"] == wanted), None)
            return _refusal(404, "Not Found") if data is None else Response(base64.b64decode(data))
        match = re.fullmatch(r"/bot([^/]+)/(\w+)", path)
        if match is None or match[1] != TELEGRAM_TOKEN:
            return _refusal(401, "Unauthorized")
        asked = {**dict(parse_qsl(request.url.query)), **_parameters(request.headers.get("content-type", ""), body)}
        method = match[2].lower()
        if method == "getupdates":
            return await self._get_updates(asked)
        if method.startswith("send"):
            return self._send(match[2], asked)
        if (found := self.commands.answer(match[2], asked)) is not None:
            return found
        if method == "getfile":
            file = self.scripted.get("files", {}).get(asked["file_id"])
            if file is None:
                return _refusal(400, "Bad Request: invalid file_id")
            if file.get("size", 0) > 20 * 1024 * 1024:
                return _refusal(400, "Bad Request: file is too big")
            size = file.get("size", len(base64.b64decode(file["data"])))
            return _result({"file_id": "f", "file_unique_id": "u", "file_size": size, "file_path": file["path"]})
        if method == "getme":
            named = {"first_name": "SanSiang", "username": BOT_NAME}
            return _result({"id": int(TELEGRAM_TOKEN.partition(":")[0]), "is_bot": True, **named})
        if method in ("setwebhook", "deletewebhook"):
            self.webhook = asked if method == "setwebhook" and asked.get("url") else {}
        elif method not in ("answercallbackquery", "setmessagereaction"):
            return _refusal(404, "Not Found: method not found")
        if method != "deletewebhook":
            self.accepted.append({"kind": match[2], "chat": "", "text": "", "parameters": asked})
        return _result(True)

    async def _get_updates(self, asked: dict[str, str]) -> Response:
        if self.webhook:
            return _refusal(409, "Conflict: can't use getUpdates method while webhook is active")
        offset = int(asked.get("offset", 0))
        self.updates = [update for update in self.updates if update["update_id"] >= offset]
        until = time.monotonic() + float(asked.get("timeout", 0))
        while not self.updates and time.monotonic() < until:  # noqa: ASYNC110  # filled from another thread
            await asyncio.sleep(0.01)
        return _result(self.updates[: int(asked.get("limit", 100))])

    def _send(self, method: str, asked: dict[str, str]) -> Response:
        chat = asked.get("chat_id", "")
        if chat in self.scripted.get("blocked", ()):
            return _refusal(403, "Forbidden: bot was blocked by the user")
        if chat in self.scripted.get("missing", ()):
            return _refusal(400, "Bad Request: chat not found")
        if moved := self.scripted.get("migrated", {}).get(chat):
            described = "Bad Request: group chat was upgraded to a supergroup chat"
            return _refusal(400, described, {"migrate_to_chat_id": moved})
        if fault := telegram_faults(method, asked):
            return _refusal(400, f"Bad Request: {fault}")
        text = unescape(re.sub(r"<[^>]*>", "", asked.get("text") or asked.get("caption") or ""))
        markup = json.loads(asked.get("reply_markup", "{}"))
        keyboard = markup.get("inline_keyboard", [])
        self.accepted.append({"kind": method, "chat": chat, "text": text, "keyboard": keyboard, "parameters": asked})
        self._message_id += 1
        whose = {"id": int(chat), "type": "private" if int(chat) > 0 else "supergroup"}
        return _result({"message_id": self._message_id, "date": int(time.time()), "chat": whose, "text": text})


def line_webhook(events: Sequence[dict[str, Any]], secret: str = LINE_SECRET) -> tuple[dict[str, str], bytes]:
    """Build LINE's request for events: signed headers (lower case) and body."""
    body = json.dumps({"destination": "U" + "b" * 32, "events": list(events)}, ensure_ascii=False).encode()
    return line_signed(body, secret), body


def line_signed(body: bytes, secret: str = LINE_SECRET) -> dict[str, str]:
    """Sign a body as LINE does."""
    signature = base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()
    return {"content-type": "application/json; charset=utf-8", "x-line-signature": signature}


def line_reply_token(chat: str = "", age: float = 0.0) -> str:
    """Make a reply token that the peer knows the age (seconds) and the chat of."""
    return f"rt.{int((time.time() - age) * 1000)}.{chat}.{uuid.uuid4().hex}"


def telegram_webhook(update: dict[str, Any], secret: str) -> tuple[dict[str, str], bytes]:
    """Build Telegram's request for an update: headers (lower case) and body."""
    return {"x-telegram-bot-api-secret-token": secret}, json.dumps(update, ensure_ascii=False).encode()


def _line_error(status: int, message: str, details: Sequence[str] = ()) -> Response:
    body: dict[str, Any] = {"message": message}
    if details:
        body["details"] = [{"message": "invalid", "property": detail} for detail in details]
    return JSONResponse(body, status)


def _result(result: Any) -> Response:
    return JSONResponse({"ok": True, "result": result})


def _refusal(code: int, description: str, parameters: dict[str, Any] | None = None) -> Response:
    body = {"ok": False, "error_code": code, "description": description}
    return JSONResponse(body | ({"parameters": parameters} if parameters else {}), code)


def _parameters(content_type: str, body: bytes) -> dict[str, str]:
    if content_type.startswith("application/json"):
        return dict(json.loads(body or b"{}"))
    if not content_type.startswith("multipart/"):
        return dict(parse_qsl(body.decode(), keep_blank_values=True))
    form = message_from_bytes(f"Content-Type: {content_type}\r\n\r\n".encode() + body, policy=HTTP)
    fields: dict[str, str] = {}
    for part in form.iter_parts():
        content = part.get_payload(decode=True)
        named = str(part.get_param("name", header="content-disposition"))
        filename = part.get_filename()
        data = content if isinstance(content, bytes) else b""
        fields[named] = f"{filename} ({len(data)} bytes)" if filename else data.decode()
    return fields


def main() -> None:
    """Serve one peer on a port of loopback until the process is ended."""
    parser = argparse.ArgumentParser(prog="python -m tests.peers")
    parser.add_argument("peer", choices=["line", "telegram"])
    parser.add_argument("--port", type=int, required=True)
    chosen = parser.parse_args()
    peer: Peer = LinePeer() if chosen.peer == "line" else TelegramPeer()
    uvicorn.run(peer.app, host="127.0.0.1", port=chosen.port, log_level="warning", ws="none", lifespan="off")


if __name__ == "__main__":
    main()
