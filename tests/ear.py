"""A stand-in for a service that transcribes: the wire of OpenAI's `POST /audio/transcriptions`."""

from __future__ import annotations

from email import message_from_bytes
from email.policy import HTTP
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tests.peer import Peer

KEY = "a-key-of-the-ear"


class EarPeer(Peer):
    """Hears what the script's `hears` says; `accepted` holds the fields and the file of each request that it took."""

    def __init__(self, hears: str = "น้ำไม่ไหล") -> None:
        super().__init__()
        self.scripted["hears"] = hears

    async def answer(self, request: Request, path: str, body: bytes) -> Response:
        """Answer as the service does: other paths, keys and forms are refused."""
        if path != "/v1/audio/transcriptions" or request.method != "POST":
            return JSONResponse({"error": {"message": "Not found"}}, 404)
        if request.headers.get("authorization") != f"Bearer {KEY}":
            return JSONResponse({"error": {"message": "Incorrect API key provided"}}, 401)
        sent = fields(request.headers.get("content-type", ""), body)
        if not sent.get("model") or not sent.get("file"):
            return JSONResponse({"error": {"message": "Missing required parameter"}}, 400)
        self.accepted.append(sent)
        return JSONResponse({"text": self.scripted["hears"]})


def fields(content_type: str, body: bytes) -> dict[str, Any]:
    """The parts of a form; a file's part is its name, type and bytes."""
    form = message_from_bytes(f"Content-Type: {content_type}\r\n\r\n".encode() + body, policy=HTTP)
    found: dict[str, Any] = {}
    for part in form.iter_parts():
        content = part.get_payload(decode=True)
        data = content if isinstance(content, bytes) else b""
        name = str(part.get_param("name", header="content-disposition"))
        file = part.get_filename()
        found[name] = (file, part.get_content_type(), data) if file else data.decode()
    return found
