"""The tracking page: what an address that is forwarded and printed may tell, and when it tells nothing."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable

import httpx
import pytest
from starlette.applications import Starlette

from bot.links import PAGE_LIFE, Links
from bot.tracking import Page, tracking_route
from handlers.desk import Desk
from storage import people, reports
from storage.models import Report
from tests.bot.doors import Place, opened
from tests.handlers.talk import Invited, Said, Talk
from tests.rig import Clock, Database

SECRET = b"a key of this test"
WATER = "น้ำประปาไม่ไหลมาสามวันแล้ว บ้านห้วยขม ต.แม่ยาว อ.เมืองเชียงราย โทร 081-234-5678"


@pytest.fixture
def talk(desk: Desk, database: Database, clock: Clock) -> Talk:
    return Talk(desk, database, clock)


@pytest.fixture
def get(desk: Desk, database: Database, clock: Clock) -> Callable[[str], httpx.Response]:
    """Fetch an address of the page."""

    async def read(work: Callable[..., Page]) -> Page:
        with database.readers() as session:
            return work(session)

    app = Starlette(routes=[tracking_route(Links(SECRET, clock), desk, read, clock)])

    def fetch(address: str) -> httpx.Response:
        async def run() -> httpx.Response:
            transport = httpx.ASGITransport(app)
            async with httpx.AsyncClient(transport=transport, base_url="http://x") as http:
                return await http.get(address)

        return asyncio.run(run())

    return fetch


def path(clock: Clock, report_id: int = 1) -> str:
    return Links(SECRET, clock).tracking(report_id)


def officer(talk: Talk, code: str) -> None:
    talk.invite(Invited(code="SS-9999-1111", role="staff", agency="การประปา"))
    for said in (
        Said(who="เมธา", says="SS-9999-1111"),
        Said(who="เมธา", says=code),
        Said(who="เมธา", presses="รับเรื่อง"),
        Said(who="เมธา", presses="ตอบผู้แจ้ง"),
        Said(who="เมธา", says="ช่างมาวันศุกร์ บ้านลุง โทร 089-876-5432"),
        Said(who="เมธา", presses="ส่งเลย"),
    ):
        talk.take(said)


def test_it_tells_how_a_report_stands_and_what_comes_next(
    talk: Talk, get: Callable[[str], httpx.Response], clock: Clock
) -> None:
    talk.take(Said(who="ป้าบัว", says=WATER))
    before = get(path(clock))
    assert before.status_code == 200
    assert "ทีมจังหวัดเชียงราย จะตอบไม่เกิน 9 ธ.ค. 69" in before.text
    officer(talk, talk.codes[0])
    html = get(path(clock)).text
    for part in (
        talk.codes[0],
        "น้ำประปาไม่ไหล",
        "ต.แม่ยาว อ.เมืองเชียงราย",
        "มีคนรับเรื่องแล้ว",
        "การประปา รับไปดูแล",
        "ช่างมาวันศุกร์",
    ):
        assert part in html, part
    clock.move(days=15)
    assert "เลยวันที่บอกไว้แล้ว" in get(path(clock)).text


def test_nothing_private_stands_on_it(talk: Talk, get: Callable[[str], httpx.Response], clock: Clock) -> None:
    talk.take(Said(who="ป้าบัว", says=WATER))
    talk.take(Said(who="ป้าบัว", sends="pin", at=(19.91234, 99.81234)))
    talk.take(Said(who="ป้าบัว", sends="photo"))
    officer(talk, talk.codes[0])
    html = get(path(clock)).text
    numbers = set(re.findall(r"\d+", html.replace(talk.codes[0], "")))  # a code has any digits
    assert not numbers & {"081", "234", "5678", "089", "5432", "91234", "81234"}
    for part in ("19.9", "99.8", "/files/", "ป้าบัว", "เมธา"):
        assert part not in html, part
    place = re.search(r"<dt>ที่ไหน</dt><dd>(.*?)</dd>", html)
    assert place is not None
    assert place[1] == "ต.แม่ยาว อ.เมืองเชียงราย"


def test_of_a_private_report_it_tells_that_it_is_kept(
    talk: Talk, get: Callable[[str], httpx.Response], clock: Clock, database: Database
) -> None:
    talk.take(Said(who="ป้าบัว", says="มีคนขายยาบ้าหลังตลาดบ้านห้วยขม ต.แม่ยาว"))
    with database.sessions.begin() as session:
        report = session.get(Report, 1)
        assert report is not None
        assert report.private
        report.status, report.agency = "accepted", "ตำรวจ"
        reports.add_event(session, 1, "accepted", clock(), agency="ตำรวจ", note="จะไปดูหลังตลาด")
    html = get(path(clock)).text
    assert talk.codes[0] in html
    assert "เก็บเป็นความลับ" in html
    assert "มีคนรับเรื่องแล้ว" in html
    for part in ("ยาบ้า", "ตลาด", "แม่ยาว", "ตำรวจ", "<ol>"):
        assert part not in html, part


def test_one_that_joined_tells_how_the_other_stands_and_not_what_was_said_to_the_other(
    talk: Talk, get: Callable[[str], httpx.Response], clock: Clock
) -> None:
    talk.take(Said(who="ลุงคำ", says=WATER))
    talk.take(Said(who="ป้าบัว", says="น้ำไม่ไหลมาหลายวันแล้วค่ะ ไม่มีน้ำใช้เลย ต.แม่ยาว"))
    talk.take(Said(who="ป้าบัว", presses="ใช่ เรื่องเดียวกัน"))
    officer(talk, talk.codes[0])
    html = get(path(clock, 2)).text
    for part in ("มีคนรับเรื่องแล้ว", "2 บ้าน", "น้ำไม่ไหลมาหลายวัน", "เรื่องที่ร่วมด้วย", "การประปา รับไปดูแล"):
        assert part in html, part
    for part in (talk.codes[0], "ช่างมาวันศุกร์", "081", "ตอบว่า"):
        assert part not in html, part


def test_it_speaks_the_language_of_the_teller_or_the_one_asked_for(
    talk: Talk, get: Callable[[str], httpx.Response], clock: Clock
) -> None:
    talk.take(Said(who="ป้าบัว", says=WATER))
    assert '<html lang="th">' in get(path(clock)).text
    english = get(f"{path(clock)}?lang=en").text
    assert '<html lang="en">' in english
    assert "will answer by 9 Dec 2026" in english
    assert '<html lang="th">' in get(f"{path(clock)}?lang=xx").text
    talk.take(Said(who="Anna", says="The road in front of the school is broken and dangerous, Mae Yao"))
    assert '<html lang="en">' in get(path(clock, 2)).text


def test_it_needs_no_script_and_is_kept_to_itself(
    talk: Talk, get: Callable[[str], httpx.Response], clock: Clock
) -> None:
    talk.take(Said(who="ป้าบัว", says="<script>alert(1)</script> น้ำประปาไม่ไหล ต.แม่ยาว"))
    answer = get(path(clock))
    assert "<script" not in answer.text
    assert "//" not in re.sub(r"<!doctype[^>]*>", "", answer.text), "nothing from elsewhere"
    assert answer.headers["cache-control"] == "no-store"
    assert "noindex" in answer.headers["x-robots-tag"]
    assert 'name="robots" content="noindex"' in answer.text
    for tag in ("<h1>", "<dl>", "<ol>", "<time datetime="):
        assert tag in answer.text


def test_an_address_that_is_not_ours_or_too_old_gets_a_kind_page(
    talk: Talk, get: Callable[[str], httpx.Response], clock: Clock
) -> None:
    talk.take(Said(who="ป้าบัว", says=WATER))
    good = path(clock)
    assert len(good) < 100
    file = Links(SECRET, clock).file(1).removeprefix("/files/")
    for odd in (
        good[:-2],
        good + "A",
        "/r/x",
        "/r/ก",
        f"/r/{file}",
        Links(b"another", clock).tracking(1),
        path(clock, 99),
    ):
        answer = get(odd)
        assert answer.status_code == 404, odd
        assert "เปิดหน้านี้ไม่ได้ค่ะ" in answer.text
        assert talk.codes[0] not in answer.text
    assert Links(SECRET, clock).medium_of(good.removeprefix("/r/")) is None
    clock.move(days=PAGE_LIFE.days - 1)
    assert get(good).status_code == 200
    clock.move(days=2)
    assert get(good).status_code == 404


@pytest.mark.parametrize("way", ["cancelled", "erased"])
def test_what_was_taken_back_is_gone(
    talk: Talk, get: Callable[[str], httpx.Response], clock: Clock, database: Database, way: str
) -> None:
    talk.take(Said(who="ป้าบัว", says=WATER))
    with database.sessions.begin() as session:
        report = session.get(Report, 1)
        assert report is not None
        if way == "cancelled":
            report.status = way
        else:
            report.erased_at = clock()
    answer = get(path(clock))
    assert answer.status_code == 410
    assert "ถูกถอนแล้ว" in answer.text
    assert talk.codes[0] not in answer.text
    assert "น้ำ" not in answer.text


def test_its_address_stands_below_ones_own_report(talk: Talk, database: Database) -> None:
    talk.take(Said(who="ป้าบัว", says=WATER))
    shown = talk.take(Said(who="ป้าบัว", says=talk.codes[0]))
    assert [button.url for button in shown[0].buttons if button.url] == ["/r/1"]
    with database.readers() as session:
        assert people.account_of(session, 1) == ("local", "ป้าบัว")


def test_the_program_serves_it_with_its_look_and_keeps_it_to_itself(place: Place) -> None:
    """Also where the chat page of this machine is off: then nothing else is served that one could look at."""

    async def check() -> None:
        async with opened(place.settings(local_channel="off", provinces="chiang-rai"), work=False) as door:
            answer = await door.http.get("/r/x")
            assert answer.status_code == 404
            assert "เปิดหน้านี้ไม่ได้ค่ะ" in answer.text
            assert "default-src 'self'" in answer.headers["content-security-policy"]
            assert answer.headers["referrer-policy"] == "no-referrer"
            assert answer.headers["cache-control"] == "no-store"
            assert (await door.http.get(door.house.desk.page_url(7))).status_code == 404
            for name in ("track.css", "page.css", "icon.svg"):
                assert (await door.http.get(f"/static/{name}")).status_code == 200
            assert (await door.http.get("/try")).status_code == 404

    asyncio.run(check())
