"""Media: promised with a report, fetched after the commit, forgotten with the message that brought them."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from storage.models import Medium, Report
from storage.reports import add_event
from storage.vault import vault_of

FORGET = 50  # files removed in one transaction: it holds up every other writer


def promise(
    session: Session,
    report: Report,
    kind: str,
    channel: str,
    ref: str,
    now: datetime,
    *,
    name: str = "",
    message: bytes | None = None,
    album: bytes | None = None,
    position: int = 0,
) -> Medium:
    """Promise a medium: its bytes are fetched after the commit. `album`: see `album_key`, `position` lies within it."""
    vault = vault_of(session)
    medium = Medium(
        report_id=report.id,
        message_key=message,
        kind=kind,
        channel=channel,
        ref_sealed=vault.seal(ref, "ref"),
        name_sealed=vault.seal(name, "name"),
        next_at=now,
        album_key=album,
        position=position,
    )
    session.add(medium)
    session.flush()
    session.info.setdefault("promised", []).append(medium.id)
    return medium


def promised(session: Session) -> tuple[int, ...]:
    """Ids of the media promised in this session, in order."""
    return tuple(session.info.get("promised", ()))


def of_report(session: Session, report_id: int) -> list[Medium]:
    """A report's media, oldest first, an album's in its own order; those taken back left out."""
    rows = select(Medium).where(Medium.report_id == report_id, Medium.state != "removed").order_by(Medium.id)
    found = list(session.scalars(rows))
    came: dict[bytes | int, int] = {}
    for medium in found:
        came.setdefault(medium.album_key or medium.id, medium.id)
    return sorted(found, key=lambda medium: (came[medium.album_key or medium.id], medium.position, medium.id))


def album_key(session: Session, channel: str, user: str, album: str) -> bytes | None:
    """Blind index of a person's album; None for what belongs to none."""
    return vault_of(session).blind("album", channel, f"{user}/{album}") if album else None


def report_of_album(session: Session, album: bytes) -> int | None:
    """The report that an album's first pieces went to."""
    row = select(Medium.report_id).where(Medium.album_key == album, Medium.state != "removed")
    return session.scalar(row.order_by(Medium.id.desc()).limit(1))


def report_of_message(session: Session, message: bytes) -> int | None:
    """The report that the media of a message belong to."""
    row = select(Medium.report_id).where(Medium.message_key == message, Medium.state != "removed")
    return session.scalar(row.limit(1))


def waiting(session: Session, now: datetime, limit: int = 200, *, known: Collection[str] | None = None) -> list[int]:
    """Ids of media whose bytes are still to be fetched and whose time has come; `known`: of these channels only."""
    wanted = select(Medium.id).where(Medium.state == "waiting", Medium.next_at <= now).order_by(Medium.id).limit(limit)
    return list(session.scalars(wanted if known is None else wanted.where(Medium.channel.in_(known))))


@dataclass(frozen=True, slots=True)
class ToFetch:
    """A medium to be fetched. `name` is its file's, '' where it has none."""

    id: int
    report_id: int
    kind: str
    name: str
    channel: str
    ref: str
    attempts: int


def to_fetch(session: Session, medium_id: int) -> ToFetch | None:
    """What is needed to fetch a medium; None when it is not waiting any more."""
    medium = session.get(Medium, medium_id)
    if medium is None or medium.state != "waiting":
        return None
    ref = vault_of(session).open(medium.ref_sealed, "ref")
    name = name_of(session, medium)
    return ToFetch(medium.id, medium.report_id, medium.kind, name, medium.channel, ref, medium.attempts)


def name_of(session: Session, medium: Medium) -> str:
    """The name of the file as it was sent; '' where it had none or it was taken back."""
    return "" if medium.state == "removed" else vault_of(session).open(medium.name_sealed, "name")


def hold(session: Session, medium_id: int, until: datetime) -> None:
    """Keep others from fetching a medium until a time: somebody is at it."""
    mine = update(Medium).where(Medium.id == medium_id, Medium.state == "waiting")
    session.connection().execute(mine.values(next_at=until))


def settle(session: Session, medium_id: int, state: str, now: datetime, **values: Any) -> bool:
    """Note how fetching ended; False when the medium was taken back meanwhile: then its file must go."""
    turned = session.connection().execute(
        update(Medium)
        .where(Medium.id == medium_id, Medium.state == "waiting")
        .values(state=state, attempts=Medium.attempts + 1, **values)
    )
    if turned.rowcount and state == "failed":
        report_id = session.scalar(select(Medium.report_id).where(Medium.id == medium_id))
        if report_id is not None:
            add_event(session, report_id, "medium_lost", now, medium=medium_id)
            session.flush()
    return bool(turned.rowcount)


def in_use(session: Session, sha256: str) -> bool:
    """Whether a kept medium still needs the file of a hash."""
    return session.scalar(select(Medium.id).where(Medium.sha256 == sha256, Medium.state == "kept").limit(1)) is not None


def by_id(session: Session, medium_id: int) -> Medium | None:
    """The medium of a row id."""
    return session.get(Medium, medium_id)


def has_forgotten_files(session: Session) -> bool:
    """Whether there are files to forget: a look that costs no write."""
    return session.scalar(select(Medium.id).where(Medium.state == "removed", Medium.sha256 != "").limit(1)) is not None


def forget_files(session: Session, remove: Callable[[str], None] | None = None) -> list[str]:
    """Remove the files of media whose messages were taken back, as far as no kept medium needs them; their hashes.

    A file goes before its row forgets its hash: a crash between the two leaves a row that asks again. `remove` must
    therefore bear with a file that is gone; what it raises leaves the rows as they were.
    """
    removed = select(Medium).where(Medium.state == "removed", Medium.sha256 != "").limit(FORGET)
    gone = list(session.scalars(removed.with_for_update(skip_locked=True)))
    unused = [sha256 for sha256 in sorted({medium.sha256 for medium in gone}) if not in_use(session, sha256)]
    if remove is not None:
        for sha256 in unused:
            remove(sha256)
    for medium in gone:
        medium.sha256 = ""
    session.flush()
    return unused


def move(session: Session, message: bytes, report_id: int) -> None:
    """Let the media of a message, and of the albums that they are part of, belong to another report."""
    albums = select(Medium.album_key).where(Medium.message_key == message, Medium.album_key.is_not(None))
    here = or_(Medium.message_key == message, Medium.album_key.in_(albums.scalar_subquery()))
    session.execute(
        update(Medium).where(here).values(report_id=report_id), execution_options={"synchronize_session": "fetch"}
    )
