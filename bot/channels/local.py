"""The local channel: the page at /try, the terminal and the tests speak through it. A real channel, without a network.

Its events are our own `Incoming`s as JSON. What is said to a chat lies in the outbox; sending is marking it as said.
"""

from __future__ import annotations

import base64
import binascii
import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.channels.base import Envelope, Fetched, FetchFailed, Parcel, Refused, Why
from bot.cleaning import Unfit, clean_soon
from bot.letters import dump_incoming, load_incoming
from bot.media import Store
from handlers.desk import BANGKOK
from handlers.messages import Incoming, IncomingKind, Media, Origin, Pin, Reply

MAX_BODY = 30 * 1024 * 1024  # bytes
MAX_MEDIUM = 20 * 1024 * 1024  # bytes


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid")


class LocalPin(_Model):
    """A map pin, degrees."""

    lat: float = Field(ge=-90, le=90, allow_inf_nan=False)
    lng: float = Field(ge=-180, le=180, allow_inf_nan=False)
    label: str = Field("", max_length=500)
    accuracy: float | None = Field(None, ge=0, allow_inf_nan=False)  # metres


class LocalMedium(_Model):
    """A medium with its bytes."""

    kind: Literal["photo", "voice", "video", "file"] = "photo"
    name: str = Field("", max_length=200)
    data_base64: str = ""


class LocalMessage(_Model):
    """What `POST /local/messages` takes."""

    user: str = Field(min_length=1, max_length=64)
    event_id: str | None = Field(None, max_length=100)
    text: str = Field("", max_length=100_000)
    postback: str = Field("", max_length=300)
    location: LocalPin | None = None
    media: list[LocalMedium] = Field(default_factory=list, max_length=20)
    sticker: bool = False
    group: str | None = Field(None, max_length=64)
    forwarded_from: str | None = Field(None, max_length=100)
    unsend: str | None = Field(None, max_length=100)
    edit: str | None = Field(None, max_length=100)
    quotes: str | None = Field(None, max_length=100)
    album: str = Field("", max_length=100)
    follow: bool = False


class LocalChannel:
    """A channel for one machine."""

    name = "local"
    acknowledges = False

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        """`store` keeps the bytes of media from the moment they arrive, cleaned: no original touches the disk."""
        self._store, self._clock = store, clock

    async def open(self) -> None:
        """Nothing to open."""

    async def close(self) -> None:
        """Nothing to close."""

    def accept(self, headers: Mapping[str, str], body: bytes) -> list[Envelope]:
        """Take one message. The body is believed, because only this machine is let in.

        :raises Refused: 400 with what is wrong.
        """
        try:
            message = LocalMessage.model_validate_json(body)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            where = ".".join(str(part) for part in first["loc"])
            raise Refused(400, f"{where}: {first['msg']}" if where else first["msg"]) from None
        event_id = message.event_id or secrets.token_hex(8)
        media = tuple(self._medium(medium, message.album, at) for at, medium in enumerate(message.media))
        kind: IncomingKind = "message"
        if message.unsend:
            kind = "unsend"
        elif message.edit:
            kind = "edit"
        elif message.postback:
            kind = "postback"
        elif message.follow:
            kind = "follow"
        chat = message.group or message.user
        own_id = f"{message.user}/{event_id}"
        target = message.unsend or message.edit
        incoming = Incoming(
            channel=self.name,
            event_id=own_id,
            chat=chat,
            user=message.user,
            kind=kind,
            at=self._clock(),
            text=message.text,
            postback=message.postback,
            pin=Pin(**message.location.model_dump()) if message.location else None,
            media=media,
            sticker=message.sticker,
            message_id="" if target else own_id,
            target=f"{message.user}/{target}" if target else "",
            quotes=f"{message.user}/{message.quotes}" if message.quotes else "",
            group=bool(message.group),
            origin=Origin(message.forwarded_from) if message.forwarded_from else None,
        )
        return [Envelope(self.name, own_id, chat, dump_incoming(incoming), incoming.message_id)]

    def _medium(self, medium: LocalMedium, album: str, position: int) -> Media:
        try:
            data = base64.b64decode(medium.data_base64, validate=True)
        except binascii.Error:
            raise Refused(400, "media.data_base64: not base64") from None
        if len(data) > MAX_MEDIUM:
            raise Refused(413, "media: a file may have 20 MB at most")
        try:
            kept = clean_soon(data, medium.kind, medium.name).result()
        except Unfit as unfit:
            return Media(medium.kind, unfit.why, medium.name, album, position)
        return Media(medium.kind, self._store.keep(kept.data), medium.name, album, position)

    def read(self, payload: bytes) -> Incoming | None:
        """Read an event of our own."""
        return load_incoming(payload)

    def pack(self, replies: Sequence[Reply]) -> list[tuple[Reply, ...]]:
        """One reply a parcel: the page numbers them."""
        return [(reply,) for reply in replies if not reply.silent]

    async def send(self, parcel: Parcel) -> None:
        """It is said by lying in the outbox."""

    async def acknowledge(self, payload: bytes) -> None:
        """Nothing waits to be told."""

    async def fetch(self, ref: str) -> Fetched:
        """The bytes that came with the message.

        :raises FetchFailed: they are not there, or were such that they were not kept.
        """
        for why in get_args(Why):
            if ref == why:
                raise FetchFailed("not kept when it came", again=False, why=why)
        try:
            return Fetched(self._store.load(ref))
        except (OSError, ValueError):
            raise FetchFailed("the file is not there", again=False) from None


def as_json(number: int, reply: Reply, at: datetime | None = None) -> dict[str, object]:
    """A reply as the page and scripts get it; `at` is when it was said, null where nobody knows."""
    card = reply.card
    return {
        "n": number,
        "at": at.astimezone(BANGKOK).isoformat(timespec="seconds") if at else None,
        "text": reply.text,
        "card": None
        if card is None
        else {
            "title": card.title,
            "tone": card.tone,
            "rows": [
                {"label": row.label, "value": row.value} | ({"postback": row.postback} if row.postback else {})
                for row in card.rows
            ],
            "footer": card.footer,
        },
        "buttons": [
            {"label": button.label}
            | {key: value for key in ("text", "postback", "url", "ask") if (value := getattr(button, key))}
            for button in reply.buttons
        ],
        "image_url": reply.image or None,
        "file_url": reply.file or None,
    }
