"""A province replaces its list: all of history is called by the new names, and nothing is classified again."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.provinces import SHIPPED, load_directory
from handlers.desk import Desk
from handlers.texts import Texts
from nlp.reader import Reader
from storage.models import Digest, Report
from tests.handlers.talk import Invited, Said, Talk, heard
from tests.rig import Clock, Database, make_desk

OLD, NEW = "ที่ดิน น้ำ ป่า ตามภูมินิเวศ", "น้ำสะอาดทุกหลังคาเรือน"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The shipped province files with another name in Chiang Rai's list."""
    copy = tmp_path / "provinces"
    shutil.copytree(SHIPPED, copy, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    path = copy / "chiang-rai.toml"
    text = path.read_text("utf-8")
    assert OLD in text
    path.write_text(text.replace(f'name_th = "{OLD}"', f'name_th = "{NEW}"'), "utf-8")
    return copy


def say(talk: Talk, who: str, **said: str) -> str:
    return "\n".join(heard(reply) for reply in talk.take(Said(who=who, **said)))


def test_a_new_list_relabels_history(
    desk: Desk, reader: Reader, texts: Texts, database: Database, clock: Clock, folder: Path
) -> None:
    talk = Talk(desk, database, clock)
    talk.invite(Invited(code="SS-1111-1111", role="staff", agency="สปสช."))
    say(talk, "เมธา", says="SS-1111-1111")
    receipt = say(talk, "ป้าบัว", says="น้ำประปาไม่ไหลมาสามวันแล้ว ต.แม่ยาว อ.เมืองเชียงราย")
    assert OLD in receipt
    digest = say(talk, "เมธา", says="สรุปสัปดาห์นี้")
    assert f"1. {OLD} 1" in digest
    with database.readers() as session:
        before = session.query(Report).one()

    known = {category.slug: [sub.slug for sub in category.subs] for category in reader.taxonomy.categories}
    talk.desk = make_desk(reader, load_directory(folder, known), texts, {"local": "chiang-rai"})
    for asked in ("<รหัส 1>", "งานใหม่", "สรุปสัปดาห์นี้"):
        told = say(talk, "เมธา", says=asked)
        assert NEW in told, asked
        assert OLD not in told, asked
    assert NEW in say(talk, "ป้าบัว", says="<รหัส 1>")
    with database.readers() as session:
        after = session.query(Report).one()
        stored = ("category", "sub", "confidence", "decided_by", "model", "updated_at", "evidence")
        assert [getattr(after, name) for name in stored] == [getattr(before, name) for name in stored]
        # What was answered under the old names stays as it was answered.
        old, new = session.query(Digest).order_by(Digest.id)
        assert old.content["groups"][0]["label"] == OLD
        assert new.content["groups"][0]["label"] == NEW
        assert new.content["groups"][0]["ids"] == old.content["groups"][0]["ids"]
