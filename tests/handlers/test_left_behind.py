"""Neighbours of a report that was solved and then erased: by old buttons and by new ones they say that it is not."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from bot.tracking import look
from handlers.desk import Desk
from handlers.messages import Reply
from storage import backing
from tests.handlers.talk import Said
from tests.handlers.village import Village, open_village, told
from tests.rig import Clock, Database


@pytest.fixture
def village(desk: Desk, database: Database, clock: Clock) -> Village:
    """The first report was joined by the second, solved, and erased with who told it."""
    village = open_village(desk, database, clock)
    village.press("ลุงแก้ว", "same.yes", 2, 1)
    return village


def solve_and_erase(village: Village) -> None:
    village.propose(1)
    village.press("ป้าบัว", "key.yes", 1)
    village.choose("ป้าบัว", "ลบข้อมูลทั้งหมด")
    village.talk.take(Said(who="ป้าบัว", presses="ลบทั้งหมด"))
    assert village.report(1).erased_at is not None


def labels(replies: list[Reply]) -> list[str]:
    return [button.label for reply in replies for button in reply.buttons]


def test_the_button_of_the_closing_message_takes_ones_own_words_to_the_team(village: Village) -> None:
    solve_and_erase(village)
    replies = village.press("ลุงแก้ว", "key.no", 1, "again")
    code = village.report(2).code
    assert told(replies) == {"เมธา": f"{code} ยังไม่จบค่ะ คนในพื้นที่บอกว่ากลับมาเป็นอีก"}
    assert code in replies[0].text
    assert (village.report(2).status, village.report(2).duplicate_of_id) == ("received", None)
    assert village.events(2)[-1] == "reopened"
    assert village.behind(1) == {}
    assert told(village.press("ลุงแก้ว", "key.no", 1, "again")) == {}, "once"
    assert village.events(2).count("reopened") == 1


def test_other_kept_buttons_of_it_offer_the_same_in_one_tap(village: Village) -> None:
    solve_and_erase(village)
    replies = village.press("ลุงแก้ว", "key.rate", 1, 5)
    assert labels(replies)[0] == "ยังไม่หาย"
    assert village.report(2).code in replies[0].text
    assert village.report(2).status == "duplicate", "nothing happens before the tap"


def test_who_did_not_stand_behind_it_hears_only_that_it_is_gone(village: Village) -> None:
    solve_and_erase(village)
    (reply,) = village.press("ตาสี", "key.no", 1, "again")
    assert reply.text == "เรื่องนี้ถูกลบแล้วค่ะ"
    (reply,) = village.press("ตาสี", "same.still", 2)
    assert village.report(2).code not in reply.text
    assert village.report(2).status == "duplicate"


def test_who_stood_behind_it_without_words_is_invited_to_tell(village: Village) -> None:
    with village.talk.database.sessions.begin() as session:
        backing.join(session, 1, village.report(3).reporter_id or 0, None, village.talk.clock())
    solve_and_erase(village)
    replies = village.press("ตาสี", "key.no", 1, "again")
    assert "เล่ามาได้เลย" in replies[0].text
    assert labels(replies) == ["เรื่องใหม่"]


def test_the_page_of_ones_own_words_says_how_the_other_ended(village: Village) -> None:
    solve_and_erase(village)
    with village.talk.read() as session:
        _, page = look(session, village.talk.desk, 2, "th", village.talk.clock())
    assert page["status"] == "แก้แล้ว มีคนในพื้นที่ยืนยัน"
    assert "จบแล้ว" in page["coming"]


def test_what_one_adds_within_the_hour_belongs_to_it_and_reaches_the_officer(village: Village) -> None:
    solve_and_erase(village)
    village.talk.clock.move(hours=2)  # nobody waits for an answer to the closing any more
    village.press("ลุงแก้ว", "same.still", 2)
    village.talk.clock.move(minutes=20)
    heard = told(village.say("ลุงแก้ว", "ท่อแตกอีกจุดหนึ่งแล้ว"))
    assert village.report(2).code in heard["เมธา"]


def test_who_joined_through_another_takes_all_along(village: Village) -> None:
    village.press("ลุงแก้ว", "same.undo", 2)
    village.press("ตาสี", "same.yes", 3, 2)
    village.press("ลุงแก้ว", "same.yes", 2, 1)
    assert village.report(3).duplicate_of_id == 2
    solve_and_erase(village)
    village.press("ตาสี", "same.still", 3)
    second, third = village.report(2), village.report(3)
    assert (third.status, third.duplicate_of_id) == ("received", None)
    assert (second.status, second.duplicate_of_id) == ("duplicate", 3)
    assert village.behind(3) == {second.reporter_id: 2}
    assert village.behind(2) == village.behind(1) == {}


@pytest.mark.postgresql
def test_of_two_who_say_it_at_once_one_speaks_for_both(village: Village) -> None:
    village.press("ตาสี", "same.yes", 3, 1)
    solve_and_erase(village)
    together = threading.Barrier(2)

    def run(who: str, own: int) -> None:
        made = village.talk.incoming(Said(who=who, says="x"))
        event = replace(
            made, kind="postback", text="", event_id=who, postback=village.talk.desk.postback("same.still", own)
        )
        together.wait()
        village.talk.answer(event)

    threads = [threading.Thread(target=run, args=one) for one in (("ลุงแก้ว", 2), ("ตาสี", 3))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(village.report(number).status for number in (2, 3)) == ["duplicate", "received"]
