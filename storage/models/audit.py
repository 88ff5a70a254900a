"""Who saw or changed what."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, Key, Time, Word


class Audit(Base):
    """One act of a person or of a command. Rows are only added and name ids, never texts."""

    __tablename__ = "audit"
    __table_args__ = (Index(None, "subject", "subject_id"),)

    id: Mapped[Key]
    at: Mapped[Time]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    act: Mapped[Word]
    subject: Mapped[Word]
    subject_id: Mapped[int | None]
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)
