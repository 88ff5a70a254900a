from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from bot.channels.local import LocalChannel, as_json
from bot.media import MediaStore
from handlers.messages import Reply
from tests.rig import WEDNESDAY, Database


def test_a_message_says_when_it_was_said_with_its_offset() -> None:
    said = as_json(7, Reply("รับแล้วค่ะ"), datetime(2026, 11, 21, 18, 30, 15, 900_000, UTC))
    assert (said["n"], said["at"]) == (7, "2026-11-22T01:30:15+07:00")
    assert as_json(7, Reply("รับแล้วค่ะ"))["at"] is None


def test_a_menu_alone_is_not_said(database: Database, tmp_path: Path) -> None:
    said = Reply("รับแล้วค่ะ", menu="staff")
    local = LocalChannel(MediaStore(tmp_path, database.vault), lambda: WEDNESDAY)
    assert local.pack([said, Reply("", menu="villager")]) == [(said,)]
