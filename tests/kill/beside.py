"""Who speaks beside the twenty: two who send photos, a volunteer who notes a forum, one whose events are due rows."""

from __future__ import annotations

import base64
import hashlib
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage import due, forums, people
from storage.models import Due, Forum, Medium, Report, ReportPart
from storage.reports import part_text
from tests.kill.messages import NEW, SAID, mark, marks_in, sent_by_line
from tests.kill.place import Place
from tests.pictures import plain

CODE = "SS-KKKK-2222"
PHOTOGRAPHER, VOLUNTEER, TIMED = (f"U{letter * 32}" for letter in "cde")
TELEGRAM_PHOTOGRAPHER = 700_001
FIRST_TIMED = 9000  # the first number of what due rows say
NOTED = (
    "ไฟส่องทางหน้าโรงเรียนดับมาสองสัปดาห์แล้ว",
    "ขยะล้นหน้าตลาดไม่มีรถมาเก็บหลายวันแล้ว",
    "น้ำประปาขุ่นแดงใช้ไม่ได้ทั้งหมู่บ้าน",
    "อยากได้ที่ฝึกอาชีพสำหรับผู้สูงอายุในตำบล",
    "ถนนเข้าหมู่บ้านเป็นหลุมใหญ่รถวิ่งลำบาก",
)
HEADER = "เวทีประชาคมบ้านป่าตึง ที่ศาลาวัดป่าตึง วันที่ 25 พ.ย. 2569 มา 42 คน"


@dataclass(frozen=True, slots=True)
class Letter:
    """What somebody beside the twenty sends: words, or the photo of a name."""

    chat: str
    event_id: str
    text: str = ""
    photo: str = ""

    def line_event(self, token: str, *, again: bool) -> dict[str, Any]:
        """The event that LINE's webhook carries."""
        said = {"type": "text", "text": self.text}
        if self.photo:
            said = {"type": "image", "id": self.photo, "contentProvider": {"type": "line"}}  # type: ignore[dict-item]
        return sent_by_line(self.chat, self.event_id, f"6{self.event_id[-17:]}", said, token, again=again)


def photo(name: str) -> bytes:
    """The bytes of a photo: a picture of chance that weighs something."""
    return plain(name, (160, 120))


def line_contents(count: int) -> dict[str, Any]:
    """What LINE gives for its photos."""
    return {name: {"data": base64.b64encode(photo(name)).decode()} for name in map(line_photo, range(count))}


def telegram_files(count: int) -> dict[str, Any]:
    """What Telegram gives for its photos."""
    return {
        name: {"data": base64.b64encode(photo(name)).decode(), "path": f"photos/{name}.jpg"}
        for name in map(telegram_photo, range(count))
    }


def line_photo(number: int) -> str:
    """The name of a photo that LINE has."""
    return f"58{number:012}"


def telegram_photo(number: int) -> str:
    """The name of a photo that Telegram has."""
    return f"photo-{number}"


def telegram_update(number: int, update_id: int) -> dict[str, Any]:
    """A photo with a report as its caption."""
    who = {"id": TELEGRAM_PHOTOGRAPHER, "is_bot": False, "first_name": "n", "language_code": "th"}
    sizes = [{"file_id": telegram_photo(number), "file_unique_id": str(number), "width": 800, "height": 600}]
    said = {"message_id": 5000 + number, "date": int(time.time()), "from": who, "photo": sizes}
    chat = {"id": TELEGRAM_PHOTOGRAPHER, "type": "private"}
    caption = f"{NEW}{SAID[number % len(SAID)]}"
    return {"update_id": update_id, "message": said | {"caption": caption, "chat": chat}}


def letters(photos: int) -> list[list[Letter]]:
    """What each of LINE's chats beside the twenty sends, in order."""
    shown = []
    for number in range(photos):
        text = f"{NEW}{SAID[number % len(SAID)]}"
        shown.append(Letter(PHOTOGRAPHER, f"01P{2 * number:023}", text))
        shown.append(Letter(PHOTOGRAPHER, f"01P{2 * number + 1:023}", photo=line_photo(number)))
    said = (CODE, "เวที", HEADER, *NOTED, "ส่งทั้งหมด")
    noted = [Letter(VOLUNTEER, f"01F{number:023}", text) for number, text in enumerate(said)]
    return [shown, noted]


def make_ready(session: Session, now: datetime) -> None:
    """Keep the volunteer's code."""
    people.add_invite(session, CODE, "volunteer", "khon-kaen", now)


def plant(session: Session, number: int, now: datetime) -> None:
    """Let an event fall due at once."""
    text = f"{NEW}{SAID[number % len(SAID)]} {mark(FIRST_TIMED + number)}"
    event = Letter(TIMED, f"01T{number:023}", text).line_event("", again=False)
    payload = json.dumps(event, ensure_ascii=False).encode()
    due.schedule(session, f"kill:{number}", now, channel="line", chat=TIMED, payload=payload)


def faults(session: Session, place: Place, photos: Mapping[str, int], planted: int) -> list[str]:
    """What of theirs was lost or doubled, in words. `photos` tells how many were sent, by platform."""
    found = [*_photos(session, place, photos), *_forum(session)]
    parts = session.scalars(select(ReportPart).order_by(ReportPart.id))
    timed = [number for part in parts for number in marks_in(part_text(session, part)) if number >= FIRST_TIMED]
    if timed != list(range(FIRST_TIMED, FIRST_TIMED + planted)):
        found.append(f"{planted} events fell due, and these were handled: {timed}")
    if left := session.query(Due).count():
        found.append(f"{left} due rows never fired")
    return found


def _photos(session: Session, place: Place, photos: Mapping[str, int]) -> list[str]:
    sent = [*map(line_photo, range(photos["line"])), *map(telegram_photo, range(photos["telegram"]))]
    wanted = sorted(hashlib.sha256(photo(name)).hexdigest() for name in sent)
    rows = session.query(Medium).all()
    found = []
    if sorted(row.sha256 for row in rows) != wanted or {row.state for row in rows} != {"kept"}:
        states = sorted((row.channel, row.state, row.error) for row in rows)
        found.append(f"{len(wanted)} photos were sent, and these were kept: {states}")
    with place.files() as (store, files):
        if files != wanted or any(hashlib.sha256(store.load(name)).hexdigest() != name for name in files):
            found.append(f"{len(wanted)} photos were sent, and {len(files)} files are there")
    return found


def _forum(session: Session) -> list[str]:
    submitted = session.query(Forum).all()
    if [forum.status for forum in submitted] != ["submitted"]:
        return [f"one forum was submitted: {[forum.status for forum in submitted]}"]
    items = forums.items(session, submitted[0].id)
    noted = [forums.text_of(session, item) for item in items]
    filed = session.query(Report).filter_by(forum_id=submitted[0].id).count()
    if noted != list(NOTED) or len({item.report_id for item in items} - {None}) != len(NOTED) or filed != len(NOTED):
        return [f"{len(NOTED)} issues were noted and submitted: {len(noted)} items, {filed} reports"]
    return []
