"""The whole way in a real browser against the real program: villager, volunteer, officer."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from bot.serve import prepare
from tests.bot.browser.chromium import open_page, picture
from tests.bot.browser.hands import say
from tests.bot.doors import Place

ROOT = Path(__file__).parents[3]
FORUM = """ประชาคมบ้านสันต้นเปา 20 พ.ย. 69 ศาลากลางบ้าน คนมา 38
1. ถนนหลังวัดเป็นหลุมลึก รถล้มบ่อย
2. ไฟทางดับหกดวงติดกัน
3. คนแก่ติดเตียงสามบ้านไม่มีคนมาเยี่ยม
4. ประปาขุ่นแดงทุกเช้า
5. อยากให้มีรถพาคนไข้ไปหาหมอตามนัด"""


@pytest.fixture
def program(fresh_place: Place) -> Iterator[str]:
    """The program as `make run` starts it, on a fresh folder and a free port; or on a server's database.

    There it inserts no sample data by itself, because somebody set the database up.
    """
    folder = fresh_place.folder
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    env = {"PATH": os.environ["PATH"], "DATA_DIR": str(folder), "PORT": str(port), "PYTHONPATH": str(ROOT)}
    if not fresh_place.url.startswith("sqlite"):
        prepare(fresh_place.settings(), sample=True).engine.dispose()
        env |= {"DATABASE_URL": fresh_place.url, "SECRET_KEY": fresh_place.secret}
    process = subprocess.Popen([sys.executable, "-m", "bot", "run"], cwd=folder, env=env)
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(200):
            try:
                with urllib.request.urlopen(f"{url}/readyz", timeout=2):  # noqa: S310
                    break
            except OSError:
                assert process.poll() is None, "the program ended while it started"
                time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        process.wait(20)


def role(page: Page, number: int) -> None:
    """Change to another identity: 1 villager, 2 volunteer, 3 staff."""
    page.locator(f"#tab-{number}").click()


def test_a_village_is_heard(program: str, browser: Browser) -> None:
    with open_page(f"{program}/try", browser=browser) as page:
        log = page.locator("#log")
        say(page, "น้ำประปาไม่ไหลมา 3 วันแล้ว บ้านห้วยขม ต.วาวี แม่สรวย")
        expect(log).to_contain_text("รับเรื่องแล้วค่ะ")
        expect(log).to_contain_text("ต.วาวี อ.แม่สรวย")
        code = re.search(r"ชร-\d+", log.inner_text())
        assert code
        picture(page, "1-villager-receipt")
        say(page, "สถานะ")
        expect(log).to_contain_text("เรื่องของคุณ")
        expect(log).to_contain_text("ส่งถึงทีมแล้ว")

        role(page, 3)
        say(page, "สรุปสัปดาห์นี้")
        expect(log).to_contain_text("สรุป จ.เชียงราย")
        before = counted(log.inner_text())

        role(page, 2)
        say(page, "เวที")
        expect(log).to_contain_text("เวทีชื่ออะไร")
        say(page, FORUM)
        expect(log).to_contain_text("จดแล้ว 5 เรื่อง")
        picture(page, "2-volunteer-read-back")
        page.get_by_role("button", name="ส่งทั้ง 5 เรื่อง").last.click()
        expect(log).to_contain_text("ส่งแล้ว 5 เรื่องค่ะ")
        picture(page, "3-volunteer-codes")

        role(page, 3)
        say(page, "สรุปสัปดาห์นี้")
        expect(log).to_contain_text(f"ทั้งหมด {before + 5} เรื่อง")
        picture(page, "4-staff-digest")
        log.get_by_role("button", name=re.compile("อาสาส่งต่อ")).last.click()
        expect(log).to_contain_text("อาสาส่งต่อ:")
        expect(log).to_contain_text("รถพาคนไข้ไปหาหมอ")
        log.get_by_role("button", name=re.compile("รถพาคนไข้ไปหาหมอ")).last.click()
        expect(log).to_contain_text("การตรวจสรุป")
        page.get_by_role("button", name="รับเรื่อง").last.click()
        expect(log).to_contain_text("มีคนรับเรื่องแล้ว")
        picture(page, "5-staff-case")

        role(page, 2)
        expect(log).to_contain_text("มีคนรับไปดูแลแล้ว")


def counted(text: str) -> int:
    """The total of the last digest in a chat."""
    totals = re.findall(r"ทั้งหมด (\d+) เรื่อง", text)
    assert totals
    return int(totals[-1])
