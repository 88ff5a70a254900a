"""The try-it page under a weak signal: nothing is lost, nothing is sent twice, nothing is out of order."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.bot.browser.chromium import open_page, picture
from tests.bot.browser.door import Door
from tests.bot.browser.hands import say


def test_reload_shows_both_sides_in_order(phone: Page) -> None:
    for place, text in enumerate(["หนึ่ง", "สอง"], start=1):
        say(phone, text)
        expect(phone.locator(".said")).to_have_count(place)
    before = [turn.get_attribute("class") for turn in phone.locator(".turn").all()]
    phone.reload()
    expect(phone.locator(".turn")).to_have_count(4)
    assert [turn.get_attribute("class") for turn in phone.locator(".turn").all()] == before
    assert "หนึ่ง" in phone.locator(".turn").nth(0).inner_text()
    assert "สอง" in phone.locator(".turn").nth(2).inner_text()
    expect(phone.get_by_role("button", name="แก้หมวดเรื่อง")).to_be_in_viewport()  # opened at its end


def test_notice_between_two_polls_is_not_jumped_over(phone: Page, door: Door) -> None:
    expect(phone.locator(".welcome")).to_be_visible()
    door.tell("u1", {"text": "ข่าวที่มาก่อน"})
    say(phone, "ไฟดับ")  # its reply has number 2, and comes first
    expect(phone.locator(".card.receipt")).to_be_visible()
    expect(phone.locator(".said .bubble")).to_have_text("ข่าวที่มาก่อน")
    expect(phone.locator(".said")).to_have_count(2)


@pytest.mark.parametrize("language", ["th", "en"])
def test_failed_send_is_retried_with_the_same_event_id(browser: Browser, door: Door, language: str) -> None:
    door.language = language
    door.refuse = [503]
    with open_page(f"{door.url}/try", browser=browser) as page:
        page.locator("#words").fill("น้ำท่วม")
        page.locator("#send").click()
        expect(page.locator(".own .state")).to_contain_text({"th": "ยังส่งไม่ได้", "en": "Not sent yet"}[language])
        if language == "th":
            picture(page, "failed-390")
        page.get_by_role("button", name={"th": "ส่งอีกครั้ง", "en": "Send again"}[language]).click()
        expect(page.locator(".said")).to_have_count(1)
        expect(page.locator(".own .state")).to_contain_text({"th": "ส่งแล้ว", "en": "Sent"}[language])
    assert len(door.posts) == 2
    assert door.posts[0] == door.posts[1]
    assert len(door.events) == 1


def test_lost_answer_has_one_effect(phone: Page, door: Door) -> None:
    door.lose_answers = 1
    say(phone, "ไฟดับทั้งหมู่บ้าน")
    expect(phone.locator(".own .state")).to_contain_text("ส่งแล้ว", timeout=15_000)  # tried again by itself
    expect(phone.locator(".own")).to_have_count(1)
    expect(phone.locator(".said")).to_have_count(1)
    assert len(door.posts) == 2
    assert len(door.events) == 1


def test_unsent_words_outlive_the_page(phone: Page, door: Door) -> None:
    door.down = True
    say(phone, "ก่อน")
    say(phone, "หลัง")
    expect(phone.locator(".own")).to_have_count(2)
    expect(phone.get_by_role("button", name="ส่งอีกครั้ง")).to_have_count(1)
    kept = phone.evaluate("localStorage.getItem('sansiang.queue.u1')")
    assert "ก่อน" in kept
    other_tab = phone.context.new_page()
    phone.close()
    door.down = False
    other_tab.goto(f"{door.url}/try")
    expect(other_tab.locator(".own.sent")).to_have_count(2)
    assert [body["text"] for body in door.events.values()] == ["ก่อน", "หลัง"]
    assert len({body["event_id"] for body in door.posts}) == 2
    assert other_tab.evaluate("localStorage.getItem('sansiang.queue.u1')") is None


def test_refused_message_lets_the_next_through(phone: Page, door: Door) -> None:
    door.refuse = [413]
    door.slow = 0.5
    say(phone, "ใหญ่เกิน")
    say(phone, "เล็ก")
    expect(phone.locator(".own .state").first).to_contain_text("ใหญ่เกินไปค่ะ")
    expect(phone.locator(".own.sent")).to_have_count(1)
    phone.get_by_role("button", name="ส่งอีกครั้ง").click()
    expect(phone.locator(".own.sent")).to_have_count(2)
    assert door.posts[0]["event_id"] == door.posts[2]["event_id"]


@pytest.mark.parametrize(("status", "words"), [(400, "อ่านไม่ได้ค่ะ"), (403, "เปิดหน้านี้ใหม่"), (404, "ส่งไม่สำเร็จ")])
def test_refusal_is_said_in_thai(phone: Page, door: Door, status: int, words: str) -> None:
    door.refuse = [status]
    say(phone, "ไฟดับ")
    state = phone.locator(".own .state")
    expect(state).to_contain_text(words)
    picture(phone, f"refused-{status}")
    assert "media" not in state.inner_text()
    # Another tab knows it too, and can send it again.
    other_tab = phone.context.new_page()
    other_tab.goto(f"{door.url}/try")
    expect(other_tab.locator(".own .state")).to_contain_text(words)
    other_tab.get_by_role("button", name="ส่งอีกครั้ง").click()
    expect(other_tab.locator(".own.sent")).to_have_count(1)


def test_no_signal_is_said_and_overcome(phone: Page, door: Door) -> None:
    phone.context.set_offline(True)
    expect(phone.locator("#banner")).to_contain_text("สัญญาณขาดหาย")
    say(phone, "ส่งตอนไม่มีสัญญาณ")
    expect(phone.locator(".own.failed")).to_have_count(1)
    picture(phone, "offline-390")
    phone.context.set_offline(False)
    expect(phone.locator(".own.sent")).to_have_count(1)
    expect(phone.locator("#banner")).to_be_hidden()
    assert len(door.events) == 1


def test_server_that_began_anew(phone: Page, door: Door) -> None:
    say(phone, "ก่อนเริ่มใหม่")
    expect(phone.locator(".said")).to_have_count(1)
    say(phone, "ครั้งที่สอง")
    expect(phone.locator(".said")).to_have_count(2)
    door.said.clear()
    phone.reload()
    expect(phone.get_by_role("heading", name="เล่าปัญหาที่บ้านคุณได้เลย")).to_be_visible()
    expect(phone.locator(".turn")).to_have_count(0)
