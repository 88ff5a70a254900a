"""What channels and the conversation share: a message that came in, and a reply that goes out.

Nothing here knows a platform. A channel turns its platform's event into an :class:`Incoming` and a :class:`Reply`
into its platform's message; the conversation sees only these.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

IncomingKind = Literal[
    "message",  # text, media, a location, a sticker, or any mixture of them
    "postback",  # a button that carries data
    "follow",  # added or unblocked us, or pressed /start for the first time
    "unfollow",  # blocked us
    "join",  # we were added to a group
    "leave",  # we were removed from a group
    "edit",  # a message was changed after it was sent: `target` names it, `text` is the new text
    "unsend",  # a message was taken back: `target` names it
    "timer",  # a due row that fell due; `postback` names what
]
MediaKind = Literal["photo", "voice", "video", "file"]
Tone = Literal["plain", "receipt", "hotline", "case", "digest", "error"]
# Who gets the quota first when a platform's monthly quota runs low.
QuotaClass = Literal["emergency", "status", "digest", "nudge"]
Menu = Literal["", "villager", "volunteer", "staff"]


@dataclass(frozen=True, slots=True)
class Pin:
    """A map pin, WGS 84 degrees; `label` is the address or title the platform sent with it, or ''.

    `accuracy` is the radius in metres within which it lies, None where the platform does not tell.
    """

    lat: float
    lng: float
    label: str = ""
    accuracy: float | None = None


@dataclass(frozen=True, slots=True)
class Media:
    """A picture, voice note, video or file that waits at the platform under `ref`."""

    kind: MediaKind
    ref: str
    name: str = ""
    album: str = ""
    position: int = 0


@dataclass(frozen=True, slots=True)
class Origin:
    """Whose words a forwarded message holds and when they were said, as far as the platform tells."""

    name: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Incoming:
    """One event of one chat. `chat` and `user` are the platform's own ids; `at` is aware.

    In a private chat `chat` is where the person is reached; in a group (`group` true) it is the group, and only
    events that address us (`mention`, reply, command, button) arrive here at all.
    """

    channel: str
    event_id: str
    chat: str
    user: str
    kind: IncomingKind
    at: datetime
    text: str = ""
    postback: str = ""
    pin: Pin | None = None
    media: tuple[Media, ...] = ()
    sticker: bool = False
    message_id: str = ""
    target: str = ""
    quotes: str = ""  # id of the message that this one was sent in answer to
    group: bool = False
    origin: Origin | None = None
    language: str = ""
    reply_token: str = ""


@dataclass(frozen=True, slots=True)
class Button:
    """A button. It says `text` for the person, or sends `postback`, or opens `url`: exactly one is set.

    `ask` opens what a platform can open in place of a tap: the location picker, the camera, or recording a voice note,
    which is left out where a platform cannot.
    """

    label: str
    text: str = ""
    postback: str = ""
    url: str = ""
    ask: Literal["", "location", "camera", "voice"] = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a card: a small label and its value; `postback` makes the line itself a button."""

    label: str
    value: str
    postback: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """A card: Flex bubble on LINE, formatted message on Telegram, a card on the local page."""

    title: str
    rows: tuple[Row, ...] = ()
    tone: Tone = "plain"
    footer: str = ""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody other than the one who spoke: a chat on a channel."""

    channel: str
    chat: str


@dataclass(frozen=True, slots=True)
class Reply:
    """One thing said back. `to` None means the chat that spoke.

    `text` is always the whole of what is said, readable without the card: it is the card's spoken form, its
    notification line and its fallback. A channel that shows the card need not repeat the text.
    `image` and `file` are signed paths of our own web door (`/files/…`), shown by reference. `menu` names the role
    whose menu stands below this private chat from now on, where the platform has such menus; '' changes nothing. A
    reply that is `silent` only changes the menu.
    """

    text: str
    card: Card | None = None
    buttons: tuple[Button, ...] = ()
    image: str = ""
    file: str = ""
    to: Recipient | None = None
    quota: QuotaClass = "status"
    menu: Menu = ""

    @property
    def silent(self) -> bool:
        """Whether nothing is said."""
        return not (self.text or self.card or self.buttons or self.image or self.file)
