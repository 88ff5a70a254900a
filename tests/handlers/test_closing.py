"""Cancelling, rating, and those who stand behind a report: the real conversation over a database."""

from __future__ import annotations

import pytest

from handlers.desk import Desk
from storage import backing, queues, reports
from storage.models import Audit, Digest, Due
from tests.handlers.talk import Said
from tests.handlers.village import Village, open_village, told
from tests.rig import Clock, Database

LAMP = "ไฟทางหน้าวัดดับ ต.แม่ยาว อ.เมืองเชียงราย"
# The figures of a digest of the first release.
OLD = {"all", "urgent", "unanswered", "ownerless", "unsure", "proposals", "assets", "relayed", "direct", "private"}


@pytest.fixture
def village(desk: Desk, database: Database, clock: Clock) -> Village:
    return open_village(desk, database, clock)


def test_cancelling_is_asked_once_more_and_happens_once(village: Village) -> None:
    (asked,) = village.press("ป้าบัว", "rep.cancel", 1)
    assert village.report(1).status == "received"
    assert [button.label for button in asked.buttons] == ["ยกเลิกเลย", "ดูเรื่องนี้"]
    replies = village.press("ป้าบัว", "rep.cancel", 1, "yes")
    assert told(replies) == {}, "nobody held it"
    report = village.report(1)
    assert (report.status, report.closed_at) == ("cancelled", village.talk.clock())
    (again,) = village.press("ป้าบัว", "rep.cancel", 1, "yes")
    assert "ยกเลิกแล้ว" in again.text
    assert village.events(1).count("cancelled") == 1


def test_whoever_holds_a_cancelled_case_is_told_its_code_alone(village: Village) -> None:
    village.propose(1)
    code = village.report(1).code
    assert told(village.press("ป้าบัว", "rep.cancel", 1, "yes")) == {"เมธา": f"{code} คนแจ้งยกเลิกแล้วค่ะ"}
    with village.talk.read() as session:
        assert session.query(Due).count() == 0
    (late,) = village.press("ป้าบัว", "key.yes", 1)
    assert "ยกเลิกแล้ว" in late.text
    assert village.report(1).status == "cancelled"


def test_only_who_told_it_cancels(village: Village) -> None:
    for who in ("ลุงแก้ว", "เมธา"):
        (reply,) = village.press(who, "rep.cancel", 1, "yes")
        assert "เปิดได้เฉพาะคนที่แจ้ง" in reply.text
        assert village.report(1).code not in reply.text
    asked = village.press("ป้าบัว", "rep.cancel", 1, group="บ้านเหนือ")
    assert set(told(asked)) == {"ป้าบัว"}, "a group hears nothing of it"
    assert len(asked) == 1
    assert village.report(1).status == "received"


@pytest.mark.parametrize("claimed", [True, False])
def test_a_relayer_cancels_what_nobody_has_claimed(village: Village, claimed: bool) -> None:
    with village.talk.database.sessions.begin() as session:
        report = reports.by_id(session, 2)
        assert report is not None
        report.relayed_by_id = village.report(1).reporter_id
        report.reporter_id = report.reporter_id if claimed else None
    village.press("ป้าบัว", "rep.cancel", 2, "yes")
    assert village.report(2).status == ("received" if claimed else "cancelled")


def test_who_stood_behind_a_cancelled_report_stands_alone_again(village: Village) -> None:
    village.join(2, 1)
    with village.talk.database.sessions.begin() as session:  # a neighbour who tapped and told nothing
        backing.join(session, 1, village.report(3).reporter_id or 0, None, village.talk.clock())
    replies = told(village.press("ป้าบัว", "rep.cancel", 1, "yes"))
    own = village.report(2)
    assert (own.status, own.agency, own.duplicate_of_id, own.closed_at) == ("received", "", None, None)
    assert own.code in replies["ลุงแก้ว"]
    assert "เล่ามาได้เลย" in replies["ตาสี"]
    assert village.behind(1) == {}
    assert village.events(2)[-1] == "alone"


def test_taking_the_words_of_a_report_back_sets_those_behind_it_free_too(village: Village) -> None:
    village.talk.take(Said(who="ยายมี", says="ประปาไม่ไหล", name="M1"))
    village.join(2, 4)
    assert village.report(2).status == "duplicate"
    replies = village.talk.take(Said(who="ยายมี", unsends="M1"))
    assert village.report(4).status == "cancelled"
    assert village.report(2).status == "received"
    assert set(told(replies)) == {"ลุงแก้ว"}


