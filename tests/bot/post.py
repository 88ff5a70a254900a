"""People of a province at a line whose reader stumbles: what they say, press and are told."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.letters import load_replies
from bot.pipeline import Handled
from handlers.desk import Desk
from handlers.messages import Reply
from nlp.reader import Reader
from storage import inbox, outbox, people
from storage.inbox import Waiting
from tests.bot.stumbling import StumblingReader, stumbling
from tests.bot.wire import Line, line, said
from tests.rig import Clock, Database

WATER = "น้ำประปาไม่ไหลมาสามวันแล้ว ต.แม่ยาว อ.เมืองเชียงราย"
SORRY, STUCK = "ขอโทษค่ะ", "มีข้อความค้างอยู่ค่ะ"


def open_post(desk: Desk, reader: Reader, database: Database, clock: Clock) -> Post:
    """A line of Chiang Rai's people; 'coordinator', 'officer' and 'southerner' have their roles."""
    odd = stumbling(reader, "น้ำ")
    broken = replace(desk, reader=odd, homes={"wire": "chiang-rai"})
    made = Post(line(broken, database, clock), odd)
    roles = [("coordinator", "chiang-rai"), ("staff", "chiang-rai"), ("admin", "phatthalung")]
    for number, (user, (role, slug)) in enumerate(zip(("coordinator", "officer", "southerner"), roles, strict=True)):
        with database.sessions.begin() as session:
            people.add_invite(session, f"SS-1111-111{number}", role, slug, clock())
        made.say(user, f"SS-1111-111{number}")
    return made


@dataclass(slots=True)
class Post:
    """A line whose reader stumbles, and what its people are shown."""

    way: Line
    reader: StumblingReader
    count: int = 0

    def say(self, user: str, text: str) -> list[Reply]:
        """Say something; returns what all people are told, in order."""
        self.count += 1
        at = self.way.clock.move(seconds=10)
        (handled,) = self.way.take(said(text, self.count, user, at))
        return self.told(handled)

    def press(self, user: str, postback: str) -> Handled:
        """Press a button."""
        self.count += 1
        at = self.way.clock.move(seconds=10)
        (handled,) = self.way.take(said("", self.count, user, at, kind="postback", postback=postback))
        return handled

    def told(self, handled: Handled, user: str = "") -> list[Reply]:
        """What is said to somebody, or to all."""
        mine = [outgoing for outgoing in handled.outgoing if user in ("", outgoing.chat)]
        return [reply for outgoing in mine for reply in load_replies(outgoing.body)]

    def notices(self, user: str) -> int:
        """How often somebody was told that something is stuck."""
        with self.way.database.readers() as session:
            rows = [row for row in outbox.all_unsent(session) if row.chat == user]
        return sum(reply.text.startswith(STUCK) for row in rows for reply in load_replies(row.body))

    def again(self, waiting: Waiting) -> Handled:
        """Handle an event as a driver does that has only its row."""
        with self.way.database.readers() as session:
            whole = replace(waiting, payload=inbox.payload_of(session, waiting.id))
        return self.way.work(whole)

    def button(self, label: str, replies: list[Reply]) -> str:
        """What a button of some replies sends."""
        return next(b.postback for reply in replies for b in reply.buttons if label in b.label)

    def look(self, user: str) -> list[Reply]:
        """Open the list."""
        return self.told(self.press(user, self.way.pipeline.desk.postback("park", 0)))
