"""Where joining, resting, closing, erasing and taking back meet: nobody is lost between them, and nobody unheard."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.tracking import look
from handlers.desk import Desk
from handlers.messages import Incoming, Reply
from storage import people, queues, reports, voices
from storage.models import Medium, Report
from tests.handlers.talk import CHANNEL, Invited, Said
from tests.handlers.village import WATER, Village, open_village, told
from tests.rig import Clock, Database

BRIBE = "ผู้ใหญ่บ้านโกงเงินซ่อมท่อ"
ILL = "ตอนนี้เริ่มมีคนป่วยท้องร่วงแล้ว"


@pytest.fixture
def village(desk: Desk, database: Database, clock: Clock) -> Village:
    return open_village(desk, database, clock)


def waiting(village: Village, *, sensitive: bool = True) -> list[str]:
    with village.talk.read() as session:
        page = queues.page(session, "chiang-rai", "new", sensitive=sensitive, limit=50)
        return [report.code for report in page.reports]


def test_who_joined_a_report_that_rests_waits_for_the_team_alone(village: Village) -> None:
    for who, report_id in (("ลุงแก้ว", 2), ("ตาสี", 3)):
        village.press(who, "same.yes", report_id, 1)
    assert set(told(village.choose("ป้าบัว"))) == {"ลุงแก้ว", "ตาสี"}
    assert waiting(village) == [village.report(2).code]
    assert village.report(3).duplicate_of_id == 2


def test_what_rests_is_joined_by_nobody(village: Village) -> None:
    village.choose("ป้าบัว")
    village.press("ลุงแก้ว", "same.yes", 2, 1)
    village.press("เมธา", "end.dup", 3)
    (reply,) = village.say("เมธา", village.report(1).code)
    assert "ขอพักการใช้ข้อมูล" in reply.text
    assert [village.report(report_id).status for report_id in (2, 3)] == ["received", "received"]


def test_an_emergency_of_who_pauses_keeps_its_neighbours(village: Village) -> None:
    village.press("ลุงแก้ว", "same.yes", 2, 1)
    village.change(1, urgency="emergency")
    assert told(village.choose("ป้าบัว")) == {}
    assert village.report(2).duplicate_of_id == 1


def test_who_joined_a_report_that_turns_secret_is_seen_by_its_officers_again(village: Village) -> None:
    village.press("ลุงแก้ว", "same.yes", 2, 1)
    assert waiting(village, sensitive=False)[0] == village.report(1).code
    village.press("ป้าบัว", "rep.words", 1)
    village.say("ป้าบัว", WATER.replace("ไม่ไหล", "ไหลน้อย"))
    assert village.report(2).status == "duplicate"
    village.press("ป้าบัว", "rep.add", 1)
    with village.talk.database.sessions.begin() as session:  # as a reading of the whole may have it
        report = session.get_one(Report, 1)
        session.add(_voice(report, village.talk.clock()))
    village.talk.answer(_timer(village, "heard:1", BRIBE))
    assert village.report(1).for_roster
    assert village.report(2).status == "received"
    assert waiting(village, sensitive=False) == [village.report(2).code, village.report(3).code]


def _voice(report: Report, at: datetime) -> Medium:
    return Medium(
        report_id=report.id, kind="voice", channel=CHANNEL, ref_sealed=b"", name_sealed=b"", state="kept", next_at=at
    )


def _timer(village: Village, key: str, text: str) -> Incoming:
    with village.talk.database.sessions.begin() as session:
        assert voices.settle(session, 1, text)
    at = village.talk.clock.move(seconds=5)
    return Incoming("timer", f"due:{at}", key, "", "timer", at, postback=key)


def test_who_holds_a_case_hears_what_a_household_behind_it_adds(village: Village) -> None:
    village.press("เมธา", "case.accept", 1)
    village.press("ลุงแก้ว", "same.yes", 2, 1)
    village.press("ลุงแก้ว", "rep.add", 2)
    heard = village.say("ลุงแก้ว", "ที่บ้านมีเด็กอ่อนสองคน")
    assert told(heard) == {"เมธา": f"ผู้แจ้ง {village.report(2).code} บอกเพิ่มค่ะ"}
    assert village.events(1)[-1] == "added_too"
    assert told(village.say("ลุงแก้ว", "ต้องไปตักน้ำบ่อ")) == {}, "not for every message"


def test_what_is_added_to_ones_own_report_may_make_it_an_emergency(village: Village) -> None:
    village.talk.invite(Invited(code="SS-2222-2222", role="coordinator"))
    village.say("วิภา", "SS-2222-2222")
    village.press("ป้าบัว", "rep.add", 1)
    first, *others = village.say("ป้าบัว", ILL)
    assert "1669" in first.text
    assert told(others) == {"วิภา": f"ฉุกเฉิน {village.report(1).code} มีคนอยู่ในอันตราย เปิดดูด่วนค่ะ"}
    assert village.report(1).urgency == "emergency"
    again = village.say("ป้าบัว", "อาเจียนด้วย")
    assert "1669" not in again[0].text, "once"


def test_an_answer_of_a_secret_report_reaches_who_asked_by_its_code(village: Village) -> None:
    village.say("แม่หนู", "พ่อตีแม่ทุกวัน กลัวมาก ต.แม่ยาว อ.เมืองเชียงราย")
    village.press("เมธา", "case.reply", 4)
    village.say("เมธา", "อยู่บ้านไหนคะ")
    village.press("เมธา", "case.send", 4)
    heard = told(village.say("แม่หนู", "บ้านห้วยขม หลังวัด"))
    assert heard == {"เมธา": f"ผู้แจ้ง {village.report(4).code} บอกเพิ่มค่ะ"}
    village.change(4, amphoe_code="9999")
    with village.talk.database.sessions.begin() as session:
        officer = people.person_of(session, CHANNEL, "เมธา", village.talk.clock())
        people.roles_of(session, officer.id)[0].sensitive = False
        people.person_of(session, CHANNEL, "แม่หนู", village.talk.clock()).awaited_by_id = officer.id
    assert told(village.say("แม่หนู", "บ้านสีฟ้า")) == {}, "no longer on the roster"


def test_who_stood_behind_one_that_joined_another_goes_on_with_that(village: Village) -> None:
    village.press("ตาสี", "same.yes", 3, 2)
    village.press("ลุงแก้ว", "same.yes", 2, 1)
    _erase(village, "ลุงแก้ว")
    assert village.report(3).duplicate_of_id == 1
    village.press("ป้าบัว", "rep.cancel", 1, "yes")
    assert village.report(3).status == "received"


def _erase(village: Village, who: str) -> list[Reply]:
    village.choose(who, "ลบข้อมูลทั้งหมด")
    return village.talk.take(Said(who=who, presses="ลบทั้งหมด"))


@pytest.mark.parametrize("status", ["closed_unconfirmed", "not_ours", "cannot"])
def test_who_stood_behind_an_ended_report_that_is_erased_gets_their_own_back(village: Village, status: str) -> None:
    village.press("ลุงแก้ว", "same.yes", 2, 1)
    village.change(1, status=status, closed_at=village.talk.clock())
    assert set(told(_erase(village, "ป้าบัว"))) == {"ลุงแก้ว"}
    assert village.report(2).status == "received"


def test_what_was_solved_is_not_taken_up_anew(village: Village) -> None:
    village.press("ลุงแก้ว", "same.yes", 2, 1)
    village.change(1, status="closed_confirmed", closed_at=village.talk.clock())
    assert told(_erase(village, "ป้าบัว")) == {}
    assert village.report(2).status == "duplicate"


def test_taking_the_last_words_back_cancels_what_is_open_and_tells_who_holds_it(village: Village) -> None:
    village.talk.take(Said(who="ยายมี", says="ประปาไม่ไหล", name="M1"))
    village.propose(4)
    heard = told(village.talk.take(Said(who="ยายมี", unsends="M1")))
    assert heard == {"เมธา": f"{village.report(4).code} คนแจ้งยกเลิกแล้วค่ะ"}
    assert village.report(4).status == "cancelled"
    assert village.report(4).closed_at
    assert village.events(4)[-1] == "cancelled"
    assert village.due() == {}


def test_taking_the_last_words_of_an_ended_report_back_leaves_its_end(village: Village) -> None:
    village.talk.take(Said(who="ยายมี", says="ประปาไม่ไหล", name="M1"))
    village.propose(4)
    village.press("ยายมี", "key.yes", 4)
    village.talk.take(Said(who="ยายมี", unsends="M1"))
    assert village.report(4).status == "closed_confirmed"
    with village.talk.read() as session:
        assert reports.words_of(session, 4) == ""


@pytest.mark.parametrize(("status", "freed"), [("cannot", "received"), ("closed_confirmed", "duplicate")])
def test_taking_an_ended_report_back_frees_neighbours_unless_it_was_solved(
    village: Village, status: str, freed: str
) -> None:
    village.talk.take(Said(who="ยายมี", says="ประปาไม่ไหล", name="M1"))
    village.press("ลุงแก้ว", "same.yes", 2, 4)
    village.change(4, status=status, closed_at=village.talk.clock())
    village.talk.take(Said(who="ยายมี", unsends="M1"))
    assert (village.report(4).status, village.report(2).status) == (status, freed)


def test_of_an_urgent_case_that_nobody_holds_every_coordinator_hears(village: Village) -> None:
    village.talk.invite(Invited(code="SS-2222-2222", role="coordinator"))
    village.say("วิภา", "SS-2222-2222")
    village.change(1, private=True, urgency="emergency", status="cannot", closed_at=village.talk.clock())
    assert set(told(village.press("ป้าบัว", "key.look", 1))) == {"วิภา"}


def test_somebodys_illness_is_nobodys_first_and_not_quoted_to_neighbours(village: Village) -> None:
    village.press("ลุงแก้ว", "same.yes", 2, 1)
    village.change(1, sensitive="health_private")
    village.press("เมธา", "end.dup", 3)
    (reply,) = village.say("เมธา", village.report(1).code)
    assert "เป็นเรื่องลับ" in reply.text
    heard = told(village.propose(1))
    assert "ซ่อมแล้ว" in heard["ป้าบัว"]
    assert "ซ่อมแล้ว" not in heard["ลุงแก้ว"]


def test_of_a_joint_report_that_is_private_neighbours_see_no_agency_and_no_steps(village: Village) -> None:
    village.press("ลุงแก้ว", "same.yes", 2, 1)
    village.press("เมธา", "case.accept", 1)
    (reply,) = village.press("ลุงแก้ว", "rep.show", 2)
    assert "ทีมจังหวัด" in reply.text
    village.change(1, private=True)
    for replies in (village.press("ลุงแก้ว", "rep.show", 2), village.say("ลุงแก้ว", "สถานะ")):
        assert "ทีมจังหวัด" not in replies[0].text
        assert "รับไปดูแล" not in replies[0].text


def test_parting_what_staff_joined_takes_their_mark_off_and_tells_them(village: Village) -> None:
    village.join(2, 1)
    code = village.report(2).code
    assert told(village.press("ลุงแก้ว", "same.undo", 2)) == {"เมธา": f"{code} คนแจ้งบอกว่าเป็นคนละเรื่องค่ะ"}
    own = village.report(2)
    assert (own.status, own.agency, own.closed_at, own.duplicate_of_id) == ("received", "", None, None)
    assert told(village.press("ลุงแก้ว", "same.undo", 2)) == {}


def test_a_relayer_parts_hears_and_is_counted_like_who_told_it(village: Village) -> None:
    relayer = village.report(2).reporter_id
    village.change(2, relayed_by_id=relayer, reporter_id=None)
    village.join(2, 1)
    assert set(village.behind(1)) == {relayer}
    village.press("ลุงแก้ว", "same.undo", 2)
    assert village.report(2).status == "received"
    village.press("ลุงแก้ว", "same.yes", 2, 1)
    assert set(village.behind(1)) == {relayer}
    assert set(told(village.press("ป้าบัว", "rep.cancel", 1, "yes"))) == {"ลุงแก้ว"}
    assert village.report(2).status == "received"


def test_words_moved_to_a_case_in_work_reach_its_team_also_a_joined_one(village: Village) -> None:
    village.press("เมธา", "case.accept", 1)
    village.press("ลุงแก้ว", "same.yes", 2, 1)
    for who, target in (("ป้าบัว", 1), ("ลุงแก้ว", 2)):
        village.say(who, "เรื่องใหม่ ถนนหน้าวัดเป็นหลุม ต.แม่ยาว")
        village.say(who, "ช่วยมาดูด้วยนะคะ รอนานแล้ว")
        code = village.report(target).code
        replies = village.talk.take(Said(who=who, presses=f"เป็นของ {code}"))
        assert told(replies) == {"เมธา": f"ผู้แจ้ง {code} บอกเพิ่มค่ะ"}, who


@pytest.mark.parametrize("action", ["rep.fix", "rep.words", "rep.cancel"])
def test_a_joined_report_is_parted_before_it_is_changed(village: Village, action: str) -> None:
    village.press("ลุงแก้ว", "same.yes", 2, 1)
    (reply,) = village.press("ลุงแก้ว", action, 2)
    assert "แยกเป็นคนละเรื่องก่อน" in reply.text
    assert village.report(2).status == "duplicate"


def test_a_neighbours_reopening_shows_in_the_joint_view_and_on_the_page(village: Village) -> None:
    village.press("ลุงแก้ว", "same.yes", 2, 1)
    village.propose(1)
    village.press("ลุงแก้ว", "key.no", 1, "same")
    (reply,) = village.press("ลุงแก้ว", "rep.show", 2)
    assert "ยังไม่จบ" in reply.text
    with village.talk.read() as session:
        _, page = look(session, village.talk.desk, 2, "th", village.talk.clock())
    assert "ยังไม่จบ" in [step["what"] for step in page["steps"]]
