"""Conversations as data: reads `tests/dialogues/*.toml` and holds them with the real conversation.

A file has a `title`, may set `known_bug` (why it fails as yet), `home` (a province's slug, or '' for none),
`files_in` (after how many messages and taps the first report must stand), `[[invite]]`s that somebody handed out, and
`[[turn]]`s. A turn has `who` and one of: `says`, `sends` (photo, voice,
video, file, pin, sticker, nothing), `presses` (a button or a card's line, by a part of what stands on it, newest
first), `unsends` or `edits` (the `name` of an earlier turn; with `edits` the new words are `says`), `event` (follow,
unfollow, join). It is checked by `expects` (all of this is said back), `never` (none of it is said to anybody),
`buttons` (these stand below), `no_buttons`, `silent` (nothing at all is said), `once` (said exactly once) and `tells`
(who else is told, and what; nobody else may be told anything) and `menu` (whose menu stands below from now on).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pythainlp.util import arabic_digit_to_thai_digit
from sqlalchemy.orm import Session

from handlers import respond
from handlers.desk import Desk
from handlers.messages import Incoming, IncomingKind, Media, MediaKind, Pin, Reply
from handlers.turn import spoken
from storage import people
from tests.rig import Clock, Database

CHANNEL = "local"
FOLDER = Path(__file__).parents[1] / "dialogues"
CODE = re.compile(r"[ก-ฮ]{2}-\d{5,9}")
STAND_IN = re.compile(r"<(รหัส|เลข|เลขไทย) (\d+)>")


def _span(value: object) -> object:
    """'2 minutes' → 120 s."""
    if not isinstance(value, str):
        return value
    number, unit = value.split()
    return timedelta(**{unit if unit.endswith("s") else f"{unit}s": float(number)})


Span = Annotated[timedelta, BeforeValidator(_span)]


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Invited(Shape):
    """A one-use code that was handed out, so long before the conversation."""

    code: str
    role: str
    province: str = "chiang-rai"
    agency: str = ""
    amphoe: str = ""  # by name
    sensitive: bool = False
    made: Span = timedelta(0)


class Said(Shape):
    """One turn."""

    who: str
    name: str = ""
    says: str = ""
    sends: Literal["", "photo", "voice", "video", "file", "pin", "sticker", "nothing"] = ""
    album: str = ""  # that what is sent is a piece of, at `position`
    position: int = 0
    quotes: str = ""  # the name of the turn that is answered to
    at: tuple[float, float] = (19.9071, 99.8325)  # where a pin lies: the town of Chiang Rai
    address: str = ""  # that comes with a pin
    within: float | None = None  # metres within which it lies
    presses: str = ""
    of: str = ""  # whose button it is, when it is not one's own
    forged: bool = False
    unsends: str = ""
    edits: str = ""
    event: Literal["", "follow", "unfollow", "join"] = ""
    group: str = ""
    language: str = "th"
    after: Span = timedelta(seconds=10)
    expects: list[str] = Field(default_factory=list)
    never: list[str] = Field(default_factory=list)
    once: list[str] = Field(default_factory=list)
    buttons: list[str] = Field(default_factory=list)
    no_buttons: list[str] = Field(default_factory=list)
    tells: dict[str, list[str]] = Field(default_factory=dict)
    silent: bool = False
    menu: str | None = None


class Dialogue(Shape):
    """One conversation."""

    title: str
    known_bug: str = ""  # why it fails as yet
    home: str = "chiang-rai"
    files_in: int = 0  # messages and taps after which the first report must stand; 0: not counted
    invite: list[Invited] = Field(default_factory=list)
    turn: list[Said]


def dialogues() -> Iterator[tuple[str, Dialogue]]:
    """Every conversation by its file's name."""
    for path in sorted(FOLDER.glob("*.toml")):
        yield path.stem, Dialogue.model_validate(tomllib.loads(path.read_text("utf-8")))


def heard(reply: Reply) -> str:
    """Everything that a reply says: its text, and its card, which must say no more."""
    return f"{reply.text}\n{spoken(reply.card)}" if reply.card else reply.text


