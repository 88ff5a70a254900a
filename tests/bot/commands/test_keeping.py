from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.app import House
from bot.commands.failed import Failed
from bot.commands.keeping import erase_person, holdings_of, retain_all
from bot.letters import load_replies
from bot.links import Links
from bot.media import MediaStore
from handlers.desk import Desk
from handlers.messages import Reply
from storage import erasing, inbox, outbox, people, reports
from storage.models import Erasure, Identity, Inbox, Report
from storage.vault import derive
from tests.bot.commands.conftest import Installation
from tests.bot.doors import settings_for
from tests.rig import SECRET, WEDNESDAY, Database

WATER = "น้ำประปาไม่ไหล"


@pytest.fixture
def house(desk: Desk, database: Database, tmp_path: Path) -> House:
    return House(
        settings=settings_for(
            tmp_path,
            database_url=database.url,
            secret_key=SECRET,
            local_channel="on",
            line_channel_secret="0" * 32,
            line_channel_access_token="t" * 32,
        ),
        engine=database.engine,
        sessions=database.sessions,
        readers=database.readers,
        vault=database.vault,
        desk=desk,
        store=MediaStore(tmp_path / "media", database.vault),
        links=Links(derive(SECRET, "links")),
        secret=SECRET,
    )


@pytest.fixture
def person(database: Database) -> int:
    """Somebody who told a report, in an event that is handled."""
    with database.sessions.begin() as session:
        teller = people.person_of(session, "line", "U1", WEDNESDAY)
        report = Report(
            code="ชร-11111",
            province="chiang-rai",
            kind="problem",
            created_at=WEDNESDAY,
            updated_at=WEDNESDAY,
            reporter_id=teller.id,
            masked_text=WATER,
            summary=WATER,
            category="water",
            confidence=1.0,
        )
        reports.add(session, report, WATER, WEDNESDAY)
        (kept,) = inbox.keep(session, [inbox.Arrival("line", "e", "U1", WATER.encode(), "M1")], WEDNESDAY)
        inbox.finish(session, kept.id, "done", WEDNESDAY)
        return teller.id


def test_erasing_by_hand_is_done_at_once_and_once(house: House, database: Database, person: int) -> None:
    held = holdings_of(house, person)
    assert held is not None
    assert {name: count for name, count in held.items() if count} == {
        "accounts": 1,
        "reports": 1,
        "words": 1,
        "events": 1,
    }
    receipt, due = erase_person(house, person)
    with database.readers() as session:
        assert session.scalars(select(Report.summary)).one() == ""
        assert session.scalar(select(func.count()).select_from(Identity)) == 0
        row = session.scalars(select(Erasure)).one()
        assert row.receipt in receipt
        assert due == (row.asked_at + timedelta(days=90, hours=7)).date().isoformat()
    assert holdings_of(house, person) is None
    assert holdings_of(house, 999) is None
    with pytest.raises(Failed, match="erased"):
        erase_person(house, person)


@pytest.mark.parametrize("role", ["staff", ""])
def test_whoever_held_a_role_gets_the_villagers_menu_back_and_hears_nothing(
    house: House, database: Database, person: int, role: str
) -> None:
    with database.sessions.begin() as session:
        if role:
            people.grant(session, person, role, "chiang-rai", WEDNESDAY)
    erase_person(house, person)
    with database.readers() as session:
        posted = [(one.channel, one.chat, load_replies(one.body)) for one in outbox.all_unsent(session)]
    assert posted == ([("line", "U1", (Reply("", menu="villager"),))] if role else [])


def test_retaining_counts_first_and_then_ends_the_same(house: House, database: Database, person: int) -> None:
    later = WEDNESDAY + timedelta(days=31)
    with database.sessions.begin() as session:
        assert erasing.take(session, person, WEDNESDAY)
    dry = retain_all(house, later, dry_run=True)
    assert {kind: count for kind, _, count, _ in dry if count} == {"raw events": 1, "erasures": 1}
    assert all(why for *_, why in dry)
    with database.readers() as session:
        assert session.scalar(select(Inbox.payload_sealed))
    assert retain_all(house, later, dry_run=False) == dry
    with database.readers() as session:
        assert session.scalar(select(Inbox.payload_sealed)) is None
        assert session.scalars(select(Erasure.done_at)).one() == later
        assert session.scalars(select(Report.summary)).one() == ""
    assert not any(count for _, _, count, _ in retain_all(house, later, dry_run=True))


def test_the_command_prints_and_fails_in_one_line(bare: Installation) -> None:
    done = bare.bot("erase", "--person", 7, "--dry-run")
    assert done.returncode == 1
    assert done.stderr.decode().strip() == "sansiang: there is no person 7, or they are erased already"
