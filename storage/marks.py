"""Marks of the installation: what every process on one database must agree about."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.models import Identity, Mark
from storage.once import insert_new
from storage.vault import SealBroken, vault_of

KEY = "key"


def check_key(session: Session) -> None:
    """See that our key is the one that seals this database; the first who asks leaves the mark of theirs.

    :raises SealBroken: it is another.
    """
    vault = vault_of(session)
    ours = vault.blind("mark", KEY)
    marked = session.scalar(select(Mark.value).where(Mark.name == KEY))
    if marked is None:
        # A database of before there were marks: one of its sealed accounts tells.
        sealed = session.scalar(select(Identity.user_sealed).limit(1))
        if sealed is not None:
            vault.open(sealed, "user")
        insert_new(session, Mark, name=KEY, value=ours)
        marked = session.scalar(select(Mark.value).where(Mark.name == KEY))
    if marked != ours:
        raise SealBroken("another SECRET_KEY seals this database")
