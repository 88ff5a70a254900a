"""Several hands at one case at the same moment: of a confirming, a reopening and the timer exactly one happens."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from handlers import respond, silence, standing
from handlers.desk import Desk
from handlers.erasing import erase
from handlers.messages import Incoming
from storage import closings, reports
from storage.models import Report, ReportEvent
from tests.bot.test_postgres_at_once import together
from tests.handlers.talk import Invited, Said, Talk
from tests.handlers.village import WATER, Village, open_village
from tests.rig import WEDNESDAY, Clock, Database
from tests.storage.test_reports import make

pytestmark = pytest.mark.postgresql
ROUNDS = 6
LATER = WEDNESDAY + timedelta(days=7)


def the(session: Session) -> Report:
    report = reports.by_id(session, 1)
    assert report is not None
    return report


def confirm(session: Session) -> bool:
    done = closings.move(
        session, the(session), "closed_confirmed", ("proposed", "closed_unconfirmed"), LATER, closed_at=LATER
    )
    if done:
        reports.add_event(session, 1, "closed_confirmed", LATER)
    return done


def refuse(session: Session) -> bool:
    done = closings.move(session, the(session), "cancelled", ("proposed",), LATER, closed_at=LATER)
    if done:
        reports.add_event(session, 1, "cancelled", LATER)
    return done


def test_of_several_ends_at_once_one_happens(desk: Desk, database: Database) -> None:
    def go_off(session: Session) -> bool:
        silence.close(desk, session, "1", LATER)
        return the(session).status == "closed_unconfirmed"

    with database.sessions.begin() as session:
        make(session)
    ends = ("closed_confirmed", "closed_unconfirmed", "cancelled")
    for round_ in range(ROUNDS):
        with database.sessions.begin() as session:
            report = the(session)
            report.status, report.proposed_at, report.closed_at = "proposed", WEDNESDAY, None
            session.query(ReportEvent).delete()
        together(database, confirm, refuse, go_off, confirm, go_off)
        with database.readers() as session:
            happened = [event.kind for event in session.query(ReportEvent).order_by(ReportEvent.id)]
            # Whoever confirms after the timer still counts: then both stand in the timeline, in this order.
            assert happened in [[end] for end in ends] + [["closed_unconfirmed", "closed_confirmed"]], round_
            assert the(session).status == happened[-1]


def test_a_confirming_and_several_reopenings_at_once_leave_one_story(database: Database) -> None:
    def reopen(session: Session) -> bool:
        done = closings.reopen(session, the(session), LATER, LATER)
        if done:
            reports.add_event(session, 1, "reopened", LATER)
        return done

    with database.sessions.begin() as session:
        make(session)
    for round_ in range(ROUNDS):
        with database.sessions.begin() as session:
            report = the(session)
            report.status, report.proposed_at, report.closed_at = "proposed", WEDNESDAY, None
            session.query(ReportEvent).delete()
        done = together(database, reopen, confirm, reopen)
        with database.readers() as session:
            happened = [event.kind for event in session.query(ReportEvent).order_by(ReportEvent.id)]
            assert happened in (["reopened"], ["closed_confirmed", "reopened"]), (round_, happened, done)
            assert the(session).status == "in_progress"


def test_two_ratings_at_once_leave_the_first(database: Database) -> None:
    def rating(value: int) -> Callable[[Session], bool]:
        return lambda session: closings.rate(session, the(session), value, value)

    with database.sessions.begin() as session:
        make(session, status="closed_confirmed", closed_at=WEDNESDAY)
    for _ in range(ROUNDS):
        with database.sessions.begin() as session:
            the(session).rating = None
        done = together(database, rating(1), rating(5))
        assert sorted(done, key=bool) == [False, True]
        with database.readers() as session:
            assert the(session).rating == (1 if done[0] else 5)


def test_two_officers_who_join_two_reports_to_each_other_join_one(desk: Desk, database: Database, clock: Clock) -> None:
    village = open_village(desk, database, clock)
    village.talk.invite(Invited(code="SS-2222-2222", role="staff"))
    village.say("วิภา", "SS-2222-2222")
    presses = []
    for who, report_id, first_id in (("เมธา", 1, 2), ("วิภา", 2, 1)):
        village.press(who, "end.dup", report_id)
        village.say(who, village.report(first_id).code)
        postback = desk.postback("end.send", report_id, "duplicate")
        presses.append(Incoming("local", f"send-{who}", who, who, "postback", clock(), postback=postback))

    def press(incoming: Incoming) -> Callable[[Session], int]:
        return lambda session: len(respond(incoming, desk.reader.read("", None), desk, session))

    together(database, *map(press, presses))
    assert sorted(village.report(report_id).status for report_id in (1, 2)) == ["duplicate", "received"]


@pytest.mark.parametrize("way", ["erase", "unsend", "cancel", "pause"])
def test_whoever_joins_a_report_while_it_goes_is_not_lost(
    desk: Desk, database: Database, clock: Clock, way: str
) -> None:
    village = Village(Talk(desk, database, clock))
    for who in ("ป้าบัว", "ลุงแก้ว"):
        village.talk.take(Said(who=who, says=WATER, name=f"words of {who}"))

    def tap(session: Session, who: str, action: str, *arguments: object) -> None:
        incoming = Incoming("local", f"{who} {action}", who, who, "postback", clock())
        respond(replace(incoming, postback=desk.postback(action, *arguments)), desk.reader.read(""), desk, session)

    def go() -> None:
        with database.sessions.begin() as session:
            first = the(session)
            if way == "cancel":
                tap(session, "ป้าบัว", "rep.cancel", 1, "yes")
            elif way == "unsend":
                gone = Incoming("local", "gone", "ป้าบัว", "ป้าบัว", "unsend", clock(), target="words of ป้าบัว")
                respond(gone, desk.reader.read(""), desk, session)
            elif way == "erase":
                erase(desk, session, first.reporter_id or 0, clock(), inbox_id=0)
            else:
                standing.rest(desk, session, first.reporter_id or 0, clock())

    with database.sessions.begin() as session:
        tap(session, "ลุงแก้ว", "same.yes", 2, 1)
        leaving = threading.Thread(target=go)
        leaving.start()
        leaving.join(0.4)  # it has read what it reads, and waits for this transaction
        assert leaving.is_alive()
    leaving.join(20)
    own = village.report(2)
    assert (own.status, own.duplicate_of_id) == ("received", None)
