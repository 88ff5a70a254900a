"""The try-it page for every eye, thumb and reader: narrow screens, keyboards, screen readers; and the error page."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.bot.browser.chromium import open_page, picture
from tests.bot.browser.door import Door
from tests.bot.browser.hands import say
from tests.bot.browser.talk import IDENTITIES


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


@pytest.mark.parametrize("width", [360, 390, 1280])
def test_many_choices_stand_in_rows(browser: Browser, door: Door, width: int) -> None:
    with open_page(f"{door.url}/try", width, 800, browser=browser) as page:
        say(page, "สรุปยาว")
        chips = page.locator(".chips")
        expect(chips.locator(".chip")).to_have_count(11)
        chips.evaluate("e => e.scrollIntoView({ block: 'end', behavior: 'instant' })")
        picture(page, f"chips-{width}")
        boxes = [box for chip in chips.locator(".chip").all() if (box := chip.bounding_box())]
        assert [(box["y"], box["x"]) for box in boxes] == sorted((box["y"], box["x"]) for box in boxes)
        assert all(box["x"] >= 0 and box["x"] + box["width"] <= width for box in boxes)
        room = chips.bounding_box()
        assert room is not None
        rows = sorted({round(box["y"]) for box in boxes if box["y"] + box["height"] <= room["y"] + room["height"]})
        assert 2 <= len(rows) <= 3
        chips.locator(".chip").last.click()
        expect(page.locator(".own .bubble").last).to_contain_text("จังหวัดที่ 11")


def test_figures_of_a_digest_are_strong_and_those_of_a_receipt_stay(phone: Page) -> None:
    for text in ["สรุปยาว", "ไฟดับ", "งานใหม่"]:
        said = phone.locator(".said").count()
        say(phone, text)
        expect(phone.locator(".said")).to_have_count(said + 1)
    looks = phone.evaluate(
        """() => {
          const look = (selector) => {
            const { fontWeight, fontSize, color } = getComputedStyle(document.querySelector(selector));
            return [fontWeight, parseFloat(fontSize), color];
          };
          const both = (tone) => [tone, [look(`.${tone} .label`), look(`.${tone} .value:not(.code)`)]];
          return Object.fromEntries(["digest", "receipt", "case"].map(both));
        }"""
    )
    ink, soft = "rgb(20, 38, 31)", "rgb(71, 90, 82)"
    assert looks["digest"] == looks["case"] == [["600", 17, ink], ["400", 17, soft]]
    assert looks["receipt"] == [["400", 16, soft], ["400", 17, ink]]
    expect(phone.locator(".receipt .code")).to_have_css("font-weight", "700")


def test_a_hint_that_only_repeats_the_role_is_left_out(browser: Browser, door: Door) -> None:
    door.identities = [{"user": "u1", "role": "villager", "name": "ป้าบัว", "hint": "ชาวบ้าน"}, *IDENTITIES[1:]]
    with open_page(f"{door.url}/try", 1280, 800, browser=browser) as page:
        expect(page.get_by_role("tab").first).to_have_accessible_name("ชาวบ้าน ป้าบัว")
        expect(page.get_by_role("tab").nth(1)).to_contain_text("เก็บเรื่องจากเวทีหมู่บ้าน")
        picture(page, "tabs-1280")


def test_times_from_before_the_page_was_opened(browser: Browser, door: Door) -> None:
    today = datetime.now(ZoneInfo("Asia/Bangkok")).replace(hour=0, minute=7)
    long_ago = datetime(2026, 3, 5, 1, 30, tzinfo=UTC)
    door.tell(
        "u1", {"text": "ก่อน", "at": long_ago.isoformat()}, {"text": "วันนี้", "at": today.isoformat()}, {"text": "ไม่รู้"}
    )
    with open_page(f"{door.url}/try", browser=browser) as page:
        expect(page.locator(".said .state")).to_have_text(["5 มี.ค. 08:30", "00:07", ""])


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
