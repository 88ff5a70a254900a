"""What could not be taken is told once, in one message, with what to do."""

from __future__ import annotations

from storage import media as media_rows
from storage.models import Medium
from tests.handlers.test_hearing import Voices, told

__all__ = ["told"]  # the fixture

WHYS = ("big", "bad", "empty", "gone")


def lose(voices: Voices, *lost: tuple[int, str]) -> None:
    with voices.talk.database.sessions.begin() as session:
        for number, why in lost:
            assert media_rows.settle(session, number, "failed", voices.talk.clock(), error=why)


def album(voices: Voices, kinds: tuple[str, ...]) -> None:
    """Send more, which join the report."""
    for kind in kinds:
        voices.say("ยาย", sends=kind)


def test_a_lost_voice_is_told_of_kindly_and_once_and_the_report_stands(told: Voices) -> None:
    lose(told, (1, "gone: LINE answered 404"))
    (said,) = told.goes_off("medium", 1)
    assert said.to is not None
    assert said.to.chat == "ยาย"
    assert "เสียงมาไม่ถึงเรา" in said.text
    assert told.report().code in said.text
    assert told.report().status == "received"
    assert told.goes_off("medium", 1) == []


def test_every_loss_has_its_words(told: Voices) -> None:
    lose(told, (1, "gone: x"))
    told.goes_off("medium", 1)
    number = 1
    for kind in ("photo", "voice", "video", "file"):
        for why in WHYS:
            album(told, (kind,))
            number += 1
            lose(told, (number, f"{why}: because"))
            (said,) = told.goes_off("medium", 1)
            assert said.text.startswith(told.talk.desk.texts.say("th", f"media.{why}_{kind}"))


def test_several_of_an_album_are_one_message(told: Voices) -> None:
    album(told, ("photo", "photo", "photo"))
    lose(told, (2, "big: x"), (3, "big: x"), (4, "big: x"))
    assert told.goes_off("medium", 1) == [], "the voice is still on its way"
    told.talk.clock.move(seconds=61)
    (said,) = told.goes_off("medium", 1)
    assert "รูปใหญ่เกินไป" in said.text
    assert "ทั้งหมด 3" in said.text
    lose(told, (1, "an older release wrote no reason"))
    (said,) = told.goes_off("medium", 1)
    assert "เสียงมาไม่ถึงเรา" in said.text


def test_different_losses_are_counted(told: Voices) -> None:
    album(told, ("photo",))
    lose(told, (1, "empty: x"), (2, "bad: x"))
    (said,) = told.goes_off("medium", 1)
    assert "มี 2 อย่าง" in said.text


def test_what_is_sent_again_belongs_to_the_same_report(told: Voices) -> None:
    told.talk.clock.move(hours=1)
    lose(told, (1, "bad: x"))
    told.goes_off("medium", 1)
    told.say("ยาย", sends="voice")
    with told.talk.read() as session:
        assert {medium.report_id for medium in session.query(Medium)} == {1}


def test_whoever_tells_something_else_by_now_is_not_led_back(told: Voices) -> None:
    told.say("ยาย", says="เรื่องใหม่ ถนนเป็นหลุมหน้าวัด ต.แม่ยาว อ.เมืองเชียงราย")
    lose(told, (1, "bad: x"))
    told.goes_off("medium", 1)
    told.say("ยาย", sends="photo")
    with told.talk.read() as session:
        assert [medium.report_id for medium in session.query(Medium).order_by(Medium.id)] == [1, 2]


def test_what_was_taken_back_is_not_told_of(told: Voices) -> None:
    lose(told, (1, "bad: x"))
    told.say("ยาย", unsends="the voice")
    assert told.goes_off("medium", 1) == []
    assert told.goes_off("medium", 99) == []
