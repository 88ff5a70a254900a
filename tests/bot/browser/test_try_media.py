"""Photos, files, voice and places on the try-it page."""

from __future__ import annotations

import base64

from playwright.sync_api import Page, expect

from tests.bot.browser.chromium import picture
from tests.bot.browser.door import Door
from tests.bot.browser.hands import say


def test_photo_is_made_small_and_sent(phone: Page, door: Door) -> None:
    data = phone.evaluate(
        """async () => {
          const canvas = Object.assign(document.createElement("canvas"), { width: 3000, height: 2000 });
          const paper = canvas.getContext("2d");
          paper.fillStyle = "#2a7"; paper.fillRect(0, 0, 3000, 2000);
          paper.fillStyle = "#752"; paper.fillRect(300, 900, 2400, 900);
          return canvas.toDataURL("image/png").split(",")[1];
        }"""
    )
    with phone.expect_file_chooser() as choosing:
        phone.get_by_role("button", name="ส่งรูปถ่าย").click()
    choosing.value.set_files({"name": "หลุม.png", "mimeType": "image/png", "buffer": base64.b64decode(data)})
    expect(phone.get_by_role("img", name="รูปถ่ายของคุณ")).to_be_visible()
    expect(phone.locator(".said .bubble")).to_contain_text("ได้รูปแล้วค่ะ")
    [medium] = door.posts[0]["media"]
    assert (medium["kind"], medium["name"]) == ("photo", "หลุม.jpg")
    sent = base64.b64decode(medium["data_base64"])
    assert sent[:2] == b"\xff\xd8"
    size = phone.evaluate(
        """async (data) => {
          const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
          const bitmap = await createImageBitmap(new Blob([bytes]));
          return [bitmap.width, bitmap.height];
        }""",
        medium["data_base64"],
    )
    assert size == [1600, 1067]
    picture(phone, "photo-390")
    phone.reload()
    expect(phone.get_by_role("img", name="รูปถ่ายของคุณ")).to_be_visible()


def test_file_is_sent_as_it_is(phone: Page, door: Door) -> None:
    with phone.expect_file_chooser() as choosing:
        phone.get_by_role("button", name="ส่งไฟล์หรือวิดีโอ").click()
    choosing.value.set_files({"name": "เวที.csv", "mimeType": "text/csv", "buffer": b"a,b\n1,2\n"})
    expect(phone.locator(".own .attached")).to_have_text("เวที.csv")
    expect(phone.locator(".said")).to_have_count(1)
    assert door.posts[0]["media"] == [{"kind": "file", "name": "เวที.csv", "data_base64": "YSxiCjEsMgo="}]


def test_file_with_a_very_long_name(phone: Page, door: Door) -> None:
    with phone.expect_file_chooser() as choosing:
        phone.get_by_role("button", name="ส่งไฟล์หรือวิดีโอ").click()
    choosing.value.set_files({"name": "ก" * 240 + ".csv", "mimeType": "text/csv", "buffer": b"a"})
    expect(phone.locator(".own.sent")).to_have_count(1)
    assert len(door.posts[0]["media"][0]["name"]) == 200
    assert door.posts[0]["media"][0]["name"].endswith(".csv")
    assert phone.evaluate("log.scrollWidth <= log.clientWidth")


def test_voice_is_recorded_and_sent_or_discarded(phone: Page, door: Door) -> None:
    phone.context.grant_permissions(["microphone"])
    for choice in ["ไม่ส่ง", "ส่งเสียง"]:
        phone.get_by_role("button", name="อัดเสียงส่ง").click()
        expect(phone.locator("#clock")).to_have_text("0:01")
        if choice == "ส่งเสียง":
            picture(phone, "voice-390")
        phone.get_by_role("button", name=choice, exact=True).click()
        expect(phone.locator("#recorder")).to_be_hidden()
    expect(phone.locator(".own.sent .attached")).to_have_text("ข้อความเสียง 0:01")
    [body] = door.posts
    [medium] = body["media"]
    assert (medium["kind"], medium["name"]) == ("voice", "voice.webm")
    assert base64.b64decode(medium["data_base64"])[:4] == b"\x1aE\xdf\xa3"  # WebM begins so


def test_place_by_town_by_hand_and_by_position(phone: Page, door: Door) -> None:
    phone.get_by_role("button", name="ส่งตำแหน่งที่อยู่").click()
    picture(phone, "place-390")
    phone.get_by_role("button", name="ตัวเมืองเชียงราย").click()
    expect(phone.locator(".own .coordinates").last).to_have_text("19.90720, 99.83290")
    phone.get_by_role("button", name="ส่งตำแหน่งที่อยู่").click()
    phone.get_by_label("พิกัด").fill("ที่นี่")
    phone.get_by_role("button", name="ส่งตำแหน่งนี้").click()
    expect(phone.locator("#place-note")).to_contain_text("พิกัดไม่ถูกต้อง")
    phone.get_by_label("พิกัด").fill("๑๖.๔๓, ๑๐๒.๘๒")
    phone.get_by_label("ชื่อสถานที่").fill("วัดป่า")
    phone.get_by_role("button", name="ส่งตำแหน่งนี้").click()
    expect(phone.locator(".own .coordinates").last).to_have_text("16.43000, 102.82000")
    phone.context.grant_permissions(["geolocation"])
    phone.context.set_geolocation({"latitude": 7.6, "longitude": 100.07, "accuracy": 40})
    expect(phone.locator(".own.sent")).to_have_count(2)
    say(phone, "ไฟดับ")
    phone.get_by_role("button", name="บอกตำแหน่ง").click()  # a button that asks for the place
    phone.get_by_role("button", name="ใช้ตำแหน่งตอนนี้").click()
    expect(phone.locator(".own .coordinates").last).to_have_text("7.60000, 100.07000")
    expect(phone.locator(".own.sent")).to_have_count(4)
    assert [body["location"] for body in door.posts if "location" in body] == [
        {"lat": 19.9072, "lng": 99.8329, "label": "ตัวเมืองเชียงราย"},
        {"lat": 16.43, "lng": 102.82, "label": "วัดป่า"},
        {"lat": 7.6, "lng": 100.07, "label": "", "accuracy": 40},
    ]
