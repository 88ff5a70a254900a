"""Fill a fresh try-out database: the three identities with their roles, and the invented reports as if lately told."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.sample.identities import read_identities
from bot.sample.load import SampleReport, read_samples
from handlers.desk import Desk
from handlers.filing import file_report
from storage import forums, people, reports
from storage.models import Person, Report

CHANNEL = "local"
ROLES = {"volunteer": "volunteer", "staff": "coordinator"}


def insert_samples(session: Session, desk: Desk, folder: Path, now: datetime) -> int:
    """Insert the identities where nobody is yet, and the reports where there are none; returns how many reports.

    Times are counted back from `now`. A database that somebody imported into gets no invented reports.

    :raises SampleFileError: a sample file is broken.
    """
    if session.scalar(select(Person.id).limit(1)) is None:
        _insert_identities(session, desk, now)
    if session.scalar(select(Report.id).limit(1)) is not None:
        return 0
    samples = [sample for sample in read_samples(folder) if desk.province(sample.province)]
    opened: dict[tuple[str, str], int] = {}
    for sample in sorted(samples, key=lambda sample: -sample.days_ago):
        _insert(session, desk, sample, now - timedelta(days=sample.days_ago), opened)
    return len(samples)


def _insert_identities(session: Session, desk: Desk, now: datetime) -> None:
    provinces = list(desk.directory.provinces.values())
    for identity in read_identities():
        person = people.person_of(session, CHANNEL, identity.user, now)
        person.province = provinces[0].slug
        for province in reversed(provinces if identity.role in ROLES else []):
            people.grant(
                session,
                person.id,
                ROLES[identity.role],
                province.slug,
                now,
                agency=province.lead_agency,
                sensitive=identity.role == "staff",
            )


def _insert(
    session: Session, desk: Desk, sample: SampleReport, at: datetime, opened: dict[tuple[str, str], int]
) -> None:
    province = desk.directory.provinces[sample.province]
    neighbour = people.person_of(session, CHANNEL, f"sample-{sample.province}-{sample.via}", at)
    forum_id = None
    if sample.forum:
        forum_id = opened.get((sample.province, sample.forum))
        if forum_id is None:
            forum = forums.open_forum(session, sample.province, neighbour.id, at)
            forum.name, forum.status, forum.consented, forum.submitted_at = sample.forum, "submitted", True, at
            session.flush()
            forum_id = opened[sample.province, sample.forum] = forum.id
    report = file_report(
        session,
        desk,
        desk.reader.read(sample.text, province.code),
        sample.text,
        at,
        province=province,
        reporter_id=None if sample.forum else neighbour.id,
        relayed_by_id=neighbour.id if sample.forum else None,
        forum_id=forum_id,
    )
    if sample.status != "new":
        report.status, report.agency = sample.status, province.lead_agency
        reports.add_event(session, report.id, sample.status, at, agency=province.lead_agency)
    session.flush()
