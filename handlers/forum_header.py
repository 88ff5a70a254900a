"""The head of a forum's notes: its name, place, day and headcount, as far as a line tells them."""

from __future__ import annotations

from datetime import datetime

from handlers.desk import BANGKOK
from handlers.turn import Turn
from nlp.header import Header
from storage.models import Forum


def is_header(turn: Turn, header: Header) -> bool:
    """Whether words at the header's place are one: a plain issue is none, though it stands first."""
    said = header.forum_name or header.date_iso or header.place or header.participants
    return bool(said) or not turn.reading.sure or turn.reading.category == turn.desk.reader.taxonomy.fallback


def day_of(turn: Turn, forum: Forum) -> str:
    """The day of a forum in words."""
    return turn.date(datetime.fromisoformat(forum.held_on).replace(tzinfo=BANGKOK)) if forum.held_on else "–"


def fill(turn: Turn, forum: Forum, header: Header, text: str) -> None:
    """Write the header; its name and place stand in the clear, so people's names and numbers are masked."""
    mask = turn.desk.reader.mask
    first = text.strip().splitlines()[0] if text.strip() else ""
    forum.name = mask(header.forum_name or first[:80])
    area = turn.desk.reader.locate(text, None)
    names = turn.desk.reader.place_names((area.tambon_code or area.amphoe_code) if area else "")
    marked = [("tambon", names.tambon), ("amphoe", names.amphoe)]
    missing = [turn.say(f"place.{level}", name=name) for level, name in marked if name and name not in header.place]
    place = " ".join(filter(None, (header.place, *missing)))
    forum.place = mask(place) if place else forum.place
    forum.held_on = header.date_iso or forum.held_on
    forum.headcount = header.participants or forum.headcount
