"""Who stands behind a report that somebody else told first."""

from __future__ import annotations

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, Key, Time


class Backing(Base):
    """One household that says "me too" to a report. `own_id` is the report with that household's own words.

    A person backs a report once; who leaves keeps the row, with the time.
    """

    __tablename__ = "backing"
    __table_args__ = (UniqueConstraint("report_id", "person_id"),)

    id: Mapped[Key]
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    own_id: Mapped[int | None] = mapped_column(ForeignKey("report.id"), index=True)
    at: Mapped[Time]
    left_at: Mapped[Time | None]
