"""Forums and their items. Items merged into another keep their own rows, so that each message can be taken back."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from storage.models import Forum, ForumItem
from storage.vault import vault_of


@dataclass(frozen=True, slots=True)
class Attached:
    """A medium that came with an item, and the key of the message that brought it."""

    kind: str
    ref: str
    name: str
    message: bytes | None


def open_forum(session: Session, province: str, volunteer_id: int, now: datetime) -> Forum:
    """Open a forum."""
    forum = Forum(province=province, volunteer_id=volunteer_id, created_at=now, name="", place="", status="open")
    session.add(forum)
    session.flush()
    return forum


def forum(session: Session, forum_id: int) -> Forum | None:
    """The forum of a row id."""
    return session.get(Forum, forum_id)


def open_of(session: Session, volunteer_id: int) -> Forum | None:
    """The newest forum that a volunteer has neither submitted nor thrown away."""
    mine = select(Forum).where(Forum.volunteer_id == volunteer_id, Forum.status == "open")
    return session.scalar(mine.order_by(Forum.id.desc()).limit(1))


def add_item(
    session: Session,
    forum_id: int,
    text: str,
    category: str,
    now: datetime,
    *,
    message: bytes | None = None,
    media: Sequence[Attached] = (),
) -> ForumItem:
    """Add an issue under the next number."""
    last = session.scalar(select(func.max(ForumItem.number)).where(ForumItem.forum_id == forum_id)) or 0
    item = ForumItem(
        forum_id=forum_id,
        number=last + 1,
        at=now,
        message_key=message,
        text_sealed=vault_of(session).seal(text, "text"),
        category=category,
    )
    attach(session, item, media)
    session.add(item)
    session.flush()
    return item


def items(session: Session, forum_id: int) -> list[ForumItem]:
    """A forum's items in number order, removed and merged ones left out."""
    return list(
        session.scalars(
            select(ForumItem)
            .where(ForumItem.forum_id == forum_id, ForumItem.removed_at.is_(None), ForumItem.merged_into_id.is_(None))
            .order_by(ForumItem.number)
        )
    )


def pieces(session: Session, item: ForumItem) -> list[ForumItem]:
    """An item and those that were merged into it, in the order in which they were said."""
    merged = select(ForumItem).where(ForumItem.merged_into_id == item.id, ForumItem.removed_at.is_(None))
    return [item, *session.scalars(merged.order_by(ForumItem.number))]


def words_of(session: Session, item: ForumItem) -> str:
    """The words of one row; '' when they were taken back."""
    return vault_of(session).open(item.text_sealed, "text") if item.text_sealed else ""


def text_of(session: Session, item: ForumItem) -> str:
    """An item's words with those merged into it."""
    return "\n".join(filter(None, (words_of(session, piece) for piece in pieces(session, item))))


def set_text(session: Session, item: ForumItem, text: str, category: str) -> None:
    """Correct an item; what was merged into it gives way to the new words."""
    item.text_sealed, item.category = vault_of(session).seal(text, "text"), category
    for piece in pieces(session, item)[1:]:
        piece.text_sealed = None


def merge(session: Session, first: ForumItem, others: Sequence[ForumItem]) -> None:
    """Let items be read as part of another."""
    ids = [other.id for other in others]
    for other in others:
        other.merged_into_id = first.id
    session.flush()
    session.execute(update(ForumItem).where(ForumItem.merged_into_id.in_(ids)).values(merged_into_id=first.id))


def attached(session: Session, item: ForumItem) -> list[Attached]:
    """The media of one row."""
    if item.media_sealed is None:
        return []
    rows = json.loads(vault_of(session).open(item.media_sealed, "text"))
    return [Attached(kind, ref, name, bytes.fromhex(key) if key else None) for kind, ref, name, key in rows]


def attach(session: Session, item: ForumItem, media: Sequence[Attached]) -> None:
    """Let a row have these media and no others; they are sealed with the names of their files."""
    rows = [[one.kind, one.ref, one.name, one.message.hex() if one.message else ""] for one in media]
    item.media_sealed = vault_of(session).seal(json.dumps(rows, ensure_ascii=False), "text") if rows else None


def by_message(session: Session, key: bytes) -> list[ForumItem]:
    """The items of open forums that a message became."""
    return list(
        session.scalars(
            select(ForumItem)
            .join(Forum, Forum.id == ForumItem.forum_id)
            .where(ForumItem.message_key == key, ForumItem.removed_at.is_(None), Forum.status == "open")
            .order_by(ForumItem.number)
        )
    )


def forget_header(session: Session, volunteer_id: int, texts: Collection[str]) -> None:
    """Forget the name and place of a volunteer's forums that stand in texts which were taken back."""
    for forum in session.scalars(select(Forum).where(Forum.volunteer_id == volunteer_id)):
        forum.name = "" if forum.name and any(forum.name in text for text in texts) else forum.name
        forum.place = "" if forum.place and any(forum.place in text for text in texts) else forum.place


def forget_message(session: Session, key: bytes, volunteer_id: int, now: datetime) -> None:
    """Forget the words and media of a message that was taken back, in whatever items of a volunteer they lie."""
    mine = select(ForumItem).join(Forum, Forum.id == ForumItem.forum_id).where(Forum.volunteer_id == volunteer_id)
    for item in session.scalars(mine):  # what was struck off the list is still there
        if item.message_key == key:
            item.text_sealed = None
        kept = [one for one in attached(session, item) if one.message != key]
        if len(kept) < len(attached(session, item)):
            attach(session, item, kept)
        if item.text_sealed is None and not text_of(session, item) and not kept:
            item.removed_at = item.removed_at or now
    session.flush()
