"""Parked messages in a coordinator's hands: who is told of them, how they are listed, and how they are tried again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from handlers.desk import BANGKOK, Desk
from handlers.messages import Button, Card, Recipient, Reply, Row
from handlers.queue import COORDINATING, PAGE, coordinated
from handlers.turn import Turn, spoken
from storage import parked, people
from storage.models import Person
from storage.parked import Parked

NAMED = ("line", "telegram", "local")  # channels that have a name for people


def province_for(desk: Desk, session: Session, channel: str, user: str) -> str:
    """The slug of the province whose coordinators look after a sender's message, '' for those of every province.

    It is the sender's own, else the channel's; but where nobody coordinates it, nobody would ever look.
    """
    slug = parked.province_of(session, channel, user) if user else ""
    slug = slug or desk.home(channel)
    return slug if slug and people.holders(session, slug, COORDINATING, sensitive=False) else ""


def news(desk: Desk, session: Session, province: str, now: datetime) -> list[Reply]:
    """A notice to each coordinator of a province, '' for every one, who may be sent one now. It quotes nobody."""
    said = []
    for person_id in people.holders(session, province, COORDINATING, sensitive=False):
        person, account = session.get(Person, person_id), people.account_of(session, person_id)
        if person is None or account is None or person.muted_at or person.erased_at or person.banned_at:
            continue
        if parked.may_notify(session, person_id, now):
            lang = person.language
            look = Button(desk.texts.say(lang, "button.parked"), postback=desk.postback("park", 0))
            said.append(Reply(desk.texts.say(lang, "news.parked"), buttons=(look,), to=Recipient(*account)))
    return said


def view(turn: Turn) -> list[Reply]:
    """A page of what is parked, oldest first; each line is a button that tries it again."""
    provinces = coordinated(turn)
    if not provinces:
        return _refused(turn)
    parked.looked(turn.session, turn.person.id, turn.now)
    total = parked.count(turn.session, provinces)
    offset = turn.number()
    rows = parked.page(turn.session, provinces, offset, PAGE)
    if total and not rows:  # a page that was there when its button was made
        offset, rows = 0, parked.page(turn.session, provinces, 0, PAGE)
    if not rows:
        return [turn.reply("parked.empty", turn.word("queue"))]
    title = turn.say("parked.title", total=total)
    shown = Card(title, tuple(_line(turn, row) for row in rows), "case", turn.say("parked.tap"))
    left = total - offset - len(rows)
    more = (turn.press("more", "park", offset + PAGE, left=left),) if left > 0 else ()
    return [Reply(spoken(shown), card=shown, buttons=(turn.press("retry_all", "park.all"), *more, turn.word("queue")))]


def _line(turn: Turn, row: Parked) -> Row:
    at = row.received_at.astimezone(BANGKOK)
    when = turn.say("parked.when", date=turn.date(at), time=f"{at:%H:%M}")
    channel = turn.say(f"channel.{row.channel}") if row.channel in NAMED else row.channel
    # What the row names is an error's class, unless nothing was raised: then the process itself ended, each time.
    why = turn.say("parked.stumbled" if row.error.isidentifier() else "parked.died")
    tried = turn.say("parked.rounds", count=row.rounds)
    return Row(f"{when} · {channel}", f"{why} · {tried}", turn.desk.postback("park.one", row.id))


def retry_all(turn: Turn) -> list[Reply]:
    """Try everything again that is parked."""
    provinces = coordinated(turn)
    if not provinces:
        return _refused(turn)
    count = parked.revive(turn.session, provinces, turn.now, actor_id=turn.person.id)
    return _revived(turn, count) if count else [turn.reply("parked.empty", turn.word("queue"))]


def retry_one(turn: Turn) -> list[Reply]:
    """Try one message again; nothing happens to one that is not parked any more, or is another province's."""
    provinces = coordinated(turn)
    if not provinces:
        return _refused(turn)
    count = parked.revive(turn.session, provinces, turn.now, actor_id=turn.person.id, inbox_id=turn.number())
    return _revived(turn, count) if count else [turn.reply("parked.gone", *_go_on(turn))]


def _revived(turn: Turn, count: int) -> list[Reply]:
    return [turn.reply("parked.again", *_go_on(turn), count=count)]


def _go_on(turn: Turn) -> tuple[Button, Button]:
    return turn.press("parked", "park", 0), turn.word("queue")


def _refused(turn: Turn) -> list[Reply]:
    return [turn.reply("parked.not_yours", turn.word("new"), turn.word("help"))]
