"""Replies as Telegram messages: its limits, and nothing lost on the way."""

import json
import re
from html import unescape
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.telegram import TelegramChannel
from bot.channels.telegram_messages import html, keyboard, visible
from handlers.messages import Button, Card, Reply, Row
from tests.limits import telegram_faults, units
from tests.peers import TELEGRAM_TOKEN

HTTPS = "https://sansiang.example"
thai = st.text(alphabet="กขคงจชซดตถทนบปผพมยรลวสหอ ิีึืุู่้าแเโำ🙏\n<&>", min_size=1)
buttons = st.lists(
    st.builds(Button, label=thai, text=thai)
    | st.builds(Button, label=thai, postback=st.text("abc.:", min_size=1, max_size=90))
    | st.builds(
        Button, label=thai, url=st.sampled_from(["/r/abc", "https://example.com", "tel:1669", "http://localhost/x"])
    )
    | st.builds(Button, label=thai, ask=st.sampled_from(["location", "camera"])),
    max_size=120,
).map(tuple)
rows = st.lists(st.builds(Row, label=thai, value=thai, postback=st.text("abc", max_size=70)), max_size=130).map(tuple)
replies = st.lists(
    st.builds(
        Reply,
        text=thai,
        card=st.none() | st.builds(Card, title=thai, rows=rows, footer=thai),
        buttons=buttons,
        image=st.sampled_from(["", "/files/a"]),
        file=st.sampled_from(["", "/files/b"]),
    ),
    max_size=3,
)


def packed(said: list[Reply], url: str | None = HTTPS) -> list[Reply]:
    channel = TelegramChannel(token=TELEGRAM_TOKEN, public_url=url)
    parcels = channel.pack(said)
    assert all(len(parcel) == 1 for parcel in parcels)
    return [parcel[0] for parcel in parcels]


def keys(reply: Reply, url: str = HTTPS) -> list[list[dict[str, Any]]]:
    names = {"data": "callback_data", "url": "url"}
    return [
        [{"text": k.label} | {names[n]: getattr(k, n) for n in names if getattr(k, n)} for k in line]
        for line in keyboard(reply, url)
    ]


@given(replies, st.sampled_from([HTTPS, None]))
@settings(deadline=None, max_examples=60)
def test_whatever_is_said_stays_within_the_limits(said: list[Reply], url: str | None) -> None:
    for reply in packed(said, url):
        text = html(reply)
        assert unescape(re.sub(r"</?[bi]>", "", text)).split() == visible(reply).split()
        markup = json.dumps({"inline_keyboard": keys(reply, url or "")})
        if reply.image or reply.file:
            assert telegram_faults("sendPhoto", {"caption": text, "reply_markup": markup}) == ""
        elif text:
            assert telegram_faults("sendMessage", {"text": text, "reply_markup": markup}) == ""


def test_long_text_is_divided_and_its_buttons_stand_under_the_last_part() -> None:
    lines = [f"ข้อ {n} " + "น้ำท่วม" * 60 for n in range(30)]
    parts = packed([Reply("\n".join(lines), buttons=(Button("สถานะ", text="สถานะ"),))])
    assert "\n".join(part.text for part in parts) == "\n".join(lines)
    assert all(units(part.text) <= 4096 for part in parts)
    assert [bool(keys(part)) for part in parts] == [False] * (len(parts) - 1) + [True]


def test_card_is_a_bold_title_and_lines_whose_buttons_go_back() -> None:
    card = Card("งาน <ด่วน>", (Row("ชร-1", "ถนนพัง & ไฟดับ", "case:1.x"), Row("", "จบ")), footer="ปรับปรุงเมื่อวาน")
    (reply,) = packed([Reply("อ่านออกเสียง", card)])
    assert html(reply) == "<b>งาน &lt;ด่วน&gt;</b>\nชร-1: ถนนพัง &amp; ไฟดับ\nจบ\n\n<i>ปรับปรุงเมื่อวาน</i>"
    assert keys(reply) == [[{"text": "ชร-1", "callback_data": "case:1.x"}]]


