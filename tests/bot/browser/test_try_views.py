"""What LINE and Telegram would show, opened and closed under what was said."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.bot.browser.door import Door
from tests.bot.browser.hands import say


def test_a_platforms_picture_opens_and_closes(phone: Page, door: Door) -> None:
    say(phone, "น้ำไม่ไหล")
    said = phone.locator(".said").first
    expect(said).to_be_visible()
    assert door.looks == []  # nothing is drawn before somebody wants to see it
    line = said.get_by_role("button", name="ดูว่าใน LINE เห็นอย่างไร")
    line.click()
    picture = said.locator("img.seen")
    expect(picture).to_be_visible()
    expect(line).to_have_attribute("aria-expanded", "true")
    number = int(said.get_attribute("data-n") or 0)
    assert door.looks == [{"user": door.identities[0]["user"], "n": str(number), "as": "line"}]
    box = picture.bounding_box()
    assert box is not None
    assert box["width"] > 340
    line.click()
    expect(picture).to_have_count(0)
    said.get_by_role("button", name="ดูว่าใน Telegram เห็นอย่างไร").click()
    expect(picture).to_be_visible()
    assert door.looks[-1]["as"] == "telegram"
