"""Forums and their items."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from storage.models import Forum, ForumItem
from storage.vault import vault_of


def open_forum(session: Session, province: str, volunteer_id: int, now: datetime) -> Forum:
    """Open a forum."""
    forum = Forum(province=province, volunteer_id=volunteer_id, created_at=now, name="", place="", status="open")
    session.add(forum)
    session.flush()
    return forum


def forum(session: Session, forum_id: int) -> Forum | None:
    """The forum of a row id."""
    return session.get(Forum, forum_id)


def add_item(
    session: Session,
    forum_id: int,
    text: str,
    category: str,
    now: datetime,
    *,
    message: bytes | None = None,
    media: Sequence[list[str]] = (),
) -> ForumItem:
    """Add an issue under the next number. `media` are [kind, ref, name] of what came with it."""
    last = session.scalar(select(func.max(ForumItem.number)).where(ForumItem.forum_id == forum_id)) or 0
    item = ForumItem(
        forum_id=forum_id,
        number=last + 1,
        at=now,
        message_key=message,
        text_sealed=vault_of(session).seal(text, "text"),
        category=category,
        media=list(media),
    )
    session.add(item)
    session.flush()
    return item


def items(session: Session, forum_id: int) -> list[ForumItem]:
    """A forum's items in number order, removed ones left out."""
    return list(
        session.scalars(
            select(ForumItem)
            .where(ForumItem.forum_id == forum_id, ForumItem.removed_at.is_(None))
            .order_by(ForumItem.number)
        )
    )


def text_of(session: Session, item: ForumItem) -> str:
    """An item's words; '' when they were taken back."""
    return vault_of(session).open(item.text_sealed, "text") if item.text_sealed else ""


def set_text(session: Session, item: ForumItem, text: str, category: str) -> None:
    """Correct an item."""
    item.text_sealed, item.category = vault_of(session).seal(text, "text"), category


def forget_message(session: Session, key: bytes, now: datetime) -> None:
    """Forget the items of a message that was taken back."""
    for item in session.scalars(select(ForumItem).where(ForumItem.message_key == key)):
        item.text_sealed, item.removed_at = None, now
    session.flush()