def test_what_was_joined_to_a_duplicate_moves_over_with_it(village: Village) -> None:
    village.join(2, 1)
    village.join(1, 3)
    people = {report_id: village.report(report_id).reporter_id for report_id in (1, 2)}
    assert village.behind(3) == {people[1]: 1, people[2]: 2}
    assert village.behind(1) == {}
    assert village.report(2).duplicate_of_id == 3
    village.press("ตาสี", "rep.cancel", 3, "yes")
    assert [village.report(report_id).status for report_id in (1, 2)] == ["received", "duplicate"]
    assert village.behind(1) == {people[2]: 2}, "the first of them speaks for the others"


def test_one_person_does_not_stand_behind_their_own_report(village: Village) -> None:
    village.talk.clock.move(hours=1)
    village.say("ป้าบัว", LAMP)
    village.join(4, 1)
    assert village.report(4).status == "duplicate"
    assert village.behind(1) == {}
    replies = village.press("ป้าบัว", "rep.cancel", 1, "yes")
    assert village.report(4).status == "received"
    assert told(replies) == {}, "nobody held the first, and who cancels knows"


def test_two_reports_are_never_each_others_duplicates(village: Village) -> None:
    village.join(2, 1)
    village.press("เมธา", "end.dup", 1)
    (reply,) = village.say("เมธา", village.report(2).code)
    assert "รวมด้วยไม่ได้" in reply.text
    assert village.report(1).status == "received"


def test_a_duplicate_is_looked_at_again_when_the_words_are_sent(village: Village) -> None:
    village.press("เมธา", "end.dup", 2)
    village.say("เมธา", village.report(1).code)
    village.press("ป้าบัว", "rep.cancel", 1, "yes")
    (reply,) = village.press("เมธา", "end.send", 2, "duplicate")
    assert "รวมด้วยไม่ได้" in reply.text
    assert village.report(2).status == "received"


def test_a_secret_report_is_nobodys_first(village: Village) -> None:
    village.say("แม่หนู", "พ่อตีแม่ทุกวัน กลัวมาก ต.แม่ยาว อ.เมืองเชียงราย")
    village.press("เมธา", "end.dup", 1)
    (reply,) = village.say("เมธา", village.report(4).code)
    assert "เป็นเรื่องลับ" in reply.text


def test_words_for_one_end_are_not_sent_by_the_button_of_another(village: Village) -> None:
    village.press("เมธา", "case.accept", 1)
    village.press("เมธา", "end.cannot", 1)
    village.say("เมธา", "ไม่มีงบ")
    for action, *more in (("case.send", 1), ("end.send", 1, "proposed"), ("end.send", 2, "cannot")):
        (reply,) = village.press("เมธา", str(action), *more)
        assert "ใช้ไม่ได้แล้ว" in reply.text
    assert village.report(1).status == "accepted"
    village.press("เมธา", "end.send", 1, "cannot")
    assert village.report(1).status == "cannot"


def test_words_for_a_case_that_ended_meanwhile_go_to_nobody(village: Village) -> None:
    village.press("เมธา", "case.accept", 1)
    village.press("เมธา", "end.fix", 1)
    village.say("เมธา", "ซ่อมแล้ว")
    village.press("ป้าบัว", "rep.cancel", 1, "yes")
    replies = village.press("เมธา", "end.send", 1, "proposed")
    assert told(replies) == {}
    assert "ยกเลิกแล้ว" in replies[0].text
    assert "proposed" not in village.events(1)


def test_of_those_who_told_it_the_first_rating_counts_and_may_change(village: Village) -> None:
    village.join(2, 1)
    with village.talk.database.sessions.begin() as session:
        report = reports.by_id(session, 1)
        assert report is not None
        report.relayed_by_id = village.report(3).reporter_id
    village.propose(1)
    (early,) = village.press("ป้าบัว", "key.rate", 1, 5)
    assert "รอคุณบอกว่าแก้จริงไหม" in early.text
    village.press("ลุงแก้ว", "key.yes", 1)

    def rate(who: str, value: object) -> int | None:
        village.press(who, "key.rate", 1, value)
        return village.report(1).rating

    assert rate("ลุงแก้ว", 1) is None, "a neighbour's is kept beside it"
    assert rate("ป้าบัว", 9) is None
    assert rate("ป้าบัว", 4) == 4
    assert rate("ป้าบัว", 4) == 4
    assert rate("ตาสี", 2) == 4
    assert rate("ป้าบัว", 3) == 3
    kinds = [kind for kind in village.events(1) if kind.startswith("rated")]
    assert kinds == ["rated_too", "rated", "rated_too", "rated"]
    village.press("ป้าบัว", "key.no", 1, "again")
    assert village.report(1).rating is None


