"""Inbox, outbox, due rows and tombstones: the truth about what came, what goes, and what is to come."""

from __future__ import annotations

from sqlalchemy import Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, Blind, Key, Sealed, Time, Word

# Partial indexes: only what is still to do is searched, however long the history grows. By chat only PostgreSQL looks:
# on SQLite one process holds the chats in memory.
WAITING = text("state = 'waiting'")


class Inbox(Base):
    """One platform event, durable before the platform gets its answer. (channel, event_id) happens once."""

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("channel", "event_id"),
        Index("ix_inbox_waiting", "state", "id", sqlite_where=WAITING, postgresql_where=WAITING),
        Index("ix_inbox_chat_waiting", "chat_key", "id", postgresql_where=WAITING).ddl_if(dialect="postgresql"),
    )

    id: Mapped[Key]
    channel: Mapped[Word]
    event_id: Mapped[str] = mapped_column(String(200))
    chat_key: Mapped[Blind]
    message_key: Mapped[Blind | None] = mapped_column(index=True)
    payload_sealed: Mapped[Sealed | None]  # None once taken back or past retention
    received_at: Mapped[Time]
    state: Mapped[Word] = mapped_column(default="waiting")  # waiting, done, ignored, failed
    error: Mapped[str] = mapped_column(default="")
    done_at: Mapped[Time | None]
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")  # workers that died with it in hand


class Outbox(Base):
    """One parcel for one chat: written in the transaction of the message that caused it, sent afterwards."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_waiting", "next_at", sqlite_where=WAITING, postgresql_where=WAITING),
        Index("ix_outbox_chat_waiting", "chat_key", "id", postgresql_where=WAITING).ddl_if(dialect="postgresql"),
    )

    id: Mapped[Key]
    channel: Mapped[Word]
    chat_key: Mapped[Blind]
    chat_sealed: Mapped[Sealed]
    inbox_id: Mapped[int | None] = mapped_column(index=True)
    body_sealed: Mapped[Sealed | None]
    token_sealed: Mapped[Sealed | None]
    token_until: Mapped[Time | None]
    retry_key: Mapped[Word]
    quota: Mapped[Word]
    state: Mapped[Word] = mapped_column(default="waiting")  # waiting, sent, failed, blocked
    attempts: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[Time | None]
    next_at: Mapped[Time]
    error: Mapped[str] = mapped_column(default="")
    created_at: Mapped[Time]
    sent_at: Mapped[Time | None]


class Due(Base):
    """Something to happen at a time. Falling due, it becomes an inbox row: timers are messages too."""

    __tablename__ = "due"

    id: Mapped[Key]
    key: Mapped[Word] = mapped_column(unique=True)  # what it is about; setting it again moves it
    at: Mapped[Time] = mapped_column(index=True)
    channel: Mapped[Word]
    chat_sealed: Mapped[Sealed]
    payload_sealed: Mapped[Sealed]


class Tombstone(Base):
    """A message that was taken back: a late or repeated original finds it and stays unread."""

    __tablename__ = "tombstone"

    message_key: Mapped[Blind] = mapped_column(primary_key=True)
    at: Mapped[Time]
