"""Three villagers who told one thing each and an officer, who press buttons that they kept for long."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from handlers.desk import Desk
from handlers.messages import Incoming, Reply
from storage import backing, reports
from storage.models import Due, Report, ReportEvent
from tests.handlers.talk import CHANNEL, Invited, Said, Talk
from tests.rig import Clock, Database

WATER = "น้ำประปาไม่ไหลมาสามวันแล้ว ต.แม่ยาว อ.เมืองเชียงราย"
OTHERS = ("ป้าบัว", "ลุงแก้ว", "ตาสี")


def open_village(desk: Desk, database: Database, clock: Clock) -> Village:
    """Three villagers who told one thing each (reports 1 to 3), and an officer."""
    village = Village(Talk(desk, database, clock))
    village.talk.invite(Invited(code="SS-1111-1111", role="staff", sensitive=True))
    village.say("เมธา", "SS-1111-1111")
    for who in OTHERS:
        village.say(who, WATER)
    return village


@dataclass(slots=True)
class Village:
    """People who say and press; buttons are made by their action, as if they had been kept for long."""

    talk: Talk

    def say(self, who: str, text: str) -> list[Reply]:
        return self.talk.take(Said(who=who, says=text))

    def press(self, who: str, action: str, *more: object, group: str = "") -> list[Reply]:
        self.talk.turns += 1
        at = self.talk.clock.move(seconds=10)
        postback = self.talk.desk.postback(action, *more)
        event, chat = f"event-{self.talk.turns}", group or who
        return self.talk.answer(
            Incoming(CHANNEL, event, chat, who, "postback", at, postback=postback, group=bool(group))
        )

    def end(self, report_id: int, action: str, act: str, words: str) -> list[Reply]:
        """The officer ends a case with words."""
        self.press("เมธา", "case.accept", report_id)
        self.press("เมธา", action, report_id)
        self.say("เมธา", words)
        return self.press("เมธา", "end.send", report_id, act)

    def join(self, report_id: int, first_id: int) -> list[Reply]:
        return self.end(report_id, "end.dup", "duplicate", self.report(first_id).code)

    def propose(self, report_id: int) -> list[Reply]:
        return self.end(report_id, "end.fix", "proposed", "ซ่อมแล้ว")

    def choose(self, who: str, label: str = "พักการใช้ข้อมูล") -> list[Reply]:
        """Somebody decides about their own data."""
        self.say(who, "ข้อมูลของฉัน")
        return self.talk.take(Said(who=who, presses=label))

    def go_off(self, name: str, days: int) -> list[Reply]:
        """A timer of the first report goes off."""
        at, key = self.talk.clock.move(days=days), f"{name}:1"
        return self.talk.answer(Incoming("timer", f"due:{at}", key, "", "timer", at, postback=key))

    def due(self) -> dict[str, datetime]:
        """When the timers go off."""
        with self.talk.read() as session:
            return {row.key: row.at for row in session.query(Due)}

    def change(self, report_id: int, **values: object) -> None:
        """A report as some other way would have left it."""
        with self.talk.database.sessions.begin() as session:
            report = session.get_one(Report, report_id)
            for name, value in values.items():
                setattr(report, name, value)

    def report(self, report_id: int) -> Report:
        with self.talk.read() as session:
            report = reports.by_id(session, report_id)
            assert report is not None
            return report

    def events(self, report_id: int) -> list[str]:
        with self.talk.read() as session:
            rows = session.query(ReportEvent).filter_by(report_id=report_id).order_by(ReportEvent.id)
            return [row.kind for row in rows]

    def behind(self, report_id: int) -> dict[int, int | None]:
        with self.talk.read() as session:
            return {row.person_id: row.own_id for row in backing.of_report(session, report_id)}


def told(replies: list[Reply]) -> dict[str, str]:
    """What others are told, by their chat."""
    return {reply.to.chat: reply.text for reply in replies if reply.to}
