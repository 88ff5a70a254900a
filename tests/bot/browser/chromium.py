"""A real browser for page tests: Debian's Chromium, driven by Playwright; the test is skipped where there is none."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, sync_playwright

PICTURES = Path(__file__).parents[3] / "artifacts" / "browser"
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--no-proxy-server",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",  # a microphone that beeps; it is asked for as on a phone
)


@contextmanager
def launched() -> Iterator[Browser]:
    """A running browser, closed at the end."""
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("no chromium on this machine: apt-get install chromium fonts-noto-core")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, headless=True, args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def open_page(
    url: str, width: int = 390, height: int = 844, *, browser: Browser | None = None, language: str = "th-TH"
) -> Iterator[Page]:
    """The page at `url` in a window of its own (pixels); narrower than 600 it is a phone that is touched.

    Leaving the block fails when a script of the page failed or its content security policy was broken meanwhile.
    Without `browser` one is launched for this page alone.
    """
    if browser is None:
        with launched() as own, open_page(url, width, height, browser=own, language=language) as page:
            yield page
        return
    is_phone = width < 600
    context = browser.new_context(
        viewport={"width": width, "height": height},
        device_scale_factor=2 if is_phone else 1,
        has_touch=is_phone,
        is_mobile=is_phone,
        locale=language,
        timezone_id="Asia/Bangkok",
        reduced_motion="reduce",
    )
    context.set_default_timeout(15_000)
    page = context.new_page()
    faults: list[str] = []

    def on_console(message: ConsoleMessage) -> None:
        # A refused request is what some tests are about; the page itself must cope with it.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            faults.append(message.text)

    def on_failure(failure: Error) -> None:
        faults.append(str(failure))

    page.on("console", on_console)
    page.on("pageerror", on_failure)
    try:
        page.goto(url)
        yield page
        assert not faults, f"the page complained: {faults}"
    finally:
        context.close()


def picture(page: Page, name: str) -> Path:
    """Save what the window shows under `artifacts/browser/` (not in git) and say where."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    path = PICTURES / f"{name}.png"
    page.screenshot(path=path)
    return path
