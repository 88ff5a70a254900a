"""The Telegram channel: the Bot API, by webhook or long polling, behind the house's `Channel`."""

from __future__ import annotations

import hmac
import json
import logging
import mimetypes
import warnings
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from bot.channels import telegram_failures, telegram_messages, telegram_updates
from bot.channels.base import Envelope, Fetched, FetchFailed, Parcel, Refused, SendFailed
from handlers.messages import Incoming, Reply

if TYPE_CHECKING:
    import telegram
    from telegram.request import HTTPXRequest

API_BASE = "https://api.telegram.org"
MAX_MEDIUM_BYTES = telegram_updates.MAX_MEDIUM_BYTES
# One of those that bots may give (https://core.telegram.org/bots/api#reactiontypeemoji): folded hands thank, and are
# in their place under bad news too.
NOD = "\U0001f64f"
_UPDATES = ["message", "edited_message", "callback_query", "my_chat_member"]


class TelegramChannel:
    """Telegram, as a `Channel`.

    :param webhook_secret: what Telegram repeats in its header; without one every webhook request is refused.
    :param public_url: the https address of our web door, for links to our own pages and for pictures by address.
    :param files: gives the bytes of one of our own signed paths, so that pictures and files are uploaded and need
        no public address; None for a path that is no more.
    :param clock: the time (aware) of a tap, for which Telegram tells none.
    :param timeout: seconds to wait for an answer.
    """

    name = telegram_updates.NAME
    acknowledges = True

    def __init__(
        self,
        *,
        token: str,
        api_base: str = API_BASE,
        webhook_secret: str = "",
        public_url: str | None = None,
        files: Callable[[str], Awaitable[Fetched | None]] | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        timeout: float = 10.0,
    ) -> None:
        self._token = token
        self._api_base = api_base.rstrip("/")
        self._webhook_secret = webhook_secret
        https = public_url is not None and public_url.startswith("https://")
        self._public_url = public_url.rstrip("/") if https and public_url else ""
        self._files = files
        self._clock = clock
        self._timeout = timeout
        before = token.partition(":")[0]
        self._bot_id = int(before) if before.isdigit() else 0
        self._username = ""
        self._bot: telegram.Bot | None = None
        self._polls: HTTPXRequest | None = None

    async def open(self) -> None:
        """Make the client and ask for our own name, by which groups address us; called once inside the running loop.

        Where Telegram does not answer now, the name is asked for again with the updates: other channels go on.

        :raises SendFailed: Telegram refuses the token.
        """
        import telegram  # noqa: PLC0415  # a third of a second
        from telegram.request import HTTPXRequest  # noqa: PLC0415
        from telegram.warnings import PTBDeprecationWarning  # noqa: PLC0415

        # httpx logs every address, which holds the token; the library logs texts and answers.
        for noisy, level in (("httpx", logging.WARNING), ("httpcore", logging.WARNING), ("telegram", logging.CRITICAL)):
            logging.getLogger(noisy).setLevel(level)
        # The library's RetryAfter warns in its own constructor about a type that is read here in both forms.
        warnings.filterwarnings("ignore", ".*retry_after.*", PTBDeprecationWarning)
        request = HTTPXRequest(
            connection_pool_size=32,
            connect_timeout=5.0,
            read_timeout=self._timeout,
            write_timeout=10.0,
            pool_timeout=5.0,
        )
        self._polls = HTTPXRequest(
            connection_pool_size=1, connect_timeout=5.0, read_timeout=self._timeout, pool_timeout=5.0
        )
        self._bot = telegram.Bot(
            self._token,
            base_url=f"{self._api_base}/bot",
            base_file_url=f"{self._api_base}/file/bot",
            request=request,
            get_updates_request=self._polls,
        )
        try:
            await self._learn_name()
        except SendFailed as failed:
            if failed.failure == "never":
                await self.close()
                raise

    async def close(self) -> None:
        """Close the client."""
        bot, self._bot = self._bot, None
        if bot is not None:
            # Not `Bot.shutdown`, which does nothing after a failed `initialize`.
            await bot.request.shutdown()
        if self._polls is not None:
            await self._polls.shutdown()

    def accept(self, headers: Mapping[str, str], body: bytes) -> list[Envelope]:
        """Verify a webhook request and wrap its update.

        :raises Refused: 401 for a missing or wrong secret, 400 for a body that is no update.
        """
        given = headers.get("x-telegram-bot-api-secret-token", "")
        same = hmac.compare_digest(given.encode("utf-8", "replace"), self._webhook_secret.encode())
        if not (self._webhook_secret and same):
            raise Refused(401, "no or wrong secret")
        try:
            update = json.loads(body)
        except (ValueError, RecursionError):
            raise Refused(400, "no JSON") from None
        if not isinstance(update, dict) or not isinstance(update.get("update_id"), int):
            raise Refused(400, "no update")
        return self._envelopes([update])

    async def updates(self, offset: int | None, wait: float) -> tuple[list[Envelope], int | None]:
        """Ask for updates by long polling, for at most `wait` seconds; gives envelopes and the next offset.

        Asking with the next offset tells Telegram to forget these: the caller makes them durable first. Update ids
        restart at random after a quiet week, so the offset never serves to tell what was seen before.

        :raises SendFailed: no updates could be had; "never" where the token is refused or another poller is at work.
        """
        from telegram.error import TelegramError  # noqa: PLC0415  # loaded by `open`

        await self._learn_name()
        # Not `Bot.get_updates`: one update that its models do not take would stop all that follow.
        asked = {"timeout": int(wait), "allowed_updates": json.dumps(_UPDATES)} | (
            {} if offset is None else {"offset": offset}
        )
        url = f"{self._api_base}/bot{self._token}/getUpdates?{urlencode(asked)}"
        try:
            result: Any = await self._open_polls().post(url, read_timeout=wait + self._timeout)
        except TelegramError as error:
            raise telegram_failures.translate(error) from None
        updates = [update for update in result if isinstance(update, dict)]
        return self._envelopes(updates), (int(updates[-1]["update_id"]) + 1 if updates else offset)

    def read(self, payload: bytes) -> Incoming | None:
        """Read one update; None for a kind that we do not know or have no use for."""
        return telegram_updates.read(payload, self._bot_id, self._username, self._clock())

    def pack(self, replies: Sequence[Reply]) -> list[tuple[Reply, ...]]:
        """Divide replies into single messages: a call of the Bot API sends one."""
        return telegram_messages.pack(replies, self._public_url, lambda _: bool(self._files or self._public_url))

    async def send(self, parcel: Parcel) -> None:
        """Send the one message of a packed parcel.

        :raises SendFailed: Telegram did not take it, or nobody knows whether it did.
        """
        from telegram.error import ChatMigrated, TelegramError  # noqa: PLC0415  # loaded by `open`

        (reply,) = parcel.replies
        try:
            try:
                await self._send(parcel.chat, reply)
            except ChatMigrated as moved:  # nothing was sent: the group has a new id
                await self._send(str(moved.new_chat_id), reply)
        except TelegramError as error:
            # Without the cause: its text may hold the token, which is a part of every address.
            raise telegram_failures.translate(error) from None

    async def acknowledge(self, payload: bytes) -> None:
        """Stop the waiting sign on a tapped button; nod to what is said to us in a group.

        Never raises: the event itself is safe already.
        """
        query, said = telegram_updates.callback_id(payload), telegram_updates.said_in_group(payload)
        try:
            if query:
                await self._open_bot().answer_callback_query(query)
            elif said:
                await self._open_bot().set_message_reaction(*said, reaction=NOD)
        except Exception as error:  # an ornament must not stop the message
            logging.getLogger(__name__).info("not acknowledged: %s", type(error).__name__)

    async def fetch(self, ref: str) -> Fetched:
        """Get a medium's bytes, 20 MB at most; the media type is told by the file's name.

        :raises FetchFailed: Telegram does not answer (again), has it no longer, or it is too big.
        """
        from telegram.error import BadRequest, Forbidden, InvalidToken, TelegramError  # noqa: PLC0415

        try:
            file = await self._open_bot().get_file(ref)
            if (file.file_size or 0) > MAX_MEDIUM_BYTES:
                raise FetchFailed("bigger than 20 MB", again=False, why="big")
            data = bytes(await file.download_as_bytearray(read_timeout=60.0))
        except (BadRequest, Forbidden, InvalidToken) as error:  # an unknown id, 404
            big = "too big" in str(error)
            reason = "bigger than 20 MB" if big else f"Telegram: {type(error).__name__}"
            raise FetchFailed(reason, again=False, why="big" if big else "gone") from None
        except TelegramError as error:
            raise FetchFailed(f"Telegram: {type(error).__name__}", again=True) from None
        if len(data) > MAX_MEDIUM_BYTES:
            raise FetchFailed("bigger than 20 MB", again=False, why="big")
        return Fetched(data, mimetypes.guess_type(file.file_path or "")[0] or "")

    async def set_webhook(self, url: str) -> None:
        """Have Telegram post updates to an https address; waiting ones are delivered there.

        :raises SendFailed: Telegram refuses it or does not answer.
        """
        await self._learn_name()
        await self._ask(
            self._open_bot().set_webhook(
                url, secret_token=self._webhook_secret, allowed_updates=_UPDATES, drop_pending_updates=False
            )
        )

    async def delete_webhook(self) -> None:
        """Go back to long polling; waiting updates are kept.

        :raises SendFailed: Telegram refuses it or does not answer.
        """
        await self._ask(self._open_bot().delete_webhook(drop_pending_updates=False))

    async def _learn_name(self) -> None:
        if not self._username:
            bot = self._open_bot()
            await self._ask(bot.initialize())
            self._bot_id, self._username = bot.id, bot.username

    async def _send(self, chat: str, reply: Reply) -> None:
        import telegram  # noqa: PLC0415  # loaded by `open`

        bot, text = self._open_bot(), telegram_messages.html(reply)
        lines = [
            [telegram.InlineKeyboardButton(k.label, callback_data=k.data or None, url=k.url or None) for k in line]
            for line in telegram_messages.keyboard(reply, self._public_url)
        ]
        markup = telegram.InlineKeyboardMarkup(lines) if lines else None
        if reply.image or reply.file:
            content = await self._attachment(reply.image or reply.file)
            if content is not None and reply.image:
                await bot.send_photo(chat, content, caption=text or None, parse_mode="HTML", reply_markup=markup)
                return
            if content is not None:
                await bot.send_document(chat, content, caption=text or None, parse_mode="HTML", reply_markup=markup)
                return
        if text:
            preview = telegram.LinkPreviewOptions(is_disabled=True)
            await bot.send_message(chat, text, parse_mode="HTML", reply_markup=markup, link_preview_options=preview)

    async def _attachment(self, path: str) -> telegram.InputFile | str | None:
        from telegram import InputFile  # noqa: PLC0415  # loaded by `open`

        if self._files is None:
            return self._public_url + path
        found = await self._files(path)
        if found is None:
            return None
        name = PurePosixPath(path).name
        if "." not in name:
            name += mimetypes.guess_extension(found.media_type) or ""
        return InputFile(found.data, filename=name)

    async def _ask(self, call: Awaitable[object]) -> None:
        from telegram.error import TelegramError  # noqa: PLC0415  # loaded by `open`

        try:
            await call
        except TelegramError as error:
            raise telegram_failures.translate(error) from None

    def _envelopes(self, updates: Sequence[dict[str, Any]]) -> list[Envelope]:
        found = (telegram_updates.envelope(update, self._bot_id, self._username) for update in updates)
        return [envelope for envelope in found if envelope is not None]

    def _open_bot(self) -> telegram.Bot:
        if self._bot is None:
            raise RuntimeError("the channel is not open")
        return self._bot

    def _open_polls(self) -> HTTPXRequest:
        if self._polls is None:
            raise RuntimeError("the channel is not open")
        return self._polls
