"""Whatever is sent gets a kind answer: long, broken, foreign, or meant to trip somebody up."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handlers.buttons import BUTTONS
from handlers.desk import Desk
from tests.handlers.talk import Invited, Said, Talk, heard
from tests.rig import Clock, Database

CODES = {"coordinator": "SS-2222-2222", "volunteer": "SS-BBBB-BBBB"}
HOSTILE = {
    "five thousand letters": "น้ำประปาไม่ไหล " * 334,
    "one letter five thousand times": "ก" * 5000,
    "emoji only": "😭🙏🏽👨‍👩‍👧‍👦",
    "another script": "အိမ်မှာရေမလာဘူး ကူညီပါ",
    "right to left": "لا يوجد ماء في القرية",
    "control characters": "\x00\x01\x07\x1b[2J\x7f",
    "a lone surrogate": "น้ำ\ud800ไม่ไหล",
    "combining marks": "ก" + "่" * 500,
    "braces of a template": "{code} {0} %s {{report.text_sealed}}",
    "words of a database": "'; DROP TABLE report; --",
    "markup": "<script>alert(1)</script><b>น้ำไม่ไหล</b>",
    "digits only": "0" * 80,
    "a code too long": "ชร-" + "9" * 30,
    "bars and colons": "case.accept:1~abc",
    "a command": "/start payload",
}


@pytest.mark.parametrize("text", list(HOSTILE.values()), ids=list(HOSTILE))
def test_every_text_is_answered_and_forgotten_by_nobody(
    desk: Desk, database: Database, clock: Clock, text: str
) -> None:
    talk = Talk(desk, database, clock)
    replies = talk.take(Said(who="ป้าบัว", says=text))
    assert replies
    assert all(reply.text.strip() for reply in replies)
    assert all(button.label for reply in replies for button in reply.buttons)
    # The next message is answered too: nothing that was sent can break the conversation for good.
    after = talk.take(Said(who="ป้าบัว", says="สถานะ"))
    assert after[0].text.strip()


@pytest.mark.parametrize(
    "data",
    ["", "case.accept:1", "case.accept:1~", "~", "case.accept:1~" + "A" * 27, "ก" * 300, "\ud800~x", "q:new:0\n~x"],
)
def test_a_postback_that_we_did_not_seal_is_refused(desk: Desk, database: Database, clock: Clock, data: str) -> None:
    assert desk.open_postback(data) is None


@pytest.mark.parametrize("action", [*BUTTONS, "nobody.knows"])
def test_an_old_button_with_odd_arguments_is_answered(
    desk: Desk, database: Database, clock: Clock, action: str
) -> None:
    talk = Talk(desk, database, clock)
    talk.take(Said(who="ป้าบัว", says="น้ำประปาไม่ไหล ต.แม่ยาว อ.เมืองเชียงราย"))
    for role in ("coordinator", "volunteer"):
        talk.invite(Invited(code=CODES[role], role=role, sensitive=True))
        talk.take(Said(who="เมธา", says=CODES[role]))
    for who in ("ป้าบัว", "เมธา"):
        for arguments in ((), ("x",), ("-1",), ("9" * 18,), ("1", "x"), ("1", "g99"), ("1", "2", "3")):
            silent = talk.incoming(Said(who=who, sends="nothing"))
            pressed = replace(silent, kind="postback", postback=desk.postback(action, *arguments))
            replies = talk.answer(pressed)
            assert replies, arguments
            assert all(heard(reply) for reply in replies), arguments
