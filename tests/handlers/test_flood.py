"""One person sends a hundred messages in five seconds: all is kept, they hear of it once, and others notice nothing."""

from __future__ import annotations

from datetime import timedelta

from handlers.desk import Desk
from handlers.provinces import Directory
from handlers.texts import Texts
from nlp.reader import Reader
from storage import reports
from tests.handlers.talk import CHANNEL, Said, Talk, heard
from tests.rig import Clock, Database, make_desk


def test_a_hundred_messages_in_five_seconds(
    reader: Reader, directory: Directory, texts: Texts, database: Database, clock: Clock
) -> None:
    desk: Desk = make_desk(reader, directory, texts, {CHANNEL: "chiang-rai"})
    talk = Talk(desk, database, clock)
    pace = timedelta(seconds=0.05)
    answers = [talk.take(Said(who="ลุงคำ", says=f"น้ำประปาไม่ไหล บ้านเลขที่ {number}", after=pace)) for number in range(100)]
    answered = [number for number, replies in enumerate(answers) if replies]
    assert answered == list(range(21)), "twenty are answered one by one, the next hears that it goes slowly now"
    assert "เก็บไว้ครบทุกข้อความ" in heard(answers[20][0])

    with talk.read() as session:
        (report,) = reports.by_digits(session, talk.codes[0].partition("-")[2], ["ชร"])
        words = reports.words_of(session, report.id)
    assert all(f"บ้านเลขที่ {number}\n" in words + "\n" for number in range(100))

    assert "รับเรื่องแล้ว" in heard(talk.take(Said(who="ป้าบัว", says="ถนนพัง ต.แม่ยาว", after=pace))[0])
    danger = talk.take(Said(who="ลุงคำ", says="ไฟไหม้บ้าน มีคนติดอยู่ข้างใน ช่วยด้วย", after=pace))
    assert "199" in heard(danger[0]), "danger is always answered"
    calm = talk.take(Said(who="ลุงคำ", says="ขอบคุณครับ", after=timedelta(minutes=2)))
    assert calm, "after a minute everything is answered again"
