"""Parked messages tried again: what becomes of them, and whose finger may do it."""

from __future__ import annotations

import pytest

from handlers.desk import Desk
from nlp.reader import Reader
from storage import people, reports
from storage.models import Audit, Inbox, Report
from tests.bot.post import SORRY, STUCK, WATER, Post, open_post
from tests.bot.wire import said
from tests.rig import Clock, Database


@pytest.fixture
def post(desk: Desk, reader: Reader, database: Database, clock: Clock) -> Post:
    return open_post(desk, reader, database, clock)


def test_a_mended_house_makes_a_report_of_it_hours_later(post: Post) -> None:
    post.say("U1", WATER)
    told = post.look("coordinator")
    post.reader.over.clear()
    post.way.clock.move(hours=5)
    handled = post.press("coordinator", post.button("ลองใหม่ทั้งหมด", told))
    assert "กำลังลองใหม่ 1 ข้อความ" in post.told(handled)[0].text
    (waiting,) = handled.revived
    after = post.again(waiting)
    assert [(outgoing.chat, outgoing.token) for outgoing in after.outgoing] == [("U1", "")]
    with post.way.database.readers() as session:
        report = session.query(Report).one()
        row = session.query(Inbox).filter_by(id=waiting.id).one()
        assert (row.state, row.error) == ("done", "")
        coordinator = people.person_of(session, "wire", "coordinator", post.way.clock())
        (note,) = session.query(Audit).filter_by(act="retried")
        assert (note.actor_id, note.subject, note.subject_id) == (coordinator.id, "inbox", waiting.id)
    assert report.code in post.told(after)[0].text
    with post.way.database.readers() as session:
        assert reports.words_of(session, report.id) == WATER
    post.way.take(said("", 99, "U1", post.way.clock(), kind="unsend", target="M4", message_id=""))
    with post.way.database.readers() as session:
        assert reports.words_of(session, report.id) == "", "who takes it back still finds it"


def test_what_fails_again_is_parked_again_and_its_sender_is_not_told_twice(post: Post) -> None:
    post.say("U1", WATER)
    told = post.look("coordinator")
    handled = post.press("coordinator", post.button("ลองใหม่ทั้งหมด", told))
    assert post.again(handled.revived[0]).outgoing == ()
    (listed,) = post.look("coordinator")
    assert "ลองแล้ว 2 รอบ" in listed.text
    assert sum(text.startswith(SORRY) for text in post.way.told()) == 1
    post.way.clock.move(hours=1)
    handled = post.press("coordinator", post.button("ลองใหม่ทั้งหมด", [listed]))
    (notice,) = post.told(post.again(handled.revived[0]))
    assert notice.text.startswith(STUCK)


def test_one_alone_is_tried_again_and_an_old_button_or_a_second_press_does_nothing(post: Post) -> None:
    post.say("U1", WATER)
    post.say("U2", WATER)
    (listed,) = post.look("coordinator")
    assert listed.card is not None
    one, two = listed.card.rows
    assert len(post.press("coordinator", one.postback).revived) == 1
    again = post.press("coordinator", one.postback)
    assert (again.revived, post.told(again)[0].text) == ((), "ข้อความนี้ไม่อยู่ในรายการค้างแล้วค่ะ")
    everything = post.button("ลองใหม่ทั้งหมด", [listed])
    assert len(post.press("coordinator", everything).revived) == 1
    again = post.press("coordinator", everything)
    assert (again.revived, post.told(again)[0].text) == ((), "ไม่มีข้อความค้างแล้วค่ะ")
    assert post.press("coordinator", two.postback).revived == ()
    for odd in ("park.one", "park.one:x", "park.one:99999999999999999999"):
        assert post.press("coordinator", post.way.pipeline.desk.postback(*odd.split(":"))).revived == ()


@pytest.mark.parametrize("user", ["officer", "U1"])
def test_somebody_else_s_finger_is_refused_kindly(post: Post, user: str) -> None:
    post.say("U1", WATER)
    (listed,) = post.look("coordinator")
    assert listed.card is not None
    for pressed in (listed.card.rows[0].postback, *(b.postback for b in listed.buttons if b.postback)):
        handled = post.press(user, pressed)
        assert handled.revived == ()
        assert "มีผู้ประสานงานดูแลอยู่" in post.told(handled)[0].text
    (refused,) = post.look(user)
    assert refused.card is None


def test_another_province_s_coordinator_moves_nothing(post: Post) -> None:
    post.say("U1", WATER)
    (listed,) = post.look("coordinator")
    assert listed.card is not None
    handled = post.press("southerner", listed.card.rows[0].postback)
    assert (handled.revived, "ไม่อยู่ในรายการค้าง" in post.told(handled)[0].text) == ((), True)
    assert post.press("southerner", post.button("ลองใหม่ทั้งหมด", [listed])).revived == ()


def test_a_message_taken_back_meanwhile_is_not_tried_again(post: Post) -> None:
    post.say("U1", WATER)
    (listed,) = post.look("coordinator")
    assert listed.card is not None
    post.way.take(said("", 90, "U1", post.way.clock(), kind="unsend", target="M4", message_id=""))
    assert post.press("coordinator", listed.card.rows[0].postback).revived == ()
    assert post.press("coordinator", post.button("ลองใหม่ทั้งหมด", [listed])).revived == ()
    with post.way.database.readers() as session:
        assert session.query(Report).count() == 0
