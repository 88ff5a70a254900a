from __future__ import annotations

from datetime import UTC, datetime

from bot.channels.local import as_json
from handlers.messages import Reply


def test_a_message_says_when_it_was_said_with_its_offset() -> None:
    said = as_json(7, Reply("รับแล้วค่ะ"), datetime(2026, 11, 21, 18, 30, 15, 900_000, UTC))
    assert (said["n"], said["at"]) == (7, "2026-11-22T01:30:15+07:00")
    assert as_json(7, Reply("รับแล้วค่ะ"))["at"] is None
