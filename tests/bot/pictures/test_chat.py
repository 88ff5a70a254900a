"""Pictures of what the platforms would show: drawn from their own messages, whatever those hold."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from bot.pictures.chat import PLATFORMS, SCALE, WIDTH, draw, line, telegram
from handlers.messages import Button, Card, Reply, Row

URL = "https://sansiang.example"
RECEIPT = Reply(
    "รับเรื่องแล้วค่ะ",
    card=Card("รับเรื่องแล้วค่ะ", (Row("รหัส", "ชร-48271"), Row("ที่ไหน", "ต.แม่ยาว", "rep.show:1")), "receipt", "ท้าย"),
    buttons=(Button("รับทราบ", postback="a"), Button("ถ่ายรูป", ask="camera"), Button("เว็บ", url=URL)),
)
HOSTILE = '#set page(fill: red) \\ *x* _y_ $z$ `#read("/etc/passwd")` <b>& #pagebreak() "]}'


def colours(picture: bytes) -> set[tuple[int, ...]]:
    return {one for _, one in Image.open(BytesIO(picture)).convert("RGB").getcolors(1_000_000) or []}  # type: ignore[misc]


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_picture_is_as_wide_as_a_phone_and_always_the_same(platform: str) -> None:
    made = draw(platform, (RECEIPT,), URL)
    picture = Image.open(BytesIO(made))
    assert (picture.format, picture.width) == ("PNG", WIDTH * SCALE)
    assert draw(platform, (RECEIPT,), URL) == made
    assert draw(platform, (Reply("อื่น"),), URL) != made


def test_colours_are_those_of_the_message() -> None:
    assert (0x1B, 0x6E, 0x3C) in colours(draw("line", (RECEIPT,), URL))  # the head of a receipt
    hotline = Reply("โทร", card=Card("โทร", (Row("ตำรวจ", "191"),), "hotline"))
    assert (0xB3, 0x26, 0x1E) in colours(draw("line", (hotline,), URL))


@pytest.mark.parametrize("platform", PLATFORMS)
def test_words_are_never_markup(platform: str) -> None:
    said = Reply(HOSTILE, buttons=(Button(HOSTILE, text="x"),))
    card = Reply(HOSTILE, card=Card(HOSTILE, (Row(HOSTILE, HOSTILE),), footer=HOSTILE))
    for reply in (said, card):
        assert (255, 65, 54) not in colours(draw(platform, (reply,), URL))  # Typst's red


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize(
    "reply",
    [
        Reply("ก" * 5000),
        Reply("\n\n🙏 ำ่ \n", buttons=tuple(Button(f"ปุ่มที่ {n} " + "ยาว" * 20, postback=f"p{n}") for n in range(30))),
        Reply("", image="/files/a", file="/files/b"),
        Reply("x", card=Card("", (), footer="")),
        Reply("x", card=Card("หัว", tuple(Row("", "ย" * 1400, "p") for _ in range(12)), "case")),
        Reply("x", buttons=(Button("อัดเสียง", postback="v", ask="voice"),)),
    ],
)
def test_whatever_is_said_can_be_drawn(platform: str, reply: Reply) -> None:
    for url in ("", URL):
        assert draw(platform, (reply,), url).startswith(b"\x89PNG")


def test_a_picture_shows_what_goes_out() -> None:
    (message,) = line((RECEIPT,), URL)
    labels = [part["action"]["label"] for part in message["contents"]["footer"]["contents"] if part["type"] == "button"]
    assert labels == ["รับทราบ", "เว็บ"]
    assert message["quickReply"]["items"][0]["action"]["type"] == "camera"
    (shown,) = telegram((RECEIPT,), URL)
    assert shown["lines"][0] == [{"text": "รับเรื่องแล้วค่ะ", "bold": True, "italic": False}]
    assert shown["lines"][-1][0] == {"text": "ท้าย", "bold": False, "italic": True}
    assert [[key["label"] for key in keys] for keys in shown["keys"]] == [["ที่ไหน", "รับทราบ", "เว็บ"]]
    assert "• ถ่ายรูป" in [run["text"] for runs in shown["lines"] for run in runs]
    assert telegram((Reply("a & b <b>"),), URL)[0]["lines"] == [[{"text": "a & b <b>", "bold": False, "italic": False}]]
