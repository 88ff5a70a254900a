"""Leases: the right to do what only one process may do at a time. Who dies loses it by the clock."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from storage.models import Lease
from storage.once import insert_new


def take(session: Session, name: str, holder: str, now: datetime, until: datetime) -> bool:
    """Take a lease, or make one's own last longer; False while another holds it."""
    mine = update(Lease).where(Lease.name == name, (Lease.holder == holder) | (Lease.until <= now))
    if session.connection().execute(mine.values(holder=holder, until=until)).rowcount:
        return True
    return insert_new(session, Lease, name=name, holder=holder, until=until)
