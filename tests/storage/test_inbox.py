import threading
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import event
from sqlalchemy.orm import Session

from storage import due, inbox
from storage.inbox import Arrival
from storage.models import Inbox
from tests.rig import WEDNESDAY, Database


def arrival(number: int, chat: str = "C1", *, channel: str = "line", message: str = "") -> Arrival:
    return Arrival(channel, f"event-{number}", chat, f"payload {number}".encode(), message)


def keep(database: Database, arrivals: Sequence[Arrival]) -> list[inbox.Waiting]:
    with database.sessions.begin() as session:
        return inbox.keep(session, arrivals, WEDNESDAY)


def test_an_event_is_kept_once_and_in_order(database: Database) -> None:
    first = keep(database, [arrival(1), arrival(2), arrival(3)])
    assert [one.payload for one in first] == [b"payload 1", b"payload 2", b"payload 3"]
    assert [one.id for one in first] == sorted(one.id for one in first)
    again = keep(database, [arrival(2), arrival(4), arrival(1)])
    assert [one.payload for one in again] == [b"payload 4"]


def test_the_same_event_twice_in_one_request_is_one(database: Database) -> None:
    repeated = Arrival("line", "event-1", "C1", b"a redelivered copy")
    kept = keep(database, [arrival(1), repeated, arrival(2)])
    assert [one.payload for one in kept] == [b"payload 1", b"payload 2"]


def test_two_channels_may_use_the_same_id(database: Database) -> None:
    assert len(keep(database, [arrival(1), arrival(1, channel="telegram")])) == 2


def test_keeping_nothing_writes_nothing(database: Database) -> None:
    assert keep(database, []) == []


def test_a_request_is_kept_by_one_statement(database: Database) -> None:
    said: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        said.append(statement)

    with database.sessions.begin() as session:
        session.connection()
        event.listen(database.engine, "before_cursor_execute", note)
        inbox.keep(session, [arrival(number) for number in range(200)], WEDNESDAY)
        event.remove(database.engine, "before_cursor_execute", note)
    assert len([statement for statement in said if statement.startswith("INSERT")]) == 1
    if database.engine.dialect.name == "sqlite":
        assert len(said) == 3, "where the new rows begin, the rows, and their ids"
    else:
        assert len(said) == 1, "the rows come back with their ids"


def test_concurrent_copies_are_kept_once(database: Database) -> None:
    kept: list[list[inbox.Waiting]] = []
    gate = threading.Barrier(6)

    def deliver() -> None:
        gate.wait()
        kept.append(keep(database, [arrival(number) for number in range(20)]))

    threads = [threading.Thread(target=deliver) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(map(len, kept)) == 20
    with database.readers() as session:
        assert session.query(Inbox).count() == 20


def test_an_event_is_finished_once(database: Database) -> None:
    (one,) = keep(database, [arrival(1)])
    with database.sessions.begin() as session:
        assert inbox.finish(session, one.id, "done", WEDNESDAY)
        assert not inbox.finish(session, one.id, "done", WEDNESDAY)
        assert not inbox.finish(session, 999, "done", WEDNESDAY)
        assert inbox.state_of(session, "line", "event-1") == (one.id, "done")
        assert inbox.state_of(session, "line", "event-9") is None
        assert inbox.counts(session) == {"done": 1}
        assert inbox.waiting(session) == []


def test_waiting_events_come_in_pages_in_order(database: Database) -> None:
    keep(database, [arrival(number) for number in range(1005)])
    with database.readers() as session:
        ids = [one.id for one in inbox.all_waiting(session)]
        assert len(ids) == 1005
        assert ids == sorted(ids)
        assert inbox.waiting(session, limit=1)[0].payload is None
        assert inbox.payload_of(session, ids[0]) == b"payload 0"


def test_events_of_one_chat_share_a_key_and_others_do_not(database: Database) -> None:
    one, two, three, four = keep(database, [arrival(1), arrival(2), arrival(3, "C2"), arrival(4, channel="telegram")])
    assert one.chat_key == two.chat_key
    assert len({one.chat_key, three.chat_key, four.chat_key}) == 3


def test_a_buried_message_is_forgotten_and_stops_an_original_that_comes_later(database: Database) -> None:
    early, other = keep(database, [arrival(1, message="M1"), arrival(2, message="M2")])
    with database.sessions.begin() as session:
        inbox.bury(session, "line", "M1", WEDNESDAY)
        inbox.bury(session, "line", "M1", WEDNESDAY + timedelta(seconds=1))
        inbox.bury(session, "line", "M3", WEDNESDAY)
        inbox.bury(session, "line", "", WEDNESDAY)
    keep(database, [arrival(3, message="M3")])
    with database.readers() as session:
        assert inbox.payload_of(session, early.id) is None
        assert inbox.payload_of(session, other.id) == b"payload 2"
        for message, buried in (("M1", True), ("M2", False), ("M3", True)):
            assert inbox.is_buried(session, inbox.message_key(session, "line", message)) is buried
        assert not inbox.is_buried(session, inbox.message_key(session, "telegram", "M1"))
        assert not inbox.is_buried(session, None)


def schedule(session: Session, key: str, seconds: float, payload: bytes = b"ring") -> None:
    at = WEDNESDAY + timedelta(seconds=seconds)
    due.schedule(session, key, at, channel="line", chat="C1", payload=payload)


def test_due_rows_become_events_once(database: Database) -> None:
    with database.sessions.begin() as session:
        schedule(session, "close:1", 5)
        schedule(session, "close:2", 60)
        schedule(session, "close:3", 5)
        due.cancel(session, "close:3")
        assert not due.any_due(session, WEDNESDAY)
    later = WEDNESDAY + timedelta(seconds=6)
    with database.sessions.begin() as session:
        assert due.any_due(session, later)
        (fired,) = due.fire(session, later)
        assert due.fire(session, later) == []
        assert inbox.payload_of(session, fired.id) == b"ring"
        assert not due.any_due(session, later)


def test_setting_a_due_row_again_moves_it(database: Database) -> None:
    with database.sessions.begin() as session:
        schedule(session, "close:1", 5)
        schedule(session, "close:1", 50, b"later")
        assert not due.any_due(session, WEDNESDAY + timedelta(seconds=10))
        (fired,) = due.fire(session, WEDNESDAY + timedelta(seconds=51))
        assert inbox.payload_of(session, fired.id) == b"later"


def test_firing_that_is_undone_happens_later(database: Database) -> None:
    later = WEDNESDAY + timedelta(seconds=6)
    with database.sessions.begin() as session:
        schedule(session, "close:1", 5)
    with database.sessions() as session:
        assert len(due.fire(session, later)) == 1
        session.rollback()
    with database.sessions.begin() as session:
        assert len(due.fire(session, later)) == 1


def test_the_same_key_may_fire_again_at_another_time(database: Database) -> None:
    with database.sessions.begin() as session:
        schedule(session, "digest", 5)
        assert len(due.fire(session, WEDNESDAY + timedelta(seconds=9))) == 1
        schedule(session, "digest", 15)
        assert len(due.fire(session, WEDNESDAY + timedelta(seconds=19))) == 1
