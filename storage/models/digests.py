"""Digests, stored for review."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, Key, Sealed, Time, Word


class Digest(Base):
    """One answer to one question, as it was on the day; its figures never change afterwards.

    `content` holds counts and report ids. Voices are kept by reference, so that erasing a report blanks its voice
    here too while the counts stay.
    """

    __tablename__ = "digest"
    __table_args__ = (Index(None, "province", "asked_at"),)

    id: Mapped[Key]
    province: Mapped[Word]
    starts_on: Mapped[Word]  # ISO dates, both included
    ends_on: Mapped[Word]
    filters: Mapped[dict[str, Any]] = mapped_column(default=dict)
    content: Mapped[dict[str, Any]]
    sha256: Mapped[Word]
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[Time]
    status: Mapped[Word] = mapped_column(default="draft")  # draft, approved, returned, published
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[Time | None]
    comment_sealed: Mapped[Sealed | None]
