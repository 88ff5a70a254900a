"""People, how they are reached, what they may do, and what they agreed to."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, Blind, Key, Sealed, Time, Word


class Person(Base):
    """A human being who writes to us, or whom somebody relays. No name is asked and none is kept."""

    __tablename__ = "person"

    id: Mapped[Key]
    created_at: Mapped[Time]
    language: Mapped[Word] = mapped_column(default="th")
    province: Mapped[Word] = mapped_column(default="")  # slug of the last one understood
    tambon_code: Mapped[Word] = mapped_column(default="")
    noticed_at: Mapped[Time | None]  # the privacy notice was shown
    muted_at: Mapped[Time | None]  # wants no notices
    paused_at: Mapped[Time | None]  # paused the use of their data
    banned_at: Mapped[Time | None]
    erased_at: Mapped[Time | None]
    open_report_id: Mapped[int | None]  # the report that additions go to until quiet_until
    quiet_until: Mapped[Time | None]
    awaited_by_id: Mapped[int | None]  # the officer whose question the next words answer
    burst_at: Mapped[Time | None]  # when the minute began in which `burst` messages came
    burst: Mapped[int] = mapped_column(default=0, server_default="0")


class Identity(Base):
    """One account of a person on a channel. The platform's id is sealed; look-ups go by its blind index."""

    __tablename__ = "identity"
    __table_args__ = (UniqueConstraint("channel", "user_key"),)

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    channel: Mapped[Word]
    user_key: Mapped[Blind]
    user_sealed: Mapped[Sealed]
    created_at: Mapped[Time]
    blocked_at: Mapped[Time | None]
    private_at: Mapped[Time | None]  # when they first wrote in private: only then may a platform let us write first


class Role(Base):
    """What a person may do, where, and for whom. A role ends by `revoked_at`; it is never deleted."""

    __tablename__ = "role"

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[Word]  # volunteer, staff, coordinator, admin
    province: Mapped[Word]
    agency: Mapped[Word] = mapped_column(default="")
    amphoe: Mapped[Word] = mapped_column(default="")
    sensitive: Mapped[bool] = mapped_column(default=False)  # on the roster that sees sensitive reports
    granted_at: Mapped[Time]
    revoked_at: Mapped[Time | None]


class Invite(Base):
    """A one-use code. Only its blind index is kept, so the table gives no code away."""

    __tablename__ = "invite"

    id: Mapped[Key]
    code_key: Mapped[Blind] = mapped_column(unique=True)
    role: Mapped[Word]
    province: Mapped[Word]
    agency: Mapped[Word] = mapped_column(default="")
    amphoe: Mapped[Word] = mapped_column(default="")
    sensitive: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[Time]
    expires_at: Mapped[Time]
    used_at: Mapped[Time | None]
    used_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class Consent(Base):
    """One decision of a person about their data. Rows are added, never changed: the newest of a kind holds."""

    __tablename__ = "consent"
    __table_args__ = (Index(None, "person_id", "kind"),)

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[Word]  # general; health (s.26); forum
    version: Mapped[Word]  # of the notice's wording
    given: Mapped[bool]
    at: Mapped[Time]
    report_id: Mapped[int | None] = mapped_column(ForeignKey("report.id"))
    forum_id: Mapped[int | None] = mapped_column(ForeignKey("forum.id"))


class Erasure(Base):
    """A request to be erased, with its receipt and the day it is due (PDPA s.33: 90 days at most)."""

    __tablename__ = "erasure"

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    receipt: Mapped[Word] = mapped_column(unique=True)
    asked_at: Mapped[Time]
    due_at: Mapped[Time]
    done_at: Mapped[Time | None]


class Dialogue(Base):
    """What a person is in the middle of: a pending question, an open forum. One at most."""

    __tablename__ = "dialogue"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, autoincrement=False)
    name: Mapped[Word]
    data_sealed: Mapped[Sealed]
    updated_at: Mapped[Time]