def test_whoever_ever_proposed_cannot_confirm_or_rate(village: Village) -> None:
    with village.talk.database.sessions.begin() as session:
        officer = session.query(Audit).filter_by(act="role.granted").one().actor_id
        backing.join(session, 1, officer or 0, None, village.talk.clock())
    village.propose(1)
    for action, *more in (("key.yes", 1), ("key.rate", 1, 5)):
        replies = village.press("เมธา", str(action), *more)
        assert told(replies) == {}
        assert village.report(1).status == "proposed"
    village.press("ป้าบัว", "key.yes", 1)
    (reply,) = village.press("เมธา", "key.rate", 1, 5)
    assert "รอคนอื่นยืนยัน" in reply.text
    assert village.report(1).rating is None


def test_a_button_with_an_odd_reason_does_nothing(village: Village) -> None:
    village.propose(1)
    for more in ((), ("because",)):
        (reply,) = village.press("ป้าบัว", "key.no", 1, *more)
        assert "ใช้ไม่ได้แล้ว" in reply.text
    assert village.report(1).status == "proposed"


def test_ends_are_counted_apart_and_never_as_work(village: Village) -> None:
    village.propose(1)
    village.press("ป้าบัว", "key.yes", 1)
    village.join(2, 3)
    with village.talk.database.sessions.begin() as session:
        for report_id, status in ((1, "closed_confirmed"), (2, "duplicate")):
            report = reports.by_id(session, report_id)
            assert report is not None
            assert report.status == status
            report.agency = ""  # as an import may leave it
        lost = reports.by_id(session, 3)
        assert lost is not None
        lost.status = "closed_unconfirmed"
        session.flush()
        for view in ("new", "mine", "review", "unsure", "sensitive", "nowhere"):
            page = queues.page(session, "chiang-rai", view, sensitive=True, agency="")
            assert page.total == 0, view
    village.say("เมธา", "สรุปสัปดาห์นี้")
    with village.talk.read() as session:
        figures = session.query(Digest).one().content["figures"]
    assert (figures["confirmed"], figures["unconfirmed"], figures["ended"]) == ([1], [3], [])
    assert figures["unanswered"] == figures["ownerless"] == []


def test_a_digest_from_before_these_figures_still_opens(village: Village) -> None:
    village.say("เมธา", "สรุปสัปดาห์นี้")
    with village.talk.database.sessions.begin() as session:
        digest = session.query(Digest).one()
        figures = {name: ids for name, ids in digest.content["figures"].items() if name in OLD}
        digest.content = {**digest.content, "figures": figures}
    (reply,) = village.press("เมธา", "dig", 1)
    assert "ทั้งหมด 3 เรื่อง" in reply.text
    (reply,) = village.press("เมธา", "dig.of", 1, "confirmed", 0)
    assert "เปิดจากบัญชีของคุณไม่ได้" in reply.text


def test_where_one_neighbour_says_that_it_is_not_solved_the_others_hear_it(village: Village) -> None:
    village.press("ลุงแก้ว", "same.yes", 2, 1)
    village.press("ตาสี", "same.yes", 3, 1)
    village.propose(1)
    heard = told(village.press("ตาสี", "key.no", 1, "same"))
    assert set(heard) == {"ป้าบัว", "ลุงแก้ว", "เมธา"}
    says = "เพื่อนบ้านบอกว่าเรื่อง {} ยังไม่หายค่ะ ทีมกำลังดูต่อ"
    assert heard["ลุงแก้ว"] == says.format(village.report(2).code)
    for late in (("key.yes", 1), ("key.no", 1, "again")):
        replies = village.press("ลุงแก้ว", *late)
        assert [reply.text for reply in replies] == [says.format(village.report(2).code)]
    (own,) = village.press("ตาสี", "key.no", 1, "same")
    assert "ตอนนี้: กำลังทำ" in own.text, "who said it knows"


def test_who_hears_that_a_neighbour_confirmed_may_agree_or_not(village: Village) -> None:
    village.press("ลุงแก้ว", "same.yes", 2, 1)
    village.propose(1)
    replies = village.press("ลุงแก้ว", "key.yes", 1)
    (news,) = (reply for reply in replies if reply.to and reply.to.chat == "ป้าบัว")
    assert [button.label for button in news.buttons] == ["แก้แล้วจริง", "ยังไม่หาย"]
    (thanks,) = village.press("ป้าบัว", "key.yes", 1)
    assert thanks.text.startswith(f"ขอบคุณที่ยืนยันค่ะ ({village.report(1).code})")
    assert village.events(1).count("closed_confirmed") == 1
    village.press("ป้าบัว", "key.no", 1, "same")
    assert village.report(1).status == "in_progress"
