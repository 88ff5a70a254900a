"""The try-it page, as a person with one thumb uses it."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.bot.browser.chromium import picture
from tests.bot.browser.door import Door
from tests.bot.browser.hands import let_pass, say


def test_empty_chat_invites(phone: Page) -> None:
    expect(phone.get_by_role("heading", name="เล่าปัญหาที่บ้านคุณได้เลย")).to_be_visible()
    expect(phone.get_by_text("พิมพ์คำเดียวก็ได้")).to_be_visible()
    picture(phone, "empty-390")


def test_message_and_receipt(phone: Page, door: Door) -> None:
    say(phone, "ถนนหน้าบ้านเป็นหลุม รถล้มทุกวัน")
    own = phone.locator(".turn.own")
    expect(own.locator(".bubble")).to_contain_text("ถนนหน้าบ้านเป็นหลุม")
    expect(own.locator(".state")).to_contain_text("ส่งแล้ว")
    card = phone.locator(".said .card.receipt")
    expect(card.locator(".code")).to_have_text("ชร-48271")
    expect(card.locator(".card-title")).to_have_text("รับเรื่องแล้วค่ะ")
    # The card stands in place of the text, not beside it.
    expect(phone.locator(".said .bubble")).to_have_count(0)
    assert [body["text"] for body in door.posts] == ["ถนนหน้าบ้านเป็นหลุม รถล้มทุกวัน"]
    # The person's words on the right, the bot's on the left.
    mine, theirs = own.locator(".bubble").bounding_box(), card.bounding_box()
    assert mine is not None
    assert theirs is not None
    assert mine["x"] + mine["width"] > 350
    assert theirs["x"] < 80
    picture(phone, "receipt-390")


def test_chip_sends_postback_and_shows_label(phone: Page, door: Door) -> None:
    say(phone, "ไฟดับ")
    phone.get_by_role("button", name="แก้หมวดเรื่อง").click()
    expect(phone.locator(".said .bubble")).to_have_text("เลือก fix:category แล้วค่ะ")
    expect(phone.locator(".own .bubble").last).to_contain_text("แก้หมวดเรื่อง")
    assert door.posts[-1]["postback"] == "fix:category"
    assert "text" not in door.posts[-1]
    # Older buttons fold away but stay within reach.
    expect(phone.get_by_role("button", name="แก้หมวดเรื่อง")).to_have_count(0)
    phone.get_by_role("button", name="ดูตัวเลือก").click()
    expect(phone.get_by_role("button", name="แก้หมวดเรื่อง")).to_be_visible()


def test_menu_says_its_words(phone: Page, door: Door) -> None:
    phone.get_by_role("navigation").get_by_role("button", name="สถานะ").click()
    expect(phone.locator(".own .bubble")).to_contain_text("สถานะ")
    expect(phone.locator(".said")).to_have_count(1)
    assert door.posts[0]["text"] == "สถานะ"
    toggle = phone.get_by_role("button", name="เปิดหรือพับเมนู")
    toggle.click()
    expect(phone.locator("#menu")).to_be_hidden()
    expect(toggle).to_have_attribute("aria-expanded", "false")
    phone.reload()
    expect(phone.locator(".said")).to_have_count(1)
    expect(phone.locator("#menu")).to_be_hidden()


def test_row_of_a_card_can_be_tapped(phone: Page, door: Door) -> None:
    phone.get_by_role("tab", name="เจ้าหน้าที่").click()
    phone.get_by_role("navigation").get_by_role("button", name="งานใหม่").click()
    phone.locator(".row.tappable").first.click()
    expect(phone.locator(".said .bubble")).to_have_text("เลือก case:48271 แล้วค่ะ")
    assert door.posts[-1] | {"event_id": ""} == {"user": "u3", "postback": "case:48271", "event_id": ""}


def test_hotline_comes_first_and_calls(phone: Page) -> None:
    say(phone, "ลุงข้างบ้านทำร้ายเด็ก")
    card = phone.locator(".card.hotline")
    expect(card.locator("a.call").first).to_have_attribute("href", "tel:1669")
    expect(card.locator("a[href='tel:1323']")).to_be_visible()
    expect(card.locator("a[href='tel:027136793']")).to_be_visible()
    expect(card.locator("a[href='tel:191']")).to_have_count(1)
    expect(phone.locator(".card.receipt")).to_be_attached()
    # A receipt follows, but the screen stays on the numbers.
    expect(card.locator("a.call").first).to_be_in_viewport()
    below = phone.get_by_role("button", name="ดูต่อด้านล่าง")
    expect(below).to_be_visible()
    picture(phone, "hotline-390")
    below.click()
    expect(phone.get_by_role("button", name="แก้หมวดเรื่อง")).to_be_in_viewport()
    expect(below).to_be_hidden()


def test_roles_keep_their_own_histories(phone: Page, door: Door) -> None:
    say(phone, "เรื่องของยายคำ")
    expect(phone.locator(".said")).to_have_count(1)
    phone.locator("#words").fill("ยังพิมพ์ไม่จบ")
    phone.get_by_role("tab", name="อาสา").click()
    expect(phone.get_by_text("เรื่องของยายคำ")).to_have_count(0)
    expect(phone.locator("#words")).to_have_value("")
    expect(phone.locator("#who")).to_have_text("พี่นก อสม. · เก็บเรื่องจากเวทีหมู่บ้าน")
    say(phone, "เรื่องของอาสา")
    expect(phone.locator(".said")).to_have_count(1)
    door.tell("u1", {"text": "มีข่าวเรื่องของคุณ"})
    phone.get_by_role("tab", name="ชาวบ้าน").click()
    expect(phone.get_by_text("เรื่องของอาสา")).to_have_count(0)
    expect(phone.locator("#words")).to_have_value("ยังพิมพ์ไม่จบ")
    expect(phone.locator(".turn")).to_have_count(3)
    expect(phone.locator(".turn").last).to_contain_text("มีข่าวเรื่องของคุณ")
    assert [body["user"] for body in door.posts] == ["u1", "u2"]


def test_notices_arrive_by_themselves(phone: Page, door: Door) -> None:
    say(phone, "ไฟดับ")
    expect(phone.locator(".said")).to_have_count(1)
    door.tell("u1", {"text": "อบต. รับเรื่องแล้วค่ะ"})
    expect(phone.locator(".said").last).to_contain_text("อบต. รับเรื่องแล้วค่ะ")


def test_news_of_another_identity_is_counted_on_its_tab(phone: Page, door: Door) -> None:
    phone.clock.install()
    phone.reload()
    phone.get_by_role("tab", name="อาสา").click()
    expect(phone.locator(".welcome")).to_be_visible()
    door.tell("u1", {"text": "ข่าวหนึ่ง"}, {"text": "ข่าวสอง"})
    let_pass(phone, 20)
    villager = phone.get_by_role("tab", name="ชาวบ้าน")
    expect(villager.locator(".badge")).to_have_text("2")
    villager.click()
    expect(villager.locator(".badge")).to_be_hidden()
    expect(phone.locator(".said")).to_have_count(2)


def test_unsend(phone: Page, door: Door) -> None:
    say(phone, "ความลับ")
    expect(phone.locator(".own.sent")).to_have_count(1)
    phone.get_by_role("button", name="ตัวเลือกของข้อความนี้").click()
    picture(phone, "unsend-390")
    phone.get_by_role("button", name="ยกเลิกข้อความ").click()
    expect(phone.locator(".own .bubble")).to_contain_text("คุณยกเลิกข้อความนี้แล้ว")
    phone.wait_for_function("localStorage.getItem('sansiang.queue.u1') === null")
    assert door.posts[1]["unsend"] == door.posts[0]["event_id"]
    assert door.posts[1]["event_id"] != door.posts[0]["event_id"]
    assert "ความลับ" not in phone.evaluate("JSON.stringify([{...sessionStorage}, {...localStorage}])")


def test_markup_is_shown_as_text(phone: Page, door: Door) -> None:
    attack = "<img src=x onerror=\"document.title='broken'\"><script>document.title='broken'</script>"
    say(phone, attack)
    expect(phone.locator(".own .bubble")).to_contain_text(attack)
    expect(phone.locator(".said .card-title")).to_have_text(attack)
    expect(phone.locator(".said .value")).to_have_text(attack)
    door.tell("u1", {"text": attack, "image_url": "https://example.org/spy.png", "buttons": [{"label": attack}]})
    expect(phone.locator(".said .bubble")).to_have_text(attack)
    assert phone.locator("#log img, #log script").count() == 0
    assert "broken" not in phone.title()


def test_bad_addresses_are_dead(phone: Page) -> None:
    phone.get_by_role("tab", name="เจ้าหน้าที่").click()
    say(phone, "สรุปสัปดาห์นี้")
    expect(phone.get_by_role("link", name="เปิดหน้าสรุป")).to_have_attribute("href", "https://example.org/d/1")
    expect(phone.locator(".chip.dead")).to_have_text("ลิงก์ร้าย")
    assert phone.locator("a[href^=javascript]").count() == 0
    expect(phone.get_by_role("link", name="เปิดไฟล์")).to_have_attribute("href", "/files/token")
    expect(phone.get_by_role("img", name="รูปจากสานเสียง")).to_be_visible()
    picture(phone, "digest-390")
