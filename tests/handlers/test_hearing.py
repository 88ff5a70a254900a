"""A voice that a machine heard: its reporter is asked, and danger is answered before that."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from handlers import later
from handlers.desk import Desk
from handlers.messages import Incoming, Reply
from handlers.timers import go_off
from storage import people, reports, voices
from storage.models import Medium, Person, Report
from tests.handlers.talk import Invited, Said, Talk
from tests.rig import Clock, Database

WATER = "น้ำประปาไม่ไหลมาสามวันแล้ว ต.แม่ยาว อ.เมืองเชียงราย"
BEATEN = "สามีตีฉันทุกวันช่วยด้วย"
FIRE = "ไฟไหม้บ้านตอนนี้มีคนติดอยู่ข้างใน ต.แม่ยาว อ.เมืองเชียงราย"


@dataclass(slots=True)
class Voices:
    """A talk in which a villager sent a voice note."""

    talk: Talk

    def kept(self, text: str, number: int = 1) -> list[Reply]:
        """The voice is fetched and heard; returns what the timer says."""
        with self.talk.database.sessions.begin() as session:
            medium = session.get_one(Medium, number)
            medium.state, medium.media_type = "kept", "audio/mp4"
            session.flush()
            assert voices.settle(session, number, text)
        return self.goes_off("heard", number)

    def goes_off(self, name: str, subject: int) -> list[Reply]:
        at = self.talk.clock()
        event = Incoming(later.CHANNEL, f"due:{subject}", name, "", "timer", at, postback=f"{name}:{subject}")
        with self.talk.database.sessions.begin() as session:
            replies = go_off(event, self.talk.desk, session)
        for reply in replies:
            assert reply.to is not None
            self.talk.told.setdefault(reply.to.chat, []).append(reply)
        return replies

    def say(self, who: str, **what: object) -> list[Reply]:
        return self.talk.take(Said.model_validate({"who": who, **what}))

    def report(self) -> Report:
        with self.talk.read() as session:
            found = session.query(Report).order_by(Report.id).first()
            assert found is not None
            return found

    def words(self) -> str:
        with self.talk.read() as session:
            return reports.words_of(session, 1)

    def medium(self) -> Medium:
        with self.talk.read() as session:
            return session.get_one(Medium, 1)


@pytest.fixture
def told(desk: Desk, database: Database, clock: Clock) -> Voices:
    """ยาย sent a voice note and nothing else."""
    made = Voices(Talk(replace(desk, homes={"local": "chiang-rai"}), database, clock))
    made.say("ยาย", sends="voice", name="the voice")
    return made


def text(replies: list[Reply]) -> str:
    return "\n".join(reply.text for reply in replies)


def test_what_was_heard_is_asked_and_a_yes_makes_it_the_report(told: Voices) -> None:
    (asked,) = told.kept(WATER)
    assert asked.to is not None
    assert asked.to.chat == "ยาย"
    assert f"“{WATER}”" in asked.text
    assert [button.label for button in asked.buttons] == ["ถูกแล้ว", "ไม่ใช่"]
    assert told.words() == "", "nothing is believed yet"
    answered = told.say("ยาย", presses="ถูกแล้ว", after="5 hours")
    assert told.words() == WATER
    assert told.report().tambon_code
    assert "แม่ยาว" in text(answered)
    with told.talk.read() as session:
        assert people.dialogue_of(session, told.report().reporter_id or 0)[0] == "", "nothing is left to ask"
    assert "แม่ยาว" in text(told.say("ยาย", presses="ถูกแล้ว"))
    assert "แม่ยาว" in text(told.say("ยาย", presses="ไม่ใช่"))
    assert told.words() == WATER, "once, and a no comes too late"
    assert told.medium().heard == "confirmed"


def test_a_place_that_was_not_heard_is_asked_for(told: Voices) -> None:
    told.kept("น้ำประปาไม่ไหลมาสามวันแล้ว")
    assert "ตำบลไหนคะ" in text(told.say("ยาย", presses="ถูกแล้ว"))
    assert "แม่ยาว" in text(told.say("ยาย", says="ต.แม่ยาว อ.เมืองเชียงราย"))


def test_a_no_forgets_it_and_asks_for_a_few_words(told: Voices) -> None:
    told.kept("น้ำปลาไม่ไหล")
    assert "พิมพ์สั้น ๆ" in text(told.say("ยาย", presses="ไม่ใช่"))
    assert (told.medium().heard, told.medium().heard_sealed) == ("refused", None)
    assert "พิมพ์" in text(told.say("ยาย", presses="ถูกแล้ว")), "too late: it is forgotten"
    assert told.words() == ""
    told.say("ยาย", says=WATER, after="3 hours")
    assert told.words() == WATER, "what is typed belongs to the voice's report"


def test_nobody_else_may_say_whether_it_is_right(told: Voices) -> None:
    told.kept(WATER)
    for label in ("ถูกแล้ว", "ไม่ใช่"):
        refused = told.say("คนอื่น", presses=label, of="ยาย")
        assert "เปิดได้เฉพาะคนที่แจ้ง" in text(refused)
        assert "น้ำ" not in text(refused)
    assert (told.words(), told.medium().heard) == ("", "machine")


def test_danger_is_answered_before_anybody_confirms_and_is_not_read_back(told: Voices) -> None:
    said = told.kept(BEATEN)
    assert "191" in said[0].text
    assert said[0].card is not None
    assert said[0].card.tone == "hotline"
    assert told.report().private
    assert told.report().sensitive == "violence"
    assert BEATEN not in text(said)
    assert told.words() == ""


def test_an_emergency_tells_its_coordinators_and_is_not_read_back(told: Voices) -> None:
    told.talk.invite(Invited(code="SS-1111-1111", role="coordinator"))
    told.say("นาย", says="SS-1111-1111")
    said = told.kept(FIRE)
    assert [reply.to.chat for reply in said if reply.to] == ["ยาย", "นาย"]
    assert "199" in said[0].text
    assert FIRE not in text(said)
    assert told.report().private, "at once, as if it had been typed"
    assert told.report().urgency == "emergency"
    told.say("ยาย", says="น้ำไม่ไหล")
    assert told.report().urgency == "emergency", "never less than before"


def test_an_officer_sees_that_a_machine_heard_it_and_can_play_it(told: Voices) -> None:
    told.talk.invite(Invited(code="SS-1111-1111", role="staff"))
    told.say("เจ้าหน้าที่", says="SS-1111-1111")
    told.kept("โทรหาสมชาย ใจดี 081-234-5678 น้ำไม่ไหล")
    (card,) = told.say("เจ้าหน้าที่", says="<รหัส 1>")
    assert "เครื่องฟังว่า" in card.text
    assert "ยังไม่ยืนยัน" in card.text
    assert "081-234-5678" not in card.text
    assert [button.url for button in card.buttons if button.label == "ฟังเสียง 1"] == ["/files/1"]
    told.say("ยาย", presses="ถูกแล้ว")
    (card,) = told.say("เจ้าหน้าที่", says="<รหัส 1>")
    assert "ยังไม่ยืนยัน" not in card.text
    assert "น้ำไม่ไหล" in card.text


def test_a_voice_that_is_taken_back_takes_its_words_along(told: Voices) -> None:
    told.kept(WATER)
    told.say("ยาย", presses="ถูกแล้ว")
    told.say("ยาย", unsends="the voice")
    assert told.words() == ""
    assert told.medium().heard_sealed is None
    assert "เปิดได้เฉพาะคนที่แจ้ง" in text(told.say("ยาย", presses="ถูกแล้ว"))


def test_a_voice_that_is_taken_back_while_it_is_heard_is_not_spoken_of(told: Voices) -> None:
    told.say("ยาย", unsends="the voice")
    with told.talk.database.sessions.begin() as session:
        assert not voices.settle(session, 1, WATER)
    assert told.goes_off("heard", 1) == []


def test_only_fresh_voices_that_nobody_heard_wait_for_a_machine(told: Voices) -> None:
    def waiting() -> list[int]:
        with told.talk.read() as session:
            return voices.waiting(session, told.talk.clock())

    assert waiting() == [], "it is not fetched yet"
    with told.talk.database.sessions.begin() as session:
        session.get_one(Medium, 1).state = "kept"
    assert waiting() == [1]
    told.talk.clock.move(hours=25)
    assert waiting() == []
    told.talk.clock.move(hours=-25)
    with told.talk.database.sessions.begin() as session:
        voices.put_off(session, 1, told.talk.clock() + voices.FRESH / 24)
    assert waiting() == []
    told.talk.clock.move(hours=1)
    assert waiting() == [1]
    with told.talk.database.sessions.begin() as session:
        assert voices.settle(session, 1, "")
        assert not voices.settle(session, 1, WATER), "once"
    assert waiting() == []
    assert told.goes_off("heard", 1) == [], "where nothing was heard nothing is said"


@pytest.mark.parametrize("status", ["cancelled", "cannot", "closed_confirmed"])
def test_a_voice_of_what_is_over_is_neither_read_back_nor_confirmed(told: Voices, status: str) -> None:
    told.kept(WATER)
    ends(told, status=status)
    assert told.goes_off("heard", 1) == []
    for label in ("ถูกแล้ว", "ไม่ใช่"):
        assert "จบแล้ว" in text(told.say("ยาย", presses=label))
    assert (told.words(), told.medium().heard) == ("", "machine")


@pytest.mark.parametrize(
    "change", [{"status": "cancelled"}, {"status": "closed_unconfirmed"}, {"erased_at": True}, {"paused_at": True}]
)
def test_a_voice_that_may_not_be_used_is_not_given_to_a_machine(told: Voices, change: dict[str, object]) -> None:
    with told.talk.database.sessions.begin() as session:
        session.get_one(Medium, 1).state = "kept"
    assert able(told) == ([1], True)
    ends(told, **change)
    assert able(told) == ([], False), "looked at again when its turn comes"


def able(told: Voices) -> tuple[list[int], bool]:
    with told.talk.read() as session:
        return voices.waiting(session, told.talk.clock()), voices.to_hear(session, 1) is not None


def ends(told: Voices, **change: object) -> None:
    with told.talk.database.sessions.begin() as session:
        report = session.get_one(Report, 1)
        for name, value in change.items():
            owner = session.get_one(Person, report.reporter_id) if name == "paused_at" else report
            setattr(owner, name, told.talk.clock() if value is True else value)
