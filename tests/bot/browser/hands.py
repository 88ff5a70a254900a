"""What a person does on the try-it page, for tests of the page and of the whole program."""

from __future__ import annotations

from playwright.sync_api import Page


def say(page: Page, text: str) -> None:
    """Write `text` and press send."""
    page.locator("#words").fill(text)
    page.get_by_role("button", name="ส่ง", exact=True).click()


def let_pass(page: Page, seconds: int) -> None:
    """Let seconds pass for a page whose clock is installed: a moment each, in which its requests are answered."""
    for _ in range(seconds):
        page.clock.run_for(1_000)
        page.wait_for_timeout(40)
