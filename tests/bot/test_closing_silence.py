"""A proposal that nobody answers, through the real pipeline: one reminder, then an end that counts as unconfirmed."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest

from bot.letters import load_replies
from handlers import later
from handlers.desk import Desk
from handlers.messages import Reply
from storage import inbox, outbox, people
from storage.models import Due, Inbox, Person, Report, ReportEvent
from tests.bot.wire import Line, line, said
from tests.rig import Clock, Database, open_database

WATER = "น้ำประปาไม่ไหลมาสามวันแล้ว ต.แม่ยาว อ.เมืองเชียงราย"


@pytest.fixture
def village(desk: Desk, database: Database, clock: Clock) -> Village:
    return proposed(Village(desk, database, clock))


def proposed(village: Village, who: str = "villager") -> Village:
    """A report that an officer took and said to be solved."""
    with village.database.sessions.begin() as session:
        people.add_invite(session, "SS-1111-1111", "staff", "chiang-rai", village.clock())
    village.say(who, WATER)
    village.say("officer", "SS-1111-1111")
    village.press("officer", "case.accept")
    village.propose()
    return village


@dataclass(slots=True)
class Village:
    """People at a line, its one report, and its timers."""

    desk: Desk
    database: Database
    clock: Clock
    count: int = 0
    lines: list[Line] = field(default_factory=list)

    @property
    def way(self) -> Line:
        if not self.lines:
            self.lines.append(line(self.desk, self.database, self.clock))
        return self.lines[0]

    def restart(self) -> None:
        """Begin again from what is kept."""
        self.database.engine.dispose()
        self.database = open_database(self.database.url)
        self.lines.clear()

    def take(self, who: str, text: str = "", postback: str = "") -> list[Reply]:
        self.count += 1
        kind = "postback" if postback else "message"
        (handled,) = self.way.take(said(text, self.count, who, self.clock(), kind=kind, postback=postback))
        return [reply for outgoing in handled.outgoing for reply in load_replies(outgoing.body)]

    def say(self, who: str, text: str) -> list[Reply]:
        return self.take(who, text)

    def press(self, who: str, action: str, *more: object) -> list[Reply]:
        return self.take(who, postback=self.desk.postback(action, 1, *more))

    def propose(self) -> None:
        self.press("officer", "end.fix")
        self.say("officer", "ซ่อมแล้ว")
        self.press("officer", "end.send", "proposed")
        assert self.report().status == "proposed"

    def tick(self, **by: float) -> None:
        """Let time pass, and what falls due become events."""
        self.clock.move(**by)
        with self.database.sessions.begin() as session:
            self.way.pipeline.tick(session, self.clock())

    def handle(self) -> dict[str, list[Reply]]:
        """Handle what waits; what people are told."""
        told: dict[str, list[Reply]] = {}
        with self.database.readers() as session:
            waiting = [replace(one, payload=inbox.payload_of(session, one.id)) for one in inbox.all_waiting(session)]
        for one in waiting:
            for outgoing in self.way.work(one).outgoing:
                told.setdefault(outgoing.chat, []).extend(load_replies(outgoing.body))
        return told

    def later(self, **by: float) -> dict[str, list[Reply]]:
        self.tick(**by)
        return self.handle()

    def report(self) -> Report:
        with self.database.readers() as session:
            return session.query(Report).one()

    def events(self, kind: str) -> int:
        with self.database.readers() as session:
            return session.query(ReportEvent).filter_by(kind=kind).count()


def test_silence_is_reminded_once_and_then_closes_unconfirmed(village: Village) -> None:
    assert village.later(days=4, hours=23) == {}
    told = village.later(hours=2)
    assert set(told) == {"villager"}
    assert [reply.quota for reply in told["villager"]] == ["nudge"]
    assert len(told["villager"][0].buttons) == 4
    assert told["villager"][0].card, "a bubble's buttons outlast the next message"
    assert village.later(days=1, hours=22) == {}
    assert village.report().status == "proposed"
    told = village.later(hours=2)
    assert set(told) == {"villager"}
    assert [button.label for button in told["villager"][0].buttons] == ["แก้แล้วจริง", "ยังไม่หาย"]
    report = village.report()
    assert (report.status, report.closed_at) == ("closed_unconfirmed", village.clock())
    assert village.later(days=30) == {}
    assert village.events("closed_unconfirmed") == 1


def test_a_restart_in_between_changes_nothing(village: Village) -> None:
    village.restart()
    village.tick(days=5)
    village.restart()
    assert set(village.handle()) == {"villager"}
    village.tick(days=2)
    village.restart()
    assert set(village.handle()) == {"villager"}
    assert village.report().status == "closed_unconfirmed"
    with village.database.readers() as session:
        assert sum(row.chat == "villager" for row in outbox.all_unsent(session)) == 5
    village.database.engine.dispose()


def test_after_an_outage_only_the_end_is_told(village: Village) -> None:
    told = village.later(days=9)
    assert [reply.quota for reply in told["villager"]] == ["status"]
    assert village.report().status == "closed_unconfirmed"


def test_an_answer_stops_the_waiting(village: Village) -> None:
    village.press("villager", "key.yes")
    with village.database.readers() as session:
        assert session.query(Due).count() == 0
    assert village.later(days=8) == {}
    assert village.report().status == "closed_confirmed"


def test_what_was_said_anew_later_waits_its_own_time(village: Village) -> None:
    village.clock.move(days=6)
    village.press("villager", "key.no", "same")
    village.propose()
    # A timer of the first time, which had become an event already when it was said anew.
    with village.database.sessions.begin() as session:
        later.remind(session, "close", 1, village.clock())
        later.remind(session, "nudge", 1, village.clock())
    assert village.later(hours=1) == {}
    assert village.report().status == "proposed"
    assert village.events("closed_unconfirmed") == 0


@pytest.mark.parametrize("gone", ["erased", "imported"])
def test_a_report_whose_people_cannot_be_reached_closes_all_the_same(village: Village, gone: str) -> None:
    with village.database.sessions.begin() as session:
        report = session.query(Report).one()
        if gone == "imported":
            report.reporter_id = None
        else:
            person = session.get(Person, report.reporter_id)
            assert person is not None
            person.erased_at = village.clock()
    assert village.later(days=7) == {}
    assert village.report().status == "closed_unconfirmed"


def test_late_hands_still_turn_the_keys(village: Village) -> None:
    village.later(days=7)
    told = village.press("villager", "key.no", "same")
    assert any("ยังไม่จบ" in reply.text for reply in told)
    report = village.report()
    assert (report.status, report.closed_at, report.proposed_at) == ("in_progress", None, None)
    village.propose()
    village.later(days=7)
    village.clock.move(days=60)
    village.press("villager", "key.yes")
    assert village.report().status == "closed_confirmed"


def test_a_timer_that_nobody_knows_is_done_and_says_nothing(village: Village) -> None:
    with village.database.sessions.begin() as session:
        later.remind(session, "from-another-release", 1, village.clock())
        later.remind(session, "close", 999, village.clock())
    assert village.later(minutes=1) == {}
    with village.database.readers() as session:
        rows = session.query(Inbox).filter_by(channel=later.CHANNEL).all()
        assert [row.state for row in rows] == ["done", "done"]
