"""What others hear of a report that is, or has become, private: how it stands, and not who deals with it or why."""

from __future__ import annotations

import pytest

from bot.tracking import look
from handlers.desk import Desk
from handlers.messages import Reply
from storage import people
from storage.models import Person
from tests.handlers.talk import CHANNEL, Invited
from tests.handlers.village import Village, open_village, told
from tests.rig import Clock, Database

AGENCY = "สพฉ."
GRAVE = ({"private": True, "urgency": "emergency"}, {"sensitive": "health_private"})


@pytest.fixture
def village(desk: Desk, database: Database, clock: Clock) -> Village:
    village = open_village(desk, database, clock)
    village.talk.invite(Invited(code="SS-2222-2222", role="staff", agency=AGENCY, sensitive=True))
    village.say("วิภา", "SS-2222-2222")
    village.press("ลุงแก้ว", "same.yes", 2, 1)
    return village


def end(village: Village, action: str, act: str) -> list[Reply]:
    village.press("วิภา", action, 1)
    village.say("วิภา", "ส่งหมอไปที่บ้านแล้ว")
    return village.press("วิภา", "end.send", 1, act)


def test_neighbours_of_what_everybody_may_read_hear_who_deals_with_it(village: Village) -> None:
    assert AGENCY in told(village.press("วิภา", "case.accept", 1))["ลุงแก้ว"]


@pytest.mark.parametrize("grave", GRAVE, ids=" ".join)
def test_neighbours_of_what_turned_grave_hear_no_agency_and_no_words(
    village: Village, grave: dict[str, object]
) -> None:
    village.change(1, **grave)
    for replies in (
        village.press("วิภา", "case.accept", 1),
        village.press("วิภา", "case.work", 1),
        end(village, "end.fix", "proposed"),
    ):
        heard = told(replies)
        assert village.report(2).code in heard["ลุงแก้ว"]
        assert AGENCY not in heard["ลุงแก้ว"]
        assert "หมอ" not in heard["ลุงแก้ว"]
        assert AGENCY in heard["ป้าบัว"], "who told it may know"


@pytest.mark.parametrize("grave", GRAVE, ids=" ".join)
def test_a_button_that_a_neighbour_kept_tells_no_agency_of_what_turned_grave(
    village: Village, grave: dict[str, object]
) -> None:
    village.press("วิภา", "case.accept", 1)
    village.change(1, **grave)
    for action in ("key.yes", "key.rate"):
        said = " ".join(reply.text for reply in village.press("ลุงแก้ว", action, 1, *("5",) * (action == "key.rate")))
        assert "รับเรื่องแล้ว" in said
        assert AGENCY not in said


@pytest.mark.parametrize("act", ["not", "cannot"])
def test_neighbours_hear_no_agency_either_where_nothing_is_done(village: Village, act: str) -> None:
    village.change(1, **GRAVE[0])
    heard = told(end(village, f"end.{act}", "not_ours" if act == "not" else act))
    assert village.report(2).code in heard["ลุงแก้ว"]
    assert AGENCY not in heard["ลุงแก้ว"]


def test_the_phone_of_who_told_a_secret_shows_neither_agency_nor_answer_until_it_is_opened(village: Village) -> None:
    village.say("แม่หนู", "พ่อตีแม่ทุกวัน กลัวมาก ต.แม่ยาว อ.เมืองเชียงราย")
    code = village.report(4).code
    for action in ("case.accept", "case.work"):
        heard = told(village.press("วิภา", action, 4))["แม่หนู"]
        assert code in heard
        assert AGENCY not in heard
    village.press("วิภา", "case.reply", 4)
    village.say("วิภา", "พรุ่งนี้เราไปรับที่โรงเรียน")
    _, news = village.press("วิภา", "case.send", 4)
    assert code in news.text
    assert "โรงเรียน" not in news.text
    assert AGENCY not in news.text
    assert [button.label for button in news.buttons] == ["อ่านที่ทีมบอก"]
    (opened,) = village.press("แม่หนู", "rep.read", 4)
    assert "พรุ่งนี้เราไปรับที่โรงเรียน" in opened.text


@pytest.mark.parametrize("why", ["rests", "grave", "neither"])
def test_a_neighbours_page_tells_nothing_of_what_rests_or_turned_grave(village: Village, why: str) -> None:
    village.change(1, summary="ท่อแตกหน้าบ้านป้า", status="closed_confirmed", agency=AGENCY)
    if why == "grave":
        village.change(1, **GRAVE[0])
    with village.talk.database.sessions.begin() as session:
        if why == "rests":
            session.get_one(Person, village.report(1).reporter_id).paused_at = village.talk.clock()
        session.flush()
        _, page = look(session, village.talk.desk, 2, "th", village.talk.clock())
    shown = str(page)
    assert ("ท่อแตก" in shown, AGENCY in shown, bool(page["steps"])) == ((why == "neither",) * 3)
    assert "น้ำประปา" in shown, "their own words stay"


def test_an_officer_who_left_hears_no_words_of_what_is_added(village: Village) -> None:
    village.press("วิภา", "case.reply", 3)
    village.say("วิภา", "อยู่บ้านไหนคะ")
    village.press("วิภา", "case.send", 3)
    with village.talk.database.sessions.begin() as session:
        people.revoke(session, people.person_of(session, CHANNEL, "วิภา", village.talk.clock()).id, village.talk.clock())
    assert told(village.say("ตาสี", "บ้านห้วยขม หลังวัด")) == {}
