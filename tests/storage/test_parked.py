import threading
from datetime import timedelta

from storage import inbox, parked, people
from storage.inbox import Arrival
from storage.models import Audit, Inbox
from tests.rig import WEDNESDAY, Database

NORTH, SOUTH = "chiang-rai", "phatthalung"


def park(database: Database, number: int, province: str, *, event: str = "") -> int:
    """Keep an event and park it; one that was parked before and waits again is parked once more."""
    with database.sessions.begin() as session:
        arrival = Arrival("line", event or f"event-{number}", f"C{number}", b"words", f"M{number}")
        inbox.keep(session, [arrival], WEDNESDAY + timedelta(minutes=number))
        row = inbox.state_of(session, "line", arrival.event_id)
        assert row is not None
        assert inbox.finish(session, row[0], "failed", WEDNESDAY, "KeyError")
        parked.park(session, row[0], province, WEDNESDAY)
        return row[0]


def a_person(database: Database, user: str = "U1") -> int:
    with database.sessions.begin() as session:
        return people.person_of(session, "line", user, WEDNESDAY).id


def test_parked_events_are_counted_and_listed_by_province_oldest_first(database: Database) -> None:
    one, two, nowhere, four = [park(database, n, slug) for n, slug in enumerate((NORTH, SOUTH, "", NORTH))]
    with database.readers() as session:
        assert [parked.count(session, [slug]) for slug in (NORTH, SOUTH, "trat")] == [3, 2, 1]
        assert [row.id for row in parked.page(session, [NORTH], 0, 5)] == [one, nowhere, four]
        assert [row.id for row in parked.page(session, [NORTH, SOUTH], 1, 2)] == [two, nowhere]
        (row,) = parked.page(session, ["trat"], 0, 5)
        at = WEDNESDAY + timedelta(minutes=2)
        assert (row.channel, row.received_at, row.error, row.rounds) == ("line", at, "KeyError", 1)


def test_what_was_taken_back_is_neither_listed_nor_tried_again(database: Database) -> None:
    row = park(database, 1, NORTH)
    actor = a_person(database)
    with database.sessions.begin() as session:
        inbox.bury(session, "line", "M1", WEDNESDAY)
        assert parked.count(session, [NORTH]) == 0
        assert parked.page(session, [NORTH], 0, 5) == []
        assert parked.revive(session, [NORTH], WEDNESDAY, actor_id=actor) == 0
        assert parked.revive(session, [NORTH], WEDNESDAY, actor_id=actor, inbox_id=row) == 0
        assert parked.park(session, row, NORTH, WEDNESDAY) == 0
        assert parked.revived(session) == ()


def test_a_revived_event_is_the_row_that_it_was_and_waits_once(database: Database) -> None:
    mine, other = park(database, 1, NORTH), park(database, 2, SOUTH)
    actor = a_person(database)
    with database.sessions.begin() as session:
        session.query(Inbox).filter_by(id=mine).update({"attempts": 5})
    with database.sessions.begin() as session:
        assert parked.revive(session, [NORTH], WEDNESDAY, actor_id=actor, inbox_id=other) == 0
        assert parked.revive(session, [NORTH], WEDNESDAY, actor_id=actor) == 1
        assert parked.revive(session, [NORTH], WEDNESDAY, actor_id=actor) == 0
        (again,) = parked.revived(session)
        assert (again.id, again.channel, again.payload, again.attempts) == (mine, "line", None, 0)
        assert inbox.waiting_of(session, again.chat_key) == [again]
    with database.readers() as session:
        assert inbox.payload_of(session, mine) == b"words"
        assert [(note.subject_id, note.actor_id) for note in session.query(Audit).filter_by(act="retried")] == [
            (mine, actor)
        ]
        assert parked.count(session, [NORTH, SOUTH]) == 1


def test_an_event_that_is_parked_again_is_listed_once_with_its_rounds(database: Database) -> None:
    row = park(database, 1, NORTH)
    with database.sessions.begin() as session:
        parked.revive(session, [NORTH], WEDNESDAY, actor_id=people.person_of(session, "line", "U1", WEDNESDAY).id)
    assert park(database, 1, NORTH) == row
    with database.readers() as session:
        assert [(one.id, one.rounds) for one in parked.page(session, [NORTH], 0, 5)] == [(row, 2)]
        assert parked.count(session, [NORTH]) == 1


def test_two_who_try_everything_again_at_the_same_time_share_it(database: Database) -> None:
    rows = [park(database, number, NORTH) for number in range(20)]
    actors = [a_person(database, user) for user in ("U1", "U2")]
    gate = threading.Barrier(2)
    counts: list[int] = []

    def press(actor: int) -> None:
        gate.wait()
        with database.sessions.begin() as session:
            counts.append(parked.revive(session, [NORTH], WEDNESDAY, actor_id=actor))

    threads = [threading.Thread(target=press, args=(actor,)) for actor in actors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(counts) == [0, len(rows)]
    with database.readers() as session:
        assert session.query(Audit).filter_by(act="retried").count() == len(rows)


def may(database: Database, person: int, **later: float) -> bool:
    with database.sessions.begin() as session:
        return parked.may_notify(session, person, WEDNESDAY + timedelta(**later))


def test_who_does_not_look_is_told_once_a_day(database: Database) -> None:
    person, other = a_person(database), a_person(database, "U2")
    assert may(database, person)
    assert may(database, other), "each coordinator for themselves"
    assert not may(database, person, hours=23)
    assert may(database, person, hours=24)


def test_who_looked_is_told_of_news_an_hour_later(database: Database) -> None:
    person = a_person(database)
    with database.sessions.begin() as session:
        parked.looked(session, person, WEDNESDAY)
    assert may(database, person), "a look before anything was told delays nothing"
    with database.sessions.begin() as session:
        parked.looked(session, person, WEDNESDAY + timedelta(minutes=10))
    assert not may(database, person, minutes=69)
    with database.sessions.begin() as session:
        parked.looked(session, person, WEDNESDAY + timedelta(minutes=69))
    assert may(database, person, minutes=70), "a second look does not delay it further"


def test_of_many_that_fail_at_the_same_time_one_may_tell(database: Database) -> None:
    person = a_person(database)
    gate = threading.Barrier(8)
    told: list[bool] = []

    def tell() -> None:
        gate.wait()
        told.append(may(database, person))

    threads = [threading.Thread(target=tell) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == [False] * 7 + [True]


def test_a_person_s_province_is_known_by_their_account(database: Database) -> None:
    with database.sessions.begin() as session:
        people.person_of(session, "line", "U1", WEDNESDAY).province = NORTH
        people.person_of(session, "line", "U2", WEDNESDAY)
    with database.readers() as session:
        assert [parked.province_of(session, "line", user) for user in ("U1", "U2", "U3")] == [NORTH, "", ""]
        assert parked.province_of(session, "telegram", "U1") == ""
