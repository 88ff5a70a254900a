"""The way of one message, driven by hand: kept once, handled once, undone whole, never answered by silence."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from bot.channels.base import Envelope
from handlers.desk import Desk
from storage import due, inbox, people
from storage.models import Identity, Inbox, Outbox, Person, Report, ReportEvent, ReportPart
from tests.bot.wire import UNKNOWN, envelope, line, said
from tests.rig import SECRET, Clock, Database

WATER = "น้ำประปาไม่ไหลมาสามวันแล้ว ต.แม่ยาว อ.เมืองเชียงราย"


@pytest.fixture
def broken(desk: Desk) -> Desk:
    """A desk without a sentence that is needed: whoever says it fails in the middle of the work."""
    catalogs = {
        lang: {k: v for k, v in said.items() if k != "receipt.heard"} for lang, said in desk.texts.catalogs.items()
    }
    return replace(desk, texts=replace(desk.texts, catalogs=catalogs))


def test_a_message_becomes_a_report_and_its_receipt_together(desk: Desk, database: Database, clock: Clock) -> None:
    way = line(desk, database, clock)
    (handled,) = way.take(said(WATER))
    with database.readers() as session:
        report = session.query(Report).one()
        row = session.query(Inbox).one()
        assert (row.state, row.error, row.done_at) == ("done", "", clock())
        assert session.query(Outbox).one().inbox_id == row.id
    assert [outgoing.chat for outgoing in handled.outgoing] == ["U1"]
    assert report.code in way.told()[0]


def test_what_raises_is_undone_noted_and_apologised_for(broken: Desk, database: Database, clock: Clock) -> None:
    way = line(broken, database, clock)
    way.take(said(WATER))
    with database.readers() as session:
        assert session.query(Report).count() == 0
        assert session.query(Person).count() == 0
        row = session.query(Inbox).one()
        assert (row.state, row.error) == ("failed", "KeyError")
        assert inbox.payload_of(session, row.id), "the letter itself is kept"
    assert [text for text in way.told() if "ขอโทษค่ะ" in text]


def test_the_next_message_of_the_chat_goes_on_after_a_failure(broken: Desk, database: Database, clock: Clock) -> None:
    way = line(broken, database, clock)
    way.take(said(WATER, 1), said("สวัสดีค่ะ", 2))
    assert "ขอโทษค่ะ" in way.told()[0]
    assert "สวัสดีค่ะ" in way.told()[1]


def test_a_repeated_event_has_one_effect(desk: Desk, database: Database, clock: Clock) -> None:
    way = line(desk, database, clock)
    assert len(way.take(said(WATER))) == 1
    assert way.take(said(WATER)) == []
    assert way.take(said(WATER), said(WATER)) == []
    with database.readers() as session:
        assert session.query(Report).count() == 1
    assert len(way.told()) == 1


def test_handling_twice_leaves_the_effects_of_once(desk: Desk, database: Database, clock: Clock) -> None:
    """Two workers have the same row in hand: the one that comes second undoes all of its work."""
    way = line(desk, database, clock)
    with database.sessions.begin() as session:
        (waiting,) = way.pipeline.receive(session, [envelope(said(WATER))], clock())
    prepared = way.pipeline.prepare(way.pipeline.open(waiting))
    for expected in (1, 0):
        with database.sessions() as session:
            handled = way.pipeline.handle(session, waiting, prepared, clock())
            session.commit()
        assert len(handled.outgoing) == expected
    with database.readers() as session:
        assert session.query(Report).count() == 1
        assert session.query(ReportPart).count() == 1
        assert session.query(ReportEvent).count() == 1
        assert session.query(Outbox).count() == 1


def test_a_batch_with_one_failing_piece_keeps_the_others(desk: Desk, database: Database, clock: Clock) -> None:
    way = line(desk, database, clock)
    with database.sessions.begin() as session:
        kept = way.pipeline.receive(session, [envelope(said(WATER, n, f"U{n}")) for n in (1, 2, 3)], clock())
    with database.sessions.begin() as session:
        for waiting in kept:
            prepared = way.pipeline.prepare(way.pipeline.open(waiting))
            with session.begin_nested() as savepoint:
                way.pipeline.handle(session, waiting, prepared, clock())
                if waiting is kept[1]:
                    savepoint.rollback()
    with database.readers() as session:
        assert session.query(Report).count() == 2
        assert [waiting.id for waiting in inbox.waiting(session)] == [kept[1].id]


def test_an_event_of_no_use_is_kept_and_ignored(desk: Desk, database: Database, clock: Clock) -> None:
    way = line(desk, database, clock)
    with database.sessions.begin() as session:
        (waiting,) = way.pipeline.receive(session, [Envelope("wire", "e", "U1", UNKNOWN)], clock())
        assert (
            way.pipeline.handle(session, waiting, way.pipeline.prepare(way.pipeline.open(waiting)), clock()).outgoing
            == ()
        )
        assert inbox.counts(session) == {"ignored": 1}


def test_an_event_that_cannot_be_read_is_noted(desk: Desk, database: Database, clock: Clock) -> None:
    way = line(desk, database, clock)
    with database.sessions.begin() as session:
        (waiting,) = way.pipeline.receive(session, [Envelope("wire", "e", "U1", b"unreadable")], clock())
    way.work(waiting)
    with database.readers() as session:
        assert inbox.counts(session) == {"failed": 1}
        assert session.query(Inbox).one().error == "ValueError"


def cut_off(database: Database, session: Session) -> None:
    """Trouble in the middle of a transaction: nothing can be written any more, or the connection is lost."""
    if database.engine.dialect.name == "sqlite":
        session.connection().exec_driver_sql("PRAGMA query_only=ON")
        return
    number = session.connection().exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
    with database.engine.connect() as other:
        other.exec_driver_sql(f"SELECT pg_terminate_backend({number}, 5000)")


def test_the_databases_trouble_is_no_fault_of_the_message(desk: Desk, database: Database, clock: Clock) -> None:
    way = line(desk, database, clock)
    with database.sessions.begin() as session:
        (waiting,) = way.pipeline.receive(session, [envelope(said(WATER))], clock())
    prepared = way.pipeline.prepare(way.pipeline.open(waiting))
    with database.sessions() as session:
        cut_off(database, session)
        with pytest.raises(OperationalError):
            way.pipeline.handle(session, waiting, prepared, clock())
    database.engine.dispose()  # the connection above is of no use
    with database.sessions.begin() as session:
        assert len(way.pipeline.handle(session, waiting, prepared, clock()).outgoing) == 1


def test_a_message_taken_back_before_it_was_handled_is_never_read(desk: Desk, database: Database, clock: Clock) -> None:
    way = line(desk, database, clock)
    taken_back = said("", 2, kind="unsend", target="M1", message_id="")
    way.take(taken_back)
    way.take(said(WATER, 1))
    with database.readers() as session:
        assert session.query(Report).count() == 0
        assert inbox.counts(session) == {"done": 2}
    assert way.told() == []


def test_a_message_taken_back_while_it_waits_is_forgotten_by_the_inbox(
    desk: Desk, database: Database, clock: Clock
) -> None:
    way = line(desk, database, clock)
    with database.sessions.begin() as session:
        (waiting,) = way.pipeline.receive(session, [envelope(said(WATER, 1))], clock())
    way.take(said("", 2, kind="unsend", target="M1", message_id=""))
    with database.sessions.begin() as session:
        assert inbox.payload_of(session, waiting.id) is None
        way.pipeline.handle(session, waiting, way.pipeline.prepare(way.pipeline.open(waiting)), clock())
    with database.readers() as session:
        assert session.query(Report).count() == 0


def test_the_reply_token_goes_with_the_first_parcel_of_the_chat_while_it_is_fresh(
    desk: Desk, database: Database, clock: Clock
) -> None:
    way = line(desk, database, clock)
    (handled,) = way.take(said("ที่บ้านเรามันแย่มากเลย ช่วยดูให้หน่อย", 1, reply_token="token-1"))
    assert [outgoing.token for outgoing in handled.outgoing] == ["token-1", ""]
    clock.move(seconds=51)
    (late,) = way.take(said("สวัสดีค่ะ", 2, reply_token="token-2"))
    assert [outgoing.token for outgoing in late.outgoing] == [""]


def test_news_go_to_the_other_person_and_the_token_stays_here(desk: Desk, database: Database, clock: Clock) -> None:
    way = line(desk, database, clock)
    way.take(said(WATER, 1))
    with database.sessions.begin() as session:
        people.add_invite(session, "SS-1111-1111", "staff", "chiang-rai", clock(), agency="สปสช.")
        report_id = session.query(Report).one().id
    way.take(said("SS-1111-1111", 2, "officer"))
    press = said(
        "", 3, "officer", kind="postback", reply_token="mine", postback=desk.postback("case.accept", report_id)
    )
    (handled,) = way.take(press)
    assert [(outgoing.chat, outgoing.token) for outgoing in handled.outgoing] == [("officer", "mine"), ("U1", "")]


def test_a_person_of_a_channel_that_is_gone_stops_nobody(desk: Desk, database: Database, clock: Clock) -> None:
    way = line(desk, database, clock)
    with database.sessions.begin() as session:
        people.add_invite(session, "SS-1111-1111", "staff", "chiang-rai", clock(), agency="สปสช.")
    way.take(said(WATER, 1), said("SS-1111-1111", 2, "officer"))
    with database.sessions.begin() as session:
        session.query(Identity).filter_by(person_id=1).update({"channel": "gone"})
        report_id = session.query(Report).one().id
    (handled,) = way.take(said("", 3, "officer", kind="postback", postback=desk.postback("case.accept", report_id)))
    assert [outgoing.chat for outgoing in handled.outgoing] == ["officer"]


def test_a_tick_turns_due_rows_into_events(desk: Desk, database: Database, clock: Clock) -> None:
    way = line(desk, database, clock)
    with database.sessions.begin() as session:
        payload = envelope(said("สวัสดีค่ะ", 9)).payload
        due.schedule(session, "x", clock() + timedelta(minutes=1), channel="wire", chat="U1", payload=payload)
        assert not way.pipeline.is_due(session, clock())
    clock.move(minutes=2)
    with database.sessions.begin() as session:
        (fired,) = way.pipeline.tick(session, clock())
        assert way.pipeline.tick(session, clock()) == []
        assert fired.payload == payload


def test_the_raw_database_holds_no_words_and_no_ids_in_clear(desk: Desk, database: Database, clock: Clock) -> None:
    way = line(desk, database, clock)
    user, token = "Uc0ffee5ca1ab1edeadbeef", "reply-token-7f3a"
    words = "คุณสมศรี มั่งมี โทร 081-234-5678 บอกว่าน้ำไม่ไหลที่บ้านห้วยขมในซอยวัดเก่า"
    with database.sessions.begin() as session:
        people.add_invite(session, "SS-7K2M-Q9XD", "volunteer", "chiang-rai", clock())
    photo = said(words, 1, user, reply_token=token)
    way.take(photo, said("SS-7K2M-Q9XD", 2, user), said("เวที", 3, user), said("เวทีลับบ้านห้วยขม", 4, user))
    way.take(said("หนูชื่อมาลี เลขบัตร 1-1037-02071-81-1 ไม่มีน้ำใช้", 5, user))
    with database.readers() as session:
        assert session.query(Report).count() == 1
        masked = session.query(Report).one().masked_text
        assert "5678" not in masked
    raw = database.raw()
    hidden = [user, token, "081-234-5678", "0812345678", "SS-7K2M-Q9XD", "7K2MQ9XD", words, "1-1037-02071-81-1"]
    hidden += ["wire:" + user, "หนูชื่อมาลี", SECRET]
    for secret in hidden:
        for encoding in ("utf-8", "utf-16-le", "ascii"):
            if encoding == "ascii" and not secret.isascii():
                continue
            assert secret.encode(encoding) not in raw, secret
    # The search can find what is there.
    assert masked.encode() in raw


def test_a_forums_header_holds_no_personal_data_in_clear(desk: Desk, database: Database, clock: Clock) -> None:
    way = line(desk, database, clock)
    with database.sessions.begin() as session:
        people.add_invite(session, "SS-BBBB-BBBB", "volunteer", "chiang-rai", clock())
    way.take(said("SS-BBBB-BBBB", 1), said("เวที", 2), said("นางสมศรี 081-234-5678 บอกว่าน้ำไม่ไหล", 3))
    assert b"081-234-5678" not in database.raw()
