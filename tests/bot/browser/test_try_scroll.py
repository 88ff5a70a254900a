"""What of the chat is in sight: the answer that a person waits for, and above all the numbers to call."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.bot.browser.chromium import open_page, picture
from tests.bot.browser.door import Door
from tests.bot.browser.hands import let_pass, say
from tests.bot.browser.talk import HOTLINE, LONG

SIZES = [(390, 844), (360, 740), (1280, 800)]


@pytest.fixture(params=SIZES, ids=lambda size: f"{size[0]}")
def page(request: pytest.FixtureRequest, browser: Browser, door: Door) -> Iterator[Page]:
    """The try-it page as most people have it, with motion."""
    width, height = request.param
    with open_page(f"{door.url}/try", width, height, browser=browser) as opened:
        opened.emulate_media(reduced_motion="no-preference")
        yield opened


def width_of(page: Page) -> int:
    """Pixels of the window's width."""
    assert page.viewport_size is not None
    return page.viewport_size["width"]


def below_top(page: Page, bubble: Locator) -> float:
    """Pixels of the top of a bubble below the top of the chat; negative when it is cut off."""
    inner, outer = bubble.bounding_box(), page.locator("#log").bounding_box()
    assert inner is not None
    assert outer is not None
    return inner["y"] - outer["y"]


def ask_for_long(page: Page, times: int) -> None:
    """Ask for a reply that is taller than the screen, again and again."""
    for _ in range(times):
        said = page.locator(".said").count()
        say(page, "สรุปยาว")
        expect(page.locator(".said")).to_have_count(said + 1)


def test_each_tall_reply_is_shown_from_its_start(page: Page, door: Door) -> None:
    door.slow = 0.2
    for times in range(1, 4):
        ask_for_long(page, 1)
        page.wait_for_timeout(400)  # nothing may move it later
        assert 0 <= below_top(page, page.locator(".said").last) < 60, f"reply {times}"
    expect(page.get_by_role("button", name="ดูต่อด้านล่าง")).to_be_visible()
    picture(page, f"tall-{width_of(page)}")


def test_hotline_is_in_sight_after_tall_replies(page: Page, door: Door) -> None:
    door.slow = 0.2
    ask_for_long(page, 3)
    say(page, "ลุงข้างบ้านทำร้ายเด็ก")
    card = page.locator(".card.hotline")
    expect(card.locator("a.call").first).to_be_in_viewport(ratio=1)
    page.wait_for_timeout(500)
    assert 0 <= below_top(page, card) < 700
    expect(card.locator(".card-title")).to_be_in_viewport(ratio=1)
    expect(card.locator("a.call").first).to_be_in_viewport(ratio=1)
    picture(page, f"hotline-after-tall-{width_of(page)}")
    # What follows it by itself does not push it away.
    door.tell("u1", LONG)
    expect(page.locator(".said")).to_have_count(6)
    expect(card.locator("a.call").first).to_be_in_viewport(ratio=1)


def test_hotline_comes_into_sight_wherever_one_reads(page: Page, door: Door) -> None:
    ask_for_long(page, 2)
    page.locator("#log").hover()
    page.mouse.wheel(0, -5000)
    expect(page.locator(".own").first).to_be_in_viewport()
    door.tell("u1", HOTLINE)
    expect(page.locator(".card.hotline a.call").first).to_be_in_viewport(ratio=1)


def test_own_tall_message_does_not_hide_its_reply(page: Page, door: Door) -> None:
    door.slow = 0.3
    say(page, "\n".join(f"{place}. ถนนพัง" for place in range(60)))
    expect(page.locator(".card.receipt .code")).to_be_in_viewport(ratio=1)


def test_person_who_scrolls_away_is_left_in_peace(page: Page, door: Door) -> None:
    ask_for_long(page, 2)
    door.slow = 0.8
    say(page, "ไฟดับ")
    page.locator("#log").hover()
    page.mouse.wheel(0, -5000)
    expect(page.locator(".own").first).to_be_in_viewport()
    expect(page.locator(".card.receipt")).to_be_attached()
    page.wait_for_timeout(300)
    expect(page.locator(".own").first).to_be_in_viewport()
    page.get_by_role("button", name="ดูต่อด้านล่าง").click()
    expect(page.locator(".card.receipt")).to_be_in_viewport()


def test_two_quick_messages_end_at_the_answer_of_the_second(page: Page, door: Door) -> None:
    door.slow = 0.4
    say(page, "สรุปยาว")
    say(page, "ไฟดับ")
    expect(page.locator(".said")).to_have_count(2)
    expect(page.locator(".card.receipt .card-title")).to_be_in_viewport(ratio=1)


def test_picture_that_comes_late_does_not_push_its_card_away(page: Page) -> None:
    def late(route: Route) -> None:
        page.wait_for_timeout(600)
        route.continue_()

    page.route("**/files/picture", late)
    say(page, "สรุปสัปดาห์นี้")
    title = page.locator(".card.digest .card-title")
    expect(title).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("img", name="รูปจากสานเสียง")).to_have_js_property("complete", True)
    page.wait_for_timeout(300)
    expect(title).to_be_in_viewport(ratio=1)


def test_tab_opens_at_its_first_unread_message(browser: Browser, door: Door) -> None:
    with open_page(f"{door.url}/try", browser=browser) as page:
        page.clock.install()
        page.reload()
        expect(page.locator(".welcome")).to_be_visible()
        page.get_by_role("tab", name="อาสา").click()
        expect(page.locator(".welcome")).to_be_visible()
        door.tell("u1", HOTLINE, LONG)
        let_pass(page, 20)
        villager = page.get_by_role("tab", name="ชาวบ้าน")
        expect(villager.locator(".badge")).to_have_text("2")
        villager.click()
        expect(page.locator(".card.hotline a.call").first).to_be_in_viewport(ratio=1)
