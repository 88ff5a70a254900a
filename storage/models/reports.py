"""Reports: what was said, how it was understood, and what happened since."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, Blind, Key, Sealed, Time, Word

OPEN_TO_STAFF = (None, "health_private")  # sensitivities that hide nothing from a case's own officers


class Report(Base):
    """One problem, proposal or asset. Categories, agencies and statuses are words of data, never keys of a table.

    The core category is stored; the province's own category is derived from it, so a new list relabels history.
    """

    __tablename__ = "report"
    __table_args__ = (
        Index(None, "province", "created_at"),
        Index(None, "reporter_id", "created_at"),
        Index(None, "relayed_by_id", "created_at"),
        UniqueConstraint("province", "source_key"),
    )

    id: Mapped[Key]
    code: Mapped[Word] = mapped_column(unique=True)
    province: Mapped[Word]
    kind: Mapped[Word]
    created_at: Mapped[Time]
    updated_at: Mapped[Time]
    reporter_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    hidden: Mapped[bool] = mapped_column(default=False)  # the reporter is unnamed to staff
    relayed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    forum_id: Mapped[int | None] = mapped_column(ForeignKey("forum.id"), index=True)
    masked_text: Mapped[str]
    summary: Mapped[str]
    category: Mapped[Word]
    sub: Mapped[Word] = mapped_column(default="")
    confidence: Mapped[float]
    decided_by: Mapped[Word] = mapped_column(default="model")  # model, person, staff
    model: Mapped[Word] = mapped_column(default="")
    alternatives: Mapped[list[Any]] = mapped_column(default=list)
    evidence: Mapped[list[Any]] = mapped_column(default=list)
    sure: Mapped[bool] = mapped_column(default=True)
    urgency: Mapped[Word] = mapped_column(default="normal")
    sensitive: Mapped[Word | None]
    private: Mapped[bool] = mapped_column(default=False)  # never quoted, offered or repeated
    amphoe_code: Mapped[Word] = mapped_column(default="")
    tambon_code: Mapped[Word] = mapped_column(default="")
    place_sealed: Mapped[Sealed | None]  # village or landmark words and the pin, which may tell a home
    place_key: Mapped[Blind | None]  # the message that told the place: taken back, it takes the place along
    place_source: Mapped[Word] = mapped_column(default="")  # text, pin, person, staff
    status: Mapped[Word] = mapped_column(default="received")
    review: Mapped[Word] = mapped_column(default="waiting")  # of the summary: waiting, reviewed, returned
    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reviewed_at: Mapped[Time | None]
    agency: Mapped[Word] = mapped_column(default="")  # who holds it
    source_sealed: Mapped[Sealed | None]  # columns of an import, as they came, less the text
    source_key: Mapped[Word | None]
    erased_at: Mapped[Time | None]
    on_behalf: Mapped[Word] = mapped_column(
        default="", server_default=text("''")
    )  # of whom, where not the reporter's own
    proposed_at: Mapped[Time | None]  # staff said that it is solved; the second key is somebody else's
    proposed_by_id: Mapped[int | None]
    closed_at: Mapped[Time | None]
    duplicate_of_id: Mapped[int | None] = mapped_column(index=True)
    rating: Mapped[int | None]  # 1 to 5, by the one who told it

    @property
    def for_roster(self) -> bool:
        """Whether only the sensitive roster may read it; a life in danger needs all hands."""
        return self.private and self.sensitive not in OPEN_TO_STAFF

    @property
    def teller_id(self) -> int | None:
        """Whose report it is: who told it, or, while nobody says that it is theirs, who relayed it."""
        return self.reporter_id or self.relayed_by_id


class ReportPart(Base):
    """One message that belongs to a report, sealed; edits and unsends find it by its message key."""

    __tablename__ = "report_part"

    id: Mapped[Key]
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"), index=True)
    at: Mapped[Time]
    message_key: Mapped[Blind | None] = mapped_column(index=True)
    text_sealed: Mapped[Sealed | None]  # None: taken back or erased
    version: Mapped[int] = mapped_column(default=1)  # an edit adds a part with the next version
    removed_at: Mapped[Time | None]


class Medium(Base):
    """A picture, voice note, video or file of a report: first a promise, then a sealed file under the media folder."""

    __tablename__ = "medium"

    id: Mapped[Key]
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"), index=True)
    message_key: Mapped[Blind | None] = mapped_column(index=True)
    kind: Mapped[Word]
    channel: Mapped[Word]
    ref_sealed: Mapped[Sealed]
    name_sealed: Mapped[Sealed]
    state: Mapped[Word] = mapped_column(default="waiting", index=True)  # waiting, kept, failed, removed
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[Time]
    error: Mapped[str] = mapped_column(default="")
    sha256: Mapped[Word] = mapped_column(default="")
    size: Mapped[int] = mapped_column(default=0)
    media_type: Mapped[Word] = mapped_column(default="")
    album_key: Mapped[Blind | None] = mapped_column(index=True)
    position: Mapped[int] = mapped_column(default=0, server_default="0")  # within its album
    heard_sealed: Mapped[Sealed | None]  # a machine's ear's words for a voice note
    heard: Mapped[Word] = mapped_column(default="", server_default=text("''"))  # machine, confirmed, refused


class ReportEvent(Base):
    """The timeline. Rows are only added. `note_sealed` holds words of people, where there are any."""

    __tablename__ = "report_event"

    id: Mapped[Key]
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"), index=True)
    at: Mapped[Time]
    kind: Mapped[Word]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    agency: Mapped[Word] = mapped_column(default="")
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)
    note_sealed: Mapped[Sealed | None]
    public: Mapped[bool] = mapped_column(default=True)  # the reporter may see it
