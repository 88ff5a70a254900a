from datetime import timedelta

import pytest

from storage import leases, marks, people
from storage.models import Mark
from storage.vault import SealBroken, Vault
from tests.rig import WEDNESDAY, Clock, Database

LIFE = timedelta(seconds=6)


def take(database: Database, holder: str, clock: Clock) -> bool:
    with database.sessions.begin() as session:
        return leases.take(session, "telegram", holder, clock(), clock() + LIFE)


def test_one_holds_a_lease_until_it_runs_out(database: Database, clock: Clock) -> None:
    assert take(database, "a", clock)
    assert not take(database, "b", clock)
    clock.move(seconds=5)
    assert take(database, "a", clock), "who holds it makes it last"
    clock.move(seconds=5)
    assert not take(database, "b", clock)
    clock.move(seconds=1)
    assert take(database, "b", clock)
    assert not take(database, "a", clock), "who woke late does not have it any more"


def test_the_first_key_marks_the_database_and_no_other_fits(database: Database) -> None:
    with database.sessions.begin() as session:
        marks.check_key(session)
        marks.check_key(session)
        assert session.query(Mark).count() == 1
        session.info["vault"] = Vault("another secret of an installation")
        with pytest.raises(SealBroken):
            marks.check_key(session)


def test_a_database_of_before_there_were_marks_is_told_by_what_it_holds(database: Database) -> None:
    with database.sessions.begin() as session:
        people.person_of(session, "line", "U1", WEDNESDAY)
    with database.sessions.begin() as session:
        session.info["vault"] = Vault("another secret of an installation")
        with pytest.raises(SealBroken):
            marks.check_key(session)
        assert session.query(Mark).count() == 0
