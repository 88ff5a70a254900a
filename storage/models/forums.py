"""Forums: a volunteer's notebook of what a hall said, kept item by item until it is submitted."""

from __future__ import annotations

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, Blind, Key, Sealed, Time, Word


class Forum(Base):
    """One community forum."""

    __tablename__ = "forum"

    id: Mapped[Key]
    province: Mapped[Word]
    volunteer_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str] = mapped_column(default="")
    place: Mapped[str] = mapped_column(default="")
    held_on: Mapped[Word] = mapped_column(default="")  # ISO date, or '' where nobody said
    headcount: Mapped[int | None]
    consented: Mapped[bool] = mapped_column(default=False)
    status: Mapped[Word] = mapped_column(default="open")  # open, submitted, cancelled
    created_at: Mapped[Time]
    submitted_at: Mapped[Time | None]


class ForumItem(Base):
    """One issue of a forum, as the volunteer wrote it; becomes a report at submission."""

    __tablename__ = "forum_item"
    __table_args__ = (UniqueConstraint("forum_id", "number"),)

    id: Mapped[Key]
    forum_id: Mapped[int] = mapped_column(ForeignKey("forum.id"))
    number: Mapped[int]
    at: Mapped[Time]
    message_key: Mapped[Blind | None] = mapped_column(index=True)
    text_sealed: Mapped[Sealed | None]
    category: Mapped[Word]
    votes: Mapped[int | None]
    media_sealed: Mapped[Sealed | None]  # [kind, ref, name, message key] of each medium that came with it
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("forum_item.id"))  # its words are read there
    removed_at: Mapped[Time | None]
    report_id: Mapped[int | None] = mapped_column(ForeignKey("report.id"))
