"""The LINE channel: LINE's webhook and Messaging API behind the house's `Channel`."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from bot.channels import line_events, line_failures, line_messages
from bot.channels.base import Envelope, Fetched, FetchFailed, Parcel, Refused, SendFailed
from bot.channels.line_menus import Menus
from handlers.messages import Incoming, Reply

API_BASE = "https://api.line.me"
DATA_API_BASE = "https://api-data.line.me"
MAX_MEDIUM_BYTES = 20_000_000
_CONNECT_SECONDS = 4.0
_MEDIUM_SECONDS = 60.0


class LineChannel:
    """LINE, as a `Channel`.

    :param public_url: the https address of our web door; without one pictures and links to our own pages are left out,
        because LINE shows nothing else.
    :param timeout: seconds for one call, the connection included; the SDK alone would wait for five minutes.
    """

    name = line_events.NAME
    acknowledges = False

    def __init__(
        self,
        *,
        channel_secret: str,
        access_token: str,
        api_base: str = API_BASE,
        data_api_base: str = DATA_API_BASE,
        public_url: str | None = None,
        timeout: float = 10.0,
    ) -> None:
        from linebot.v3.webhook import SignatureValidator  # type: ignore[import-untyped]  # noqa: PLC0415  # half a second

        self._validator = SignatureValidator(channel_secret)
        self._access_token = access_token
        self._api_base = api_base.rstrip("/")
        self._data_api_base = data_api_base.rstrip("/")
        https = public_url is not None and public_url.startswith("https://")
        self._public_url = public_url.rstrip("/") if https and public_url else ""
        self._seconds = timeout
        self._clients: list[Any] = []
        self._menus = Menus()
        self._messaging: Any = None
        self._data: Any = None
        self._timeout: Any = None
        self._medium_timeout: Any = None

    async def open(self) -> None:
        """Make the SDK's clients, one for each of LINE's two addresses; called once inside the running loop."""
        import aiohttp  # noqa: PLC0415  # comes with the SDK
        from linebot.v3.messaging import (  # type: ignore[import-untyped]  # noqa: PLC0415  # 0.75 s and 73 MB
            AsyncApiClient,
            AsyncMessagingApi,
            Configuration,
        )

        # At debug level the SDK logs whole answers, media included.
        logging.getLogger("linebot").setLevel(logging.WARNING)
        messaging, data = (
            AsyncApiClient(Configuration(host=host, access_token=self._access_token))
            for host in (self._api_base, self._data_api_base)
        )
        self._clients = [messaging, data]
        self._messaging = AsyncMessagingApi(messaging)
        self._data = data
        self._timeout = aiohttp.ClientTimeout(total=self._seconds, sock_connect=_CONNECT_SECONDS)
        self._medium_timeout = aiohttp.ClientTimeout(total=_MEDIUM_SECONDS, sock_connect=_CONNECT_SECONDS)

    async def close(self) -> None:
        """Close the clients."""
        clients, self._clients = self._clients, []
        for client in clients:
            await client.close()

    def accept(self, headers: Mapping[str, str], body: bytes) -> list[Envelope]:
        """Verify a webhook request and cut it into envelopes.

        :raises Refused: 401 for a missing or wrong signature, 400 for a body that is not LINE's JSON.
        """
        signature = headers.get("x-line-signature")
        if not signature:
            raise Refused(401, "no signature")
        try:
            text = body.decode()
            genuine = self._validator.validate(text, signature)
        except UnicodeError:  # the SDK signs text only, and LINE sends nothing else
            genuine = False
        if not genuine:
            raise Refused(401, "wrong signature")
        try:
            events = json.loads(text)["events"]
        except (ValueError, KeyError, TypeError, RecursionError):
            raise Refused(400, "no JSON with events") from None
        if not isinstance(events, list):
            raise Refused(400, "events are not a list")
        return [envelope for event in events if (envelope := line_events.envelope(event)) is not None]

    def read(self, payload: bytes) -> Incoming | None:
        """Read one event; None for a type that we do not know or have no use for."""
        return line_events.read(payload)

    def pack(self, replies: Sequence[Reply]) -> list[tuple[Reply, ...]]:
        """Divide replies into what one call carries: five message objects, every text and bubble within its limit."""
        menus = [(reply,) for reply in replies if reply.silent and reply.menu]
        return [*line_messages.pack([reply for reply in replies if not reply.silent], self._public_url), *menus]

    async def send(self, parcel: Parcel) -> None:
        """Send a packed parcel, free with its reply token if it has one, else as a push under its retry key.

        :raises SendFailed: LINE did not take it, or nobody knows whether it did.
        """
        messages = line_messages.render(parcel.replies, self._public_url)
        if messages:
            await self._send(parcel, messages)
        for menu in [reply.menu for reply in parcel.replies if reply.menu][-1:]:
            given = await self._menus.give(self._messaging, parcel.chat, menu, self._timeout)
            if not given and not messages:
                raise SendFailed("again", "menu not linked")

    async def _send(self, parcel: Parcel, messages: list[dict[str, Any]]) -> None:
        # Built before the call: a model's complaint from here on can only be about LINE's answer.
        if parcel.reply_token:
            from linebot.v3.messaging import ReplyMessageRequest  # noqa: PLC0415  # loaded by `open`

            reply = ReplyMessageRequest.from_dict({"replyToken": parcel.reply_token, "messages": messages})
            await self._call(self._messaging.reply_message(reply, _request_timeout=self._timeout), push=False)
            return
        from linebot.v3.messaging import PushMessageRequest  # noqa: PLC0415  # loaded by `open`

        push = PushMessageRequest.from_dict({"to": parcel.chat, "messages": messages})
        key = parcel.retry_key
        call = self._messaging.push_message(push, x_line_retry_key=key, _request_timeout=self._timeout)
        await self._call(call, push=True)

    async def acknowledge(self, payload: bytes) -> None:
        """Nothing waits to be told."""

    async def fetch(self, ref: str) -> Fetched:
        """Get a medium's bytes, 20 MB at most.

        :raises FetchFailed: LINE still prepares it or does not answer (again), or has it no longer, or it is too big.
        """
        from aiohttp import ClientError  # noqa: PLC0415  # comes with the SDK

        # Not the SDK's `get_message_content`: it hides the 202 and reads any size into memory.
        url = f"{self._data_api_base}/v2/bot/message/{quote(ref, safe='')}/content"
        try:
            answer = await self._data.rest_client.get_request(
                url,
                headers=dict(self._data.default_headers),
                _preload_content=False,
                _request_timeout=self._medium_timeout,
            )
            async with answer:
                if answer.status != 200:
                    again = answer.status in (202, 408, 429) or answer.status >= 500
                    raise FetchFailed(f"LINE answered {answer.status}", again=again)
                data = bytearray()
                async for chunk in answer.content.iter_chunked(65_536):
                    data += chunk
                    if len(data) > MAX_MEDIUM_BYTES:
                        answer.close()
                        raise FetchFailed("bigger than 20 MB", again=False, why="big")
        except (ClientError, TimeoutError, OSError) as error:
            raise FetchFailed(f"no answer from LINE: {type(error).__name__}", again=True) from None
        return Fetched(bytes(data), answer.content_type if "Content-Type" in answer.headers else "")

    async def quota(self) -> tuple[int | None, int]:
        """The month's limit of paid messages (None: no limit) and how many are used.

        :raises SendFailed: LINE did not answer or refuses our credentials.
        """
        limit = await self._call(self._messaging.get_message_quota(_request_timeout=self._timeout), push=True)
        used = await self._call(
            self._messaging.get_message_quota_consumption(_request_timeout=self._timeout), push=True
        )
        return getattr(limit, "value", None), int(getattr(used, "total_usage", 0))

    async def _call(self, call: Any, *, push: bool) -> Any:
        from aiohttp import ClientError  # noqa: PLC0415  # comes with the SDK
        from linebot.v3.messaging.exceptions import ApiException  # type: ignore[import-untyped]  # noqa: PLC0415

        try:
            return await call
        except ApiException as error:
            refusal = error
        except (ClientError, TimeoutError, OSError) as error:
            raise line_failures.from_network(error) from None
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            # The SDK could not read the answer's body. An error answer hides in the context; else LINE said 2xx.
            if not isinstance(error.__context__, ApiException):
                return None
            refusal = error.__context__
        retry_after = refusal.headers.get("retry-after") if refusal.headers else None
        failed = line_failures.from_status(int(refusal.status or 0), _message(refusal.body), retry_after, push=push)
        if failed is not None:
            # Without the cause: its text holds the answer's body and headers.
            raise failed from None
        return None


def _message(body: Any) -> str:
    try:
        return str(json.loads(body)["message"])
    except (ValueError, KeyError, TypeError):
        return ""
