"""Messages that cannot be handled: who is told of them, and how they are listed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.channels.base import Envelope
from handlers.desk import Desk
from handlers.messages import Reply
from nlp.reader import Reader
from storage import inbox, people
from storage.models import Inbox, Person
from tests.bot.post import SORRY, STUCK, WATER, Post, open_post
from tests.rig import Clock, Database


@pytest.fixture
def post(desk: Desk, reader: Reader, database: Database, clock: Clock) -> Post:
    return open_post(desk, reader, database, clock)


def test_the_sender_is_apologised_to_and_the_province_s_coordinators_are_told_without_a_word_of_it(post: Post) -> None:
    replies = post.say("U1", WATER)
    assert [reply.text.split()[0] for reply in replies] == [SORRY, STUCK]
    assert "น้ำ" not in replies[1].text
    assert [button.label for button in replies[1].buttons] == ["ข้อความค้าง"]
    assert [post.notices(user) for user in ("coordinator", "officer", "southerner", "U1")] == [1, 0, 0, 0]


def test_four_hundred_failing_messages_give_one_notice(post: Post) -> None:
    for number in range(400):
        post.say(f"U{number}", WATER)
    assert post.notices("coordinator") == 1
    (listed,) = post.look("coordinator")
    assert listed.card is not None
    assert listed.card.title == "ข้อความค้าง · 400 ข้อความ"
    assert len(listed.card.rows) == 5
    post.say("U1", WATER)
    assert post.notices("coordinator") == 1, "they looked just now"
    post.way.clock.move(hours=1)
    post.say("U2", WATER)
    post.say("U3", WATER)
    assert post.notices("coordinator") == 2
    post.way.clock.move(hours=23)
    post.say("U4", WATER)
    assert post.notices("coordinator") == 2, "nobody looked"
    post.way.clock.move(hours=2)
    post.say("U5", WATER)
    assert post.notices("coordinator") == 3


@pytest.mark.parametrize(("province", "told"), [("phatthalung", "southerner"), ("trat", "both"), ("", "both")])
def test_who_hears_of_it_is_who_coordinates_the_sender_s_province_or_else_everybody(
    post: Post, province: str, told: str
) -> None:
    post.way.pipeline = replace(post.way.pipeline, desk=replace(post.way.pipeline.desk, homes={}))
    post.say("U1", "สวัสดีค่ะ")
    with post.way.database.sessions.begin() as session:
        people.person_of(session, "wire", "U1", post.way.clock()).province = province
    post.say("U1", WATER)
    assert (post.notices("coordinator"), post.notices("southerner")) == (told == "both", True)
    assert "ไม่มีข้อความค้าง" in post.look("coordinator")[0].text or told == "both"
    assert "1 ข้อความ" in post.look("southerner")[0].text


def test_who_wants_no_notices_or_was_set_aside_gets_none(post: Post) -> None:
    with post.way.database.sessions.begin() as session:
        session.query(Person).filter_by(id=1).update({"muted_at": post.way.clock()})
    post.say("U1", WATER)
    with post.way.database.sessions.begin() as session:
        session.query(Person).filter_by(id=1).update({"muted_at": None, "banned_at": post.way.clock()})
    post.say("U2", WATER)
    assert post.notices("coordinator") == 0


def test_an_event_that_cannot_be_read_is_told_of_too(post: Post) -> None:
    way = post.way
    with way.database.sessions.begin() as session:
        (waiting,) = way.pipeline.receive(session, [Envelope("wire", "odd", "U1", b"unreadable")], way.clock())
    way.work(waiting)
    assert post.notices("coordinator") == 1
    assert "1 ข้อความ" in post.look("coordinator")[0].text


def test_where_telling_fails_the_message_is_parked_and_apologised_for(post: Post) -> None:
    pipeline = post.way.pipeline
    texts = pipeline.desk.texts
    silent = {lang: {k: v for k, v in said_.items() if k != "news.parked"} for lang, said_ in texts.catalogs.items()}
    desk = replace(pipeline.desk, texts=replace(texts, catalogs=silent))
    post.way.pipeline = replace(pipeline, desk=desk)
    (sorry,) = post.say("U1", WATER)
    assert sorry.text.startswith(SORRY)
    assert "1 ข้อความ" in post.look("coordinator")[0].text


def test_a_message_taken_back_before_it_fails_is_nobody_s_business(post: Post) -> None:
    way = post.way
    with way.database.sessions.begin() as session:
        arrival = inbox.Arrival("wire", "e", "U1", b"unreadable", "M77")
        (waiting,) = inbox.keep(session, [arrival], way.clock())
        inbox.bury(session, "wire", "M77", way.clock())
    assert way.work(waiting).outgoing == ()
    assert post.notices("coordinator") == 0


def test_the_queue_tells_coordinators_alone(post: Post) -> None:
    (before,) = post.say("coordinator", "งานใหม่")
    assert "ข้อความ" not in before.text
    post.say("U1", WATER)
    for told, words in (
        (post.say("coordinator", "งานใหม่"), "แต่มีข้อความที่ยังรับไม่สำเร็จ 1 ข้อความ"),
        (_with_a_report(post), "แตะเรื่องเพื่อเปิด · มีข้อความค้าง 1 ข้อความ"),
    ):
        assert words in told[0].text
        assert post.button("ข้อความค้าง", told)
    for user in ("officer", "southerner"):
        (reply,) = post.say(user, "งานใหม่")
        assert "ข้อความ" not in reply.text
        assert "ข้อความค้าง" not in [button.label for button in reply.buttons]


def _with_a_report(post: Post) -> list[Reply]:
    post.say("U2", "ขยะเต็มหน้าบ้าน ต.แม่ยาว อ.เมืองเชียงราย")
    return post.say("coordinator", "งานใหม่")


def test_the_list_tells_when_where_and_why_in_plain_words(post: Post) -> None:
    post.say("U1", WATER)
    with post.way.database.sessions.begin() as session:
        session.query(Inbox).filter_by(state="failed").one().error = "every process died at it"
    post.say("U2", WATER)
    (listed,) = post.look("coordinator")
    assert listed.card is not None
    assert [(row.label, row.value) for row in listed.card.rows] == [
        ("25 พ.ย. 69 09:00 น. · wire", "โปรแกรมหยุดทุกครั้งที่ลอง · ลองแล้ว 1 รอบ"),
        ("25 พ.ย. 69 09:00 น. · wire", "ทางเราสะดุดตอนรับเรื่อง · ลองแล้ว 1 รอบ"),
    ]
    assert "Stumbled" not in listed.text


def test_the_list_comes_in_pages(post: Post) -> None:
    for number in range(7):
        post.say(f"U{number}", WATER)
    (first,) = post.look("coordinator")
    more = post.button("ดูต่อ (อีก 2)", [first])
    (second,) = post.told(post.press("coordinator", more))
    assert first.card is not None
    assert second.card is not None
    assert [len(first.card.rows), len(second.card.rows)] == [5, 2]
    assert not {row.postback for row in first.card.rows} & {row.postback for row in second.card.rows}
    assert not any("ดูต่อ" in button.label for button in second.buttons)
    for row in first.card.rows[:3]:
        post.press("coordinator", row.postback)
    (left,) = post.told(post.press("coordinator", more))  # a page that is not there any more
    assert left.card is not None
    assert [row.postback for row in left.card.rows] == [
        row.postback for row in (*first.card.rows[3:], *second.card.rows)
    ]
    post.press("coordinator", post.button("ลองใหม่ทั้งหมด", [second]))
    assert post.told(post.press("coordinator", more))[0].text == "ไม่มีข้อความค้างแล้วค่ะ"
