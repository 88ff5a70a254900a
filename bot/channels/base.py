"""The channel: one of the house's two interfaces, and the few words in which every platform's failures are told.

A channel *translates*: the platform's events into envelopes and `Incoming`s, `Reply`s into its messages, its errors
into `SendFailed`. It decides nothing: what a failure means for a message is `bot/delivery.py`'s business.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from handlers.messages import Incoming, Reply

Why = Literal[  # a medium cannot be had, as its sender is told
    "big",
    "bad",  # it is not what it was sent as, or broken, or nothing that we take
    "empty",
    "gone",  # the platform has it no longer, or never had it ready
]
Failure = Literal[
    "again",  # the platform surely did not take it: rate limit, 5xx, refused connection
    "unsure",  # nobody knows whether the platform took it: a time-out or a connection lost after the request went out
    "token",  # the free reply token is used up or too old: send it another way
    "blocked",  # the person blocked us or left: nothing will arrive until they come back
    "quota",  # the month's paid messages are used up
    "never",  # the platform refuses this message or our credentials; repeating it changes nothing
]


@dataclass(frozen=True, slots=True)
class Envelope:
    """One platform event as it came, before anybody reads it: this is what is made durable.

    `chat` is the platform's id of the chat whose order is kept; `message_id` the platform's id of the message,
    by which it may later be edited or taken back, '' where it has none.
    """

    channel: str
    event_id: str
    chat: str
    payload: bytes
    message_id: str = ""


@dataclass(frozen=True, slots=True)
class Parcel:
    """What goes out to one chat with one call of the platform.

    `reply_token` is '' where there is none or it is no longer fresh. `retry_key` is a UUID kept in the outbox row
    before the first try, the same for every try.
    """

    chat: str
    replies: tuple[Reply, ...]
    retry_key: str
    reply_token: str = ""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A medium's bytes and the media type that the platform names ('' when it names none)."""

    data: bytes
    media_type: str = ""


class Refused(Exception):
    """A request at the door that is not to be believed or not to be understood; `status` is its HTTP answer."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


class SendFailed(Exception):
    """The platform did not take a message. `retry_after` is in seconds, None where the platform names no time.

    The text is for logs and the delivery list: it names the platform's error and never holds message text,
    tokens or ids of people.
    """

    def __init__(self, failure: Failure, reason: str, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.failure = failure
        self.reason = reason
        self.retry_after = retry_after


class FetchFailed(Exception):
    """A medium could not be had. `again` true: try later (still being prepared, rate limit, 5xx, time-out)."""

    def __init__(self, reason: str, *, again: bool, why: Why = "gone") -> None:
        super().__init__(reason)
        self.reason = reason
        self.again = again
        self.why: Why = why


class Channel(Protocol):
    """A platform. Methods may be called from several tasks at once."""

    name: str
    acknowledges: bool  # whether `acknowledge` does anything here

    async def open(self) -> None:
        """Make clients; called once inside the running loop."""

    async def close(self) -> None:
        """Close what `open` made."""

    def accept(self, headers: Mapping[str, str], body: bytes) -> list[Envelope]:
        """Verify a webhook request and cut it into envelopes, cheaply: the platform waits.

        Unknown event types become envelopes too (they are counted when read). What a group says without addressing
        us becomes none: it is never stored. Header names are lower case.

        :raises Refused: 401 for a missing or wrong signature, 400 for a body that is not the platform's JSON.
        """

    def read(self, payload: bytes) -> Incoming | None:
        """Read an envelope's payload; None for an event type that we do not know or have no use for."""

    def pack(self, replies: Sequence[Reply]) -> list[tuple[Reply, ...]]:
        """Divide replies to one chat, in order, into what goes out with one platform call each, within its limits."""

    async def send(self, parcel: Parcel) -> None:
        """Send one parcel with exactly one call that can have an effect.

        :raises SendFailed: the platform did not take it.
        """

    async def acknowledge(self, payload: bytes) -> None:
        """Tell the platform that a kept event is in hand, where somebody sees it wait (a tapped button). Never raises.

        Most platforms have nothing of the kind.
        """

    async def fetch(self, ref: str) -> Fetched:
        """Get the bytes of a medium.

        :raises FetchFailed: it cannot be had, now or ever.
        """
