"""What processes on one database share: who does a thing that only one may do, marks, and files where no disk is one.

Only PostgreSQL serves several processes; the tables are there on SQLite too, so that one schema serves both.
"""

from __future__ import annotations

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Base, Time, Word


class Lease(Base):
    """The right to do what only one process may do at a time, until it runs out."""

    __tablename__ = "lease"

    name: Mapped[Word] = mapped_column(primary_key=True)
    holder: Mapped[Word]
    until: Mapped[Time]


class Mark(Base):
    """A mark of the installation, such as the one of its key: what a process must agree with to serve here."""

    __tablename__ = "mark"

    name: Mapped[Word] = mapped_column(primary_key=True)
    value: Mapped[bytes] = mapped_column(LargeBinary)


class Blob(Base):
    """A sealed file by the SHA-256 of what is in it, for processes that share a database and no disk."""

    __tablename__ = "blob"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
