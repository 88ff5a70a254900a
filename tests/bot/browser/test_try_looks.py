"""The try-it page for every eye, thumb and reader: narrow screens, keyboards, screen readers; and the error page."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.bot.browser.chromium import open_page, picture
from tests.bot.browser.door import Door
from tests.bot.browser.hands import say


def test_a_bubble_is_announced_once(phone: Page, door: Door) -> None:
    expect(phone.locator(".welcome")).to_be_visible()
    door.slow = 0.3
    phone.evaluate(
        """() => {
          window.added = [];
          new MutationObserver((changes) => {
            for (const change of changes)
              for (const node of change.addedNodes) if (node.matches?.(".turn")) window.added.push(node.className);
          }).observe(document.getElementById("log"), { childList: true, subtree: true });
        }"""
    )
    say(phone, "ไฟดับ")
    expect(phone.locator(".own.sent")).to_have_count(1)
    expect(phone.locator(".card.receipt")).to_be_visible()
    phone.get_by_role("button", name="แก้หมวดเรื่อง").click()
    expect(phone.locator(".said")).to_have_count(2)
    assert phone.evaluate("window.added.length") == 4


@pytest.mark.parametrize("width", [360, 390, 768, 1280])
def test_nothing_scrolls_sideways(browser: Browser, door: Door, width: int) -> None:
    long = "ก" * 300 + " " + "https://example.org/" + "a" * 300
    with open_page(f"{door.url}/try", width, 640 if width == 360 else 844, browser=browser) as page:
        for text in ["ถนนพัง", "ลุงทำร้ายเด็ก", "สรุปสัปดาห์นี้", long]:
            said = page.locator(".said").count()
            say(page, text)
            expect(page.locator(".said").nth(said)).to_be_attached()
        for tab in page.get_by_role("tab").all():
            tab.click()
            widest = page.evaluate("Math.max(document.documentElement.scrollWidth, document.body.scrollWidth)")
            assert widest <= width
            assert page.evaluate("log.scrollWidth <= log.clientWidth"), "the chat scrolls sideways"
        page.get_by_role("tab").first.click()
        picture(page, f"wide-{width}")


def test_every_control_has_a_name_and_room_for_a_thumb(browser: Browser, door: Door) -> None:
    with open_page(f"{door.url}/try", 360, 800, browser=browser) as page:
        say(page, "ลุงทำร้ายเด็ก")
        expect(page.locator(".said")).to_have_count(2)
        page.get_by_role("button", name="ส่งตำแหน่งที่อยู่").click()
        # An element's name as a screen reader computes it, from the browser's own accessibility tree.
        tree = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")
        controls = [
            node
            for node in tree["nodes"]
            if node.get("role", {}).get("value") in {"button", "link", "tab", "textbox"} and not node.get("ignored")
        ]
        assert len(controls) > 5
        assert [node for node in controls if not node.get("name", {}).get("value", "").strip()] == []
        page.keyboard.press("Escape")
        for control in page.locator("button:visible, a:visible").all():
            if control.evaluate("e => e.matches('.skip') || getComputedStyle(e).display === 'inline'"):
                continue
            box = control.bounding_box()
            assert box is not None
            assert min(box["width"], box["height"]) >= 44, control.evaluate("e => e.outerHTML")
        names = page.get_by_role("button").evaluate_all("all => all.map(e => e.ariaLabel || e.innerText.trim())")
        assert all(names)
        small = page.evaluate(
            "[...document.querySelectorAll('.bubble, .card *, button, textarea, .chip')]"
            ".filter(e => parseFloat(getComputedStyle(e).fontSize) < 16 && e.innerText?.trim()"
            " && !e.matches('.badge')).map(e => e.outerHTML)"
        )
        assert small == []


def test_keyboard_alone(browser: Browser, door: Door) -> None:
    with open_page(f"{door.url}/try", 1280, 800, browser=browser) as page:
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")  # the skip link
        expect(page.locator("#words")).to_be_focused()
        page.keyboard.type("บรรทัดแรก")
        page.keyboard.press("Shift+Enter")
        page.keyboard.type("บรรทัดสอง")
        page.keyboard.press("Enter")
        expect(page.locator(".card.receipt")).to_be_visible()
        assert door.posts[0]["text"] == "บรรทัดแรก\nบรรทัดสอง"
        page.get_by_role("tab", selected=True).focus()
        page.keyboard.press("ArrowDown")
        expect(page.get_by_role("tab", selected=True)).to_have_text(re.compile("อาสา"))
        expect(page.get_by_role("tab", selected=True)).to_be_focused()
        page.get_by_role("tab").first.click()
        expect(page.locator(".card.receipt")).to_be_visible()
        picture(page, "desk-1280")


@pytest.mark.parametrize(("status", "words"), [(404, "ไม่พบหน้านี้ค่ะ"), (410, "หมดอายุ"), (500, "ขออภัยค่ะ")])
def test_error_page(browser: Browser, door: Door, status: int, words: str) -> None:
    with open_page(f"{door.url}/error/{status}", browser=browser) as page:
        expect(page.get_by_role("heading")).to_contain_text(words)
        expect(page).to_have_title(re.compile(words))
        picture(page, f"error-{status}")
