"""Sealed files in the database, for processes that share it and no disk."""

from __future__ import annotations

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from storage.models import Blob
from storage.once import insert_new


def put(session: Session, sha256: str, sealed: bytes) -> None:
    """Keep a file; nothing happens when it is there."""
    insert_new(session, Blob, sha256=sha256, sealed=sealed)


def has(session: Session, sha256: str) -> bool:
    """Whether the file of a hash is there."""
    return bool(session.scalar(select(exists().where(Blob.sha256 == sha256))))


def get(session: Session, sha256: str) -> bytes | None:
    """The sealed bytes of a hash; None when there are none."""
    return session.scalar(select(Blob.sealed).where(Blob.sha256 == sha256))


def drop(session: Session, sha256: str) -> None:
    """Delete the file of a hash; nothing happens when it is gone."""
    session.execute(delete(Blob).where(Blob.sha256 == sha256))