def test_long_card_goes_on_in_further_messages() -> None:
    rows = tuple(Row(f"ชร-{n}", f"รายการที่ {n} " + "ถนนพัง" * 20, f"case:{n}.x") for n in range(150))
    parts = packed([Reply("รายการ", Card("งาน", rows, footer="หมดแล้ว"), (Button("ถัดไป", postback="next"),))])
    text = "\n".join(html(part) for part in parts)
    data = json.dumps([keys(part) for part in parts])
    assert all(units(visible(part)) <= 4096 for part in parts)
    assert all(f"รายการที่ {n} " in text and f'"case:{n}.x"' in data for n in range(150))
    assert text.count("หมดแล้ว") == data.count('"next"') == 1


def test_words_of_sixty_four_bytes_are_a_button_and_longer_ones_are_written_out() -> None:
    fits, long = "ก" * 20, "ข" * 21  # three bytes a letter, and two for the mark before them
    (reply,) = packed([Reply("เลือก", buttons=(Button("สั้น", text=fits), Button("ยาว", text=long)))])
    assert keys(reply) == [[{"text": "สั้น", "callback_data": f"t:{fits}"}]]
    assert reply.text == f"เลือก\n\n• {long}"


def test_postback_over_sixty_four_bytes_says_its_label() -> None:
    (reply,) = packed([Reply("เลือก", buttons=(Button("ส่งต่อ", postback="p" * 65),))])
    assert keys(reply) == [[{"text": "ส่งต่อ", "callback_data": "t:ส่งต่อ"}]]


def test_what_telegram_opens_not_is_written_out() -> None:
    said = (
        Button("ส่งตำแหน่ง", ask="location"),
        Button("โทรสายด่วน", url="tel:1323"),
        Button("โทร 1669", url="tel:1669"),
        Button("หน้าเรื่อง", url="/r/abc"),
    )
    (reply,) = packed([Reply("โทรได้เลยนะคะ", buttons=said)], None)
    assert keys(reply, "") == []
    assert reply.text == "โทรได้เลยนะคะ\n\n• ส่งตำแหน่ง\n• โทรสายด่วน 1323\n• โทร 1669"
    (public,) = packed([Reply("ดู", buttons=said[3:])])
    assert keys(public) == [[{"text": "หน้าเรื่อง", "url": f"{HTTPS}/r/abc"}]]


def test_lines_of_buttons_follow_their_width() -> None:
    labels = ["ใช่", "ไม่", "ข้าม", "ตำบลแม่ยาว", "ตำบลดอยฮาง", "ขอเชิญหน่วยงานอื่นมาร่วมรับผิดชอบ"]
    (reply,) = packed([Reply("เลือก", buttons=tuple(Button(label, text=label[:9]) for label in labels))])
    assert [len(line) for line in keys(reply)] == [3, 2, 1]


def test_caption_too_long_goes_before_its_picture() -> None:
    said = Reply("ก" * 1025, image="/files/a", file="/files/b", buttons=(Button("ดู", text="ดู"),))
    text, image, file = packed([said])
    assert (text.text, text.image, image.text, image.image, file.file) == (said.text, "", "", "/files/a", "/files/b")
    assert [bool(keys(part)) for part in (text, image, file)] == [True, False, False]
    caption, second = packed([Reply("ก" * 1024, image="/files/a", file="/files/b")])
    assert (caption.image, caption.file, second.file) == ("/files/a", "", "/files/b")
    assert units(caption.text) == 1024


def test_card_of_many_short_lines_keeps_every_button() -> None:
    rows = tuple(Row(f"{n}", "ก", f"c:{n}") for n in range(150))
    parts = packed([Reply("งาน", Card("งาน", rows), tuple(Button(f"ป{n}", postback=f"b:{n}") for n in range(30)))])
    found = [key["callback_data"] for part in parts for line in keys(part) for key in line]
    assert set(found) == {f"c:{n}" for n in range(150)} | {f"b:{n}" for n in range(30)}
    assert all(sum(map(len, keys(part))) <= 100 for part in parts)


def test_a_menu_alone_is_no_message() -> None:
    assert packed([Reply("", menu="villager")]) == []
