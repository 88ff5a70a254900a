"""One turn of a conversation: what came, who said it, and what may be used to answer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from handlers.desk import Desk, thai_date
from handlers.messages import Button, Card, Incoming, QuotaClass, Reply, Row, Tone
from handlers.news import Make, to_person
from handlers.provinces import Province
from nlp.reading import Reading
from storage.models import Person, Role

STAFF = ("staff", "coordinator", "admin")


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn. `args` are a button's arguments; `rest` is what stands behind a leading word; `now` is aware."""

    incoming: Incoming
    reading: Reading
    desk: Desk
    session: Session
    person: Person
    roles: tuple[Role, ...]
    now: datetime
    args: tuple[str, ...] = ()
    rest: str = ""

    @property
    def lang(self) -> str:
        """The person's language."""
        return self.person.language

    def say(self, key: str, **values: object) -> str:
        """A sentence in the person's language."""
        return self.desk.texts.say(self.lang, key, **values)

    def date(self, at: datetime) -> str:
        """A day in the person's language."""
        return thai_date(at, self.desk.texts, self.lang)

    def reply(
        self,
        key: str,
        *buttons: Button,
        card: Card | None = None,
        quota: QuotaClass = "status",
        **values: object,
    ) -> Reply:
        """A reply that says one sentence."""
        return Reply(text=self.say(key, **values), card=card, buttons=buttons, quota=quota)

    def press(self, key: str, action: str, *arguments: object, **values: object) -> Button:
        """A button that sends a sealed action."""
        return Button(self.say(f"button.{key}", **values), postback=self.desk.postback(action, *arguments))

    def word(self, name: str) -> Button:
        """A button that says one of the words that always work."""
        said = self.say(f"words.{name}").split("|")[0]
        return Button(said, text=said)

    def number(self, index: int = 0) -> int:
        """A button's argument as a row id; 0, which no row has, when it is none."""
        value = self.args[index] if len(self.args) > index else ""
        return int(value) if value.isascii() and value.isdigit() and len(value) < 19 else 0

    def role(self, *names: str) -> Role | None:
        """The newest role of these names that the person holds; in the person's current province first."""
        held = [role for role in self.roles if role.role in names]
        here = [role for role in held if role.province == self.person.province]
        return next(iter(here or held), None)

    @property
    def staff(self) -> Role | None:
        """The person's staff role, if any."""
        return self.role(*STAFF)

    @property
    def province(self) -> Province | None:
        """The person's current province."""
        return self.desk.province(self.person.province or self.desk.home(self.incoming.channel))

    def but(self, **changes: object) -> Turn:
        """The same turn with something else in it."""
        return replace(self, **changes)  # type: ignore[arg-type]

    def notify(self, person_id: int, make: Make) -> list[Reply]:
        """A reply to another person, in that person's language; none when they cannot or will not be reached."""
        return to_person(self.session, self.desk, person_id, make)


def card(title: str, rows: list[tuple[str, str]], tone: Tone, footer: str = "") -> Card:
    """A card of plain rows; rows without a value are left out."""
    return Card(title, tuple(Row(label, value) for label, value in rows if value), tone, footer)


def spoken(card: Card) -> str:
    """A card as it is read aloud or shown where cards are not: title, rows, footer."""
    lines = [card.title, *(f"{row.label}: {row.value}" if row.value else row.label for row in card.rows), card.footer]
    return "\n".join(line for line in lines if line)