@dataclass(slots=True)
class Talk:
    """Holds a conversation over a real database."""

    desk: Desk
    database: Database
    clock: Clock
    codes: list[str] = field(default_factory=list)
    told: dict[str, list[Reply]] = field(default_factory=dict)  # by chat, oldest first
    turns: int = 0
    filed_at: int = 0  # the turn in which the first code was said

    def invite(self, invited: Invited) -> None:
        """Hand a code out."""
        with self.database.sessions.begin() as session:
            people.add_invite(
                session,
                invited.code,
                invited.role,
                invited.province,
                self.clock() - invited.made,
                agency=invited.agency,
                amphoe=self.area(invited),
                sensitive=invited.sensitive,
            )

    def area(self, invited: Invited) -> str:
        """The official code of an invite's amphoe."""
        province = self.desk.directory.provinces[invited.province]
        return self.desk.amphoe_code(province, invited.amphoe) if invited.amphoe else ""

    def take(self, said: Said) -> list[Reply]:
        """Take a turn; returns all replies, to whomever they go."""
        self.turns += 1
        self.clock.now += said.after
        replies = self.answer(self.incoming(said))
        for reply in replies:
            chat = reply.to.chat if reply.to else said.group or said.who
            self.told.setdefault(chat, []).append(reply)
            for code in CODE.findall(heard(reply)):
                if code not in self.codes:
                    self.codes.append(code)
                    self.filed_at = self.filed_at or self.turns
        return replies

    def answer(self, incoming: Incoming) -> list[Reply]:
        """One message, one transaction, as the pipeline does it."""
        home = self.desk.province(self.desk.home(CHANNEL))
        reading = self.desk.reader.read(incoming.text, home.code if home else None)
        with self.database.sessions.begin() as session, session.begin_nested():
            return respond(incoming, reading, self.desk, session)

    def read(self) -> Session:
        """A look at what is kept."""
        return self.database.readers()

    def incoming(self, said: Said) -> Incoming:
        """The event of a turn."""
        kind: IncomingKind = "message"
        text, postback = self.filled(said.says), ""
        if said.presses:
            text, postback = self.pressed(said)
        if postback:
            kind = "postback"
        elif said.unsends:
            kind = "unsend"
        elif said.edits:
            kind = "edit"
        elif said.event:
            kind = said.event
        media: tuple[Media, ...] = ()
        if said.sends in ("photo", "voice", "video", "file"):
            sent: MediaKind = said.sends
            media = (Media(sent, f"ref-{self.turns}", "", said.album, said.position),)
        target = said.unsends or said.edits
        return Incoming(
            channel=CHANNEL,
            event_id=f"event-{self.turns}",
            chat=said.group or said.who,
            user=said.who,
            kind=kind,
            at=self.clock(),
            text=text,
            postback=postback,
            pin=Pin(*said.at, said.address, said.within) if said.sends == "pin" else None,
            media=media,
            sticker=said.sends == "sticker",
            message_id="" if target else said.name or f"message-{self.turns}",
            target=target,
            quotes=said.quotes,
            group=bool(said.group),
            language=said.language,
        )

    def pressed(self, said: Said) -> tuple[str, str]:
        """What a press says and sends."""
        label = self.filled(said.presses)
        chats = {said.of or said.group or said.who, said.of or said.who}
        for reply in (one for chat in chats for one in reversed(self.told.get(chat, []))):
            for button in reply.buttons:
                if label in button.label:
                    assert not button.ask or button.postback, (
                        f"'{button.label}' opens the {button.ask}: write what is sent instead"
                    )
                    return button.text, button.postback[:-1] + "x" if said.forged else button.postback
            for row in reply.card.rows if reply.card else ():
                if label in f"{row.label} {row.value}" and row.postback:
                    return "", row.postback
        raise AssertionError(f"{said.who} was never shown '{label}'")

    def filled(self, text: str) -> str:
        """Put real codes where a file has '<รหัส 1>' (whole), '<เลข 1>' (digits) or '<เลขไทย 1>' (Thai digits)."""

        def real(found: re.Match[str]) -> str:
            assert int(found[2]) <= len(self.codes), f"there is no {found[0]} yet"
            code = self.codes[int(found[2]) - 1]
            digits = code.partition("-")[2]
            forms = {"รหัส": code, "เลข": digits, "เลขไทย": arabic_digit_to_thai_digit(digits)}
            return forms[found[1]]

        return STAND_IN.sub(real, text)

    def check(self, said: Said, replies: list[Reply]) -> None:
        """Compare what is said with what the file expects."""
        here = [reply for reply in replies if reply.to is None]
        everything = "\n".join(map(heard, replies))
        self._all_in(said.expects, "\n".join(map(heard, here)))
        for part in said.never:
            # A code that nobody was given yet cannot have been said either.
            if (number := STAND_IN.search(part)) and int(number[2]) > len(self.codes):
                continue
            assert self.filled(part) not in everything, f"never said: '{part}', but:\n{everything}"
        for part in map(self.filled, said.once):
            assert sum(reply.text.count(part) for reply in here) == 1, f"said once: '{part}' in:\n{everything}"
        labels = [button.label for reply in here for button in reply.buttons]
        for label in map(self.filled, said.buttons):
            assert any(label in one for one in labels), f"no button '{label}' among {labels}"
        for label in said.no_buttons:
            assert not any(label in one for one in labels), f"a button '{label}' among {labels}"
        if said.menu is not None:
            assert "".join(reply.menu for reply in here) == said.menu
        assert said.silent == (not replies), f"silent: {said.silent}, but said:\n{everything}"
        others: dict[str, list[Reply]] = {}
        for reply in replies:
            if reply.to is not None:
                others.setdefault(reply.to.chat, []).append(reply)
        self._told(said.tells, others)

    def _told(self, tells: Mapping[str, list[str]], others: Mapping[str, list[Reply]]) -> None:
        assert set(others) == set(tells), f"told {sorted(others)}, to be told {sorted(tells)}"
        for chat, parts in tells.items():
            self._all_in(parts, "\n".join(map(heard, others[chat])))

    def _all_in(self, parts: list[str], text: str) -> None:
        for part in map(self.filled, parts):
            assert part in text, f"expected '{part}' in:\n{text}"
