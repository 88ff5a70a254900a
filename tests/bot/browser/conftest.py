"""One browser for all page tests, and a fresh stand-in door for each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.bot.browser.chromium import launched, open_page
from tests.bot.browser.door import Door, opened


# Playwright keeps an event loop running while it lives: for this folder's tests only.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with launched() as running:
        yield running


@pytest.fixture
def door() -> Iterator[Door]:
    with opened() as standing:
        yield standing


@pytest.fixture
def phone(browser: Browser, door: Door) -> Iterator[Page]:
    """The try-it page on a phone of 390 × 844 pixels."""
    with open_page(f"{door.url}/try", browser=browser) as page:
        yield page
