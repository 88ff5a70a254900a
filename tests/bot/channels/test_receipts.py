"""Receipts of every kind, with the longest names there are and more buttons than any platform takes at once."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from handlers.desk import Desk
from handlers.messages import Button, Reply
from handlers.provinces import Directory
from handlers.wording import receipt
from storage import spots
from storage.models import Report
from tests.fitting import line_calls, misfits, telegram_calls
from tests.handlers.talk import Said, Talk
from tests.openapi import faults
from tests.rig import Clock, Database

KINDS = ("problem", "proposal", "asset", "question", "emergency")
LONG = "น้ำประปาไม่ไหลมาสามวันแล้ว " * 185  # 5,000 letters
LABEL = "กดตรงนี้ถ้าอยากให้ทีมจังหวัดโทรกลับมาหาในวันพรุ่งนี้ตอนเช้านะ"


def longest_place(desk: Desk, directory: Directory, slug: str) -> str:
    """The tambon of a province whose names are the longest."""
    province = directory.provinces[slug]
    codes = [f"{desk.amphoe_code(province, name)}{n:02}" for name in province.amphoe for n in range(1, 25)]

    def length(code: str) -> int:
        names = desk.reader.place_names(code)
        return len(names.tambon) + len(names.amphoe) if names.tambon else 0

    return max(codes, key=length)


def longest(desk: Desk, directory: Directory, database: Database, clock: Clock) -> list[Reply]:
    """Receipts that are as long as receipts can be, in both languages."""
    talk = Talk(desk, database, clock)
    talk.take(Said(who="ป้าบัว", says=LONG))
    slug = max(directory.provinces, key=lambda one: len(directory.provinces[one].name_th))
    names = {core: desk.reader.taxonomy.category(core).name_th for core in desk.reader.taxonomy.slugs}
    buttons = [Button(f"{n} {LABEL}"[:60], postback=desk.postback("rep.cat", 10**12, n)) for n in range(16)]
    buttons += [Button(LABEL, ask="location"), Button(LABEL, ask="camera"), Button(LABEL, text=LABEL)]
    buttons += [Button(LABEL, postback=desk.postback("voice"), ask="voice"), Button("โทร 1669", url="tel:1669")]
    made: list[Reply] = []
    footer = LONG
    with database.sessions.begin() as session:
        report = session.query(Report).one()
        report.province, report.summary = slug, LONG
        report.tambon_code = longest_place(desk, directory, slug)
        report.category = max(names, key=lambda core: len(names[core]))
        report.place_sealed = spots.seal(session, spots.Spot(LONG, 19.123456, 99.123456))
        report.code = "ชร-" + "9" * 9
        for kind in KINDS:
            for private in (False, True):
                report.kind, report.private = kind, private
                for lang in ("th", "en"):
                    made.append(receipt(session, desk, report, clock(), lang, footer, *buttons))
            report.summary, footer = LONG[:200], LONG[:200]
    made += [replace(made[0], card=None), replace(made[0], image="/files/a", file="/files/b")]
    return made


def test_the_longest_receipts_fit_and_lose_no_button(
    desk: Desk, directory: Directory, database: Database, clock: Clock
) -> None:
    made = longest(desk, directory, database, clock)
    assert len(made) == len(KINDS) * 2 * 2 + 2
    wrong = [one for reply in made for one in misfits([reply])]
    assert wrong == []
    assert misfits(made[-4:]) == []
    for reply in (made[0], *made[-2:]):
        sent = json.dumps(line_calls([reply])), json.dumps(list(telegram_calls([reply])))
        for button in reply.buttons:
            if button.postback and not button.ask:
                assert all(button.postback in platform for platform in sent), button
        assert sum(len(call) for call in line_calls([reply])) >= 2


def test_recording_opens_on_line_and_is_words_elsewhere() -> None:
    button = Button("อัดเสียง", postback="voice~x", ask="voice")
    for reply in (Reply("เล่ามาได้เลย", buttons=(button,)), Reply("x", buttons=(Button("อื่น", text="อื่น"), button))):
        ((message,),) = line_calls([reply])
        action = message["quickReply"]["items"][-1]["action"]
        assert action["inputOption"] == "openVoice"
        assert (action["type"], action["data"], action["displayText"]) == ("postback", "voice~x", "อัดเสียง")
        ((_, asked),) = telegram_calls([reply])
        assert "• อัดเสียง" in asked["text"]
        assert "voice~x" not in asked.get("reply_markup", "")


def test_what_does_not_fit_is_named() -> None:
    """The measure itself: what nobody packed is refused."""
    from tests.limits import line_faults, telegram_faults  # noqa: PLC0415

    assert line_faults([{"type": "text", "text": "ก" * 5001}]) == ["messages[0].text"]
    assert line_faults([{"type": "text", "text": "ก"}] * 6) == ["messages"]
    assert telegram_faults("sendMessage", {"text": "ก" * 4097}) == "message is too long"
    assert telegram_faults("sendPhoto", {"caption": "ก" * 1025}) == "message caption is too long"
    keys = {"inline_keyboard": [[{"text": "x", "callback_data": "ก" * 22}]]}
    assert telegram_faults("sendMessage", {"text": "x", "reply_markup": json.dumps(keys)}) == "BUTTON_DATA_INVALID"


@pytest.mark.skipif("SANSIANG_PEERS" not in os.environ, reason="SANSIANG_PEERS names no folder with interface files")
def test_receipts_and_menus_conform_to_lines_published_interface(
    desk: Desk, directory: Directory, database: Database, clock: Clock
) -> None:
    from bot.menus.layout import MENUS, rich_menu  # noqa: PLC0415

    yaml = pytest.importorskip("yaml")
    file = Path(os.environ["SANSIANG_PEERS"]) / "line" / "messaging-api.strict.yml"
    document = yaml.load(file.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    schemas = document["components"]["schemas"]
    for reply in longest(desk, directory, database, clock)[:6]:
        for messages in line_calls([reply]):
            assert list(faults({"to": "U", "messages": messages}, schemas["PushMessageRequest"], document)) == []
    for role in MENUS:
        menu = rich_menu(desk, role, f"sansiang {role}")
        assert list(faults(menu, schemas["RichMenuRequest"], document)) == []
        assert list(faults({**menu, "chatBarText": "x" * 15}, schemas["RichMenuRequest"], document)) != []
