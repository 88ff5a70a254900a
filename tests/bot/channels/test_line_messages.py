"""Replies as LINE messages: LINE's limits, and nothing lost on the way."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.line import LineChannel
from bot.channels.line_messages import render
from handlers.messages import Button, Card, Reply, Row, Tone
from tests.limits import clusters, line_faults, units
from tests.openapi import faults
from tests.peers import LINE_SECRET, LINE_TOKEN

HTTPS = "https://sansiang.example"
thai = st.text(alphabet="กขคงจชซดตถทนบปผพมยรลวสหอ ิีึืุู่้าแเโำ🙏\n", min_size=1)
tones: st.SearchStrategy[Tone] = st.sampled_from(["plain", "receipt", "hotline", "case", "digest", "error"])
buttons = st.lists(
    st.builds(Button, label=thai, text=thai)
    | st.builds(Button, label=thai, postback=st.text("abc.:", min_size=1, max_size=400))
    | st.builds(Button, label=thai, url=st.sampled_from(["/r/abc", "https://example.com/น้ำ", "tel:1669"]))
    | st.builds(Button, label=thai, ask=st.sampled_from(["location", "camera"])),
    max_size=30,
).map(tuple)
cards = st.builds(
    Card,
    title=thai,
    rows=st.lists(
        st.builds(Row, label=thai, value=thai, postback=st.sampled_from(["", "rep.show:1.x", "p" * 301]))
    ).map(tuple),
    tone=tones,
    footer=st.just("") | thai,
)
replies = st.lists(
    st.builds(
        Reply,
        text=thai,
        card=st.none() | cards,
        buttons=buttons,
        image=st.sampled_from(["", "/files/a"]),
        file=st.sampled_from(["", "/files/b"]),
    ),
    max_size=9,
)


def packed(said: list[Reply], url: str | None = HTTPS) -> list[list[dict[str, Any]]]:
    channel = LineChannel(channel_secret=LINE_SECRET, access_token=LINE_TOKEN, public_url=url)
    return [render(parcel, url if url and url.startswith("https") else "") for parcel in channel.pack(said)]


def words(messages: list[list[dict[str, Any]]]) -> str:
    return json.dumps(messages, ensure_ascii=False)


@given(replies, st.sampled_from([HTTPS, None]))
@settings(deadline=None)
def test_whatever_is_said_stays_within_the_limits(said: list[Reply], url: str | None) -> None:
    for messages in packed(said, url):
        assert line_faults(messages) == []


def test_long_text_is_divided_at_line_breaks_and_nothing_is_lost() -> None:
    paragraphs = [f"ข้อ {n} " + "น้ำท่วม" * 100 for n in range(40)]
    calls = packed([Reply("\n".join(paragraphs))])
    texts = [message["text"] for call in calls for message in call]
    assert len(calls) == 2
    assert all(units(text) <= 5000 for text in texts)
    assert "\n".join(texts) == "\n".join(paragraphs)


def test_text_without_a_break_is_divided_between_whole_letters() -> None:
    texts = [message["text"] for call in packed([Reply("ที่นี่น้ำ" * 2000)]) for message in call]
    assert "".join(texts) == "ที่นี่น้ำ" * 2000
    assert not any(text[0] in "่ี้ำ" for text in texts)


def test_surrogate_pairs_count_twice() -> None:
    texts = [message["text"] for call in packed([Reply("🙏" * 5000)]) for message in call]
    assert [units(text) for text in texts] == [5000, 5000]


def test_six_replies_take_two_calls_in_order() -> None:
    calls = packed([Reply(f"ข้อความ {n}") for n in range(6)])
    assert [[message["text"][-1] for message in call] for call in calls] == [list("01234"), ["5"]]


def test_card_is_a_bubble_with_its_text_as_notification_and_lasting_buttons() -> None:
    card = Card("เรื่อง ชร-48271", (Row("สถานะ", "รอรับเรื่อง", "rep.show:1.x"),), "case", "ปรับปรุงเมื่อวาน")
    reply = Reply(
        "เรื่อง ชร-48271 รอรับเรื่อง " * 100,
        card,
        (Button("รับเรื่อง", postback="case.take:1.x"), Button("ปักหมุด", ask="location")),
    )
    ((flex,),) = packed([reply])
    assert flex["type"] == "flex"
    assert 1400 < units(flex["altText"]) <= 1500
    assert flex["contents"]["body"]["contents"][0]["action"]["data"] == "rep.show:1.x"
    assert [part["type"] for part in flex["contents"]["footer"]["contents"]] == ["text", "button"]
    assert (
        flex["contents"]["header"]["backgroundColor"]
        != packed([Reply("x", Card("x", tone="hotline"))])[0][0]["contents"]["header"]["backgroundColor"]
    )
    assert flex["quickReply"]["items"][0]["action"] == {"type": "location", "label": "ปักหมุด"}


def test_card_beyond_thirty_kilobytes_goes_on_in_further_bubbles() -> None:
    rows = tuple(Row(f"ชร-{n}", f"รายการที่ {n} " + "ถนนพัง" * 40, f"rep.show:{n}.x") for n in range(60))
    calls = packed([Reply("รายการ", Card("งานของคุณ", rows, "case", "หมดแล้ว"), (Button("ถัดไป", postback="next:1.x"),))])
    bubbles = [message["contents"] for call in calls for message in call]
    assert len(bubbles) > 2
    assert all(len(json.dumps(bubble)) <= 30_000 for bubble in bubbles)
    assert all(f"รายการที่ {n} " in words(calls) for n in range(60))
    assert ["footer" in bubble for bubble in bubbles] == [False] * (len(bubbles) - 1) + [True]


def test_one_endless_value_is_not_lost() -> None:
    value = " ".join(f"คำที่{n}" for n in range(6000))
    calls = packed([Reply("สรุป", Card("สรุป", (Row("ข้อความ", value),)))])
    assert all(line_faults(call) == [] for call in calls)
    said = words(calls)
    assert all(f"คำที่{n}" in said for n in range(6000))


def test_more_than_thirteen_quick_replies_go_on_as_buttons_in_a_bubble() -> None:
    choices = tuple(Button(f"อำเภอที่ {n}", postback=f"here:{n}.x") for n in range(20))
    ((text, more),) = packed([Reply("อำเภอไหนคะ", buttons=(*choices, Button("ปักหมุด", ask="location")))])
    assert text["text"] == "อำเภอไหนคะ"
    assert len(more["quickReply"]["items"]) == 13
    assert "location" in [item["action"]["type"] for item in more["quickReply"]["items"]]
    assert all(f"here:{n}.x" in words([[more]]) for n in range(20))


def test_quick_replies_stand_under_the_newest_message() -> None:
    said = [Reply(f"ข้อความ {n}", buttons=(Button(f"ปุ่ม {n}", text=f"คำ {n}"),)) for n in range(6)]
    first, second = packed(said)
    assert not any("quickReply" in message for message in first)
    assert [item["action"]["text"] for item in second[0]["quickReply"]["items"]] == [f"คำ {n}" for n in range(6)]


def test_labels_are_cut_between_whole_letters() -> None:
    label = "ที่นี่" * 12
    ((message,),) = packed([Reply("x", buttons=(Button(label, text="คำ"), Button("น้ำ" * 9, text="น้ำ")))])
    cut, whole = (item["action"]["label"] for item in message["quickReply"]["items"])
    assert clusters(cut) == 20
    assert cut == ("ที่นี่" * 10)[:-3] + "…"  # nineteen letters with their vowels and tones
    assert whole == "น้ำ" * 9  # eighteen letters although twenty-seven characters


def test_postback_says_its_label_and_one_too_long_says_it_alone() -> None:
    said = (Button("รับเรื่อง", postback="p" * 300), Button("ส่งต่อ", postback="p" * 301))
    ((message,),) = packed([Reply("x", buttons=said)])
    fits, long = (item["action"] for item in message["quickReply"]["items"])
    assert (fits["type"], fits["displayText"]) == ("postback", "รับเรื่อง")
    assert long == {"type": "message", "label": "ส่งต่อ", "text": "ส่งต่อ"}


def test_pictures_and_files_are_shown_by_https_address_or_left_out() -> None:
    reply = Reply("สรุปสัปดาห์", image="/files/card", file="/files/pdf", buttons=(Button("ดู", url="/d/abc"),))
    ((text, image),) = packed([reply])
    assert text["text"] == f"สรุปสัปดาห์\n{HTTPS}/files/pdf"
    assert image["originalContentUrl"] == f"{HTTPS}/files/card"
    assert image["quickReply"]["items"][0]["action"]["uri"] == f"{HTTPS}/d/abc"
    for url in (None, "http://sansiang.example"):
        assert packed([reply], url) == [[{"type": "text", "text": "สรุปสัปดาห์"}]]
    assert packed([Reply("", image="/files/card")], None) == []


def test_telephone_and_thai_addresses_are_links() -> None:
    card = Card("โทรได้เลย", tone="hotline")
    reply = Reply("โทร 1323", card, (Button("โทร 1323", url="tel:1323"), Button("เว็บ", url="https://example.com/น้ำ")))
    ((flex,),) = packed([reply])
    uris = [part["action"]["uri"] for part in flex["contents"]["footer"]["contents"]]
    assert uris == ["tel:1323", "https://example.com/%E0%B8%99%E0%B9%89%E0%B8%B3"]


def test_a_number_on_a_hotlines_card_calls() -> None:
    rows = (Row("ตำรวจ", "191"), Row("ศูนย์", "053-123 4567"), Row("รหัส", "ชร-48271"), Row("ปี", "25691"))

    def called(tone: Tone) -> list[str]:
        ((flex,),) = packed([Reply("โทร", Card("โทรได้เลย", rows, tone))])
        return [row["action"]["uri"] for row in flex["contents"]["body"]["contents"] if "action" in row]

    assert called("hotline") == ["tel:191", "tel:0531234567"]
    assert called("receipt") == []


SAID = [
    Reply("สวัสดีค่ะ", buttons=(Button("เรื่องใหม่", text="เรื่องใหม่"), Button("ปักหมุด", ask="location"))),
    Reply("ถ่ายรูป", buttons=(Button("ถ่ายรูป", ask="camera"), Button("ยกเลิก", postback="x"))),
    Reply("งาน", Card("งาน", (Row("ชร-1", "ถนนพัง", "case:1.x"),), "case", "จบ"), (Button("โทร", url="tel:1669"),)),
    Reply("สรุป", image="/files/a", file="/files/b", buttons=tuple(Button(f"{n}", text=f"{n}") for n in range(15))),
]


def test_the_sdk_knows_every_property_that_we_send() -> None:
    from linebot.v3.messaging import PushMessageRequest  # type: ignore[import-untyped]  # noqa: PLC0415

    for reply in SAID:
        (messages,) = packed([reply])
        sent = PushMessageRequest.from_dict({"to": "U", "messages": messages}).to_dict()
        assert sent == {"to": "U", "messages": messages, "notificationDisabled": False}


@pytest.mark.skipif("SANSIANG_PEERS" not in os.environ, reason="SANSIANG_PEERS names no folder with interface files")
def test_bodies_conform_to_lines_published_interface() -> None:
    yaml = pytest.importorskip("yaml")
    file = Path(os.environ["SANSIANG_PEERS"]) / "line" / "messaging-api.strict.yml"
    document = yaml.load(file.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    for reply in SAID:
        (messages,) = packed([reply])
        for name, receiver in (("ReplyMessageRequest", "replyToken"), ("PushMessageRequest", "to")):
            schema = document["components"]["schemas"][name]
            assert list(faults({receiver: "x", "messages": messages}, schema, document)) == []
            assert list(faults({"messages": [{**messages[0], "colour": "red"}]}, schema, document)) != []
