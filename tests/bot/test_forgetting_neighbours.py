"""What is taken back, or erased, is gone from the chats of neighbours who were asked whether theirs is the same."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from handlers.desk import Desk
from handlers.erasing import erase
from handlers.messages import Incoming
from storage.models import Dialogue, Outbox, Person, Report
from tests.bot.wire import Line, line, said
from tests.leaks import lying
from tests.rig import Clock, Database

RARE = "พิลึกกึกกือ"  # nobody says that
WATER = f"น้ำประปาไม่ไหลมาสามวันแล้ว ต.แม่ยาว อ.เมืองเชียงราย {RARE}"
THEIRS = "น้ำประปาไม่ไหลมาสามวันแล้ว ต.แม่ยาว อ.เมืองเชียงราย"


@pytest.fixture
def way(desk: Desk, database: Database, clock: Clock) -> Line:
    """A villager told something, and a neighbour was asked whether theirs is the same."""
    made = line(replace(desk, homes={"wire": "chiang-rai"}), database, clock)
    made.take(said(WATER), said(THEIRS, 2, "U2"))
    assert any("เรื่องเดียวกันไหม" in one and RARE in one for one in bodies(made))
    return made


def bodies(way: Line) -> list[str]:
    with way.database.readers() as session:
        rows = session.scalars(select(Outbox.body_sealed).where(Outbox.body_sealed.is_not(None)).order_by(Outbox.id))
        return [way.database.vault.open(sealed, "outbox") for sealed in rows if sealed]


def forget(way: Line, how: str) -> None:
    if how == "unsent":
        way.take(said("", 50, kind="unsend", message_id="", target="M1"))
        return
    with way.database.sessions.begin() as session:
        first = session.scalars(select(Person.id).join(Report, Report.reporter_id == Person.id).order_by(Report.id))
        assert erase(way.pipeline.desk, session, first.first() or 0, way.clock(), inbox_id=None)


def press(way: Line, number: int, *action: object) -> Incoming:
    data = way.pipeline.desk.postback(str(action[0]), *action[1:])
    return said("", number, "U2", kind="postback", postback=data, message_id="")


@pytest.mark.parametrize("how", ["unsent", "erased"])
def test_the_question_goes_and_is_not_asked_again(way: Line, database: Database, how: str) -> None:
    forget(way, how)
    assert lying(database, RARE) == []
    with database.readers() as session:
        assert session.scalars(select(Dialogue).where(Dialogue.name == "ask")).all() == [], "nothing is left to ask"
    assert any(THEIRS in one for one in bodies(way)), "the neighbour's own receipt stays"


@pytest.mark.parametrize("how", ["unsent", "erased"])
def test_what_a_neighbour_saw_of_it_goes(way: Line, database: Database, how: str) -> None:
    with database.readers() as session:
        first, second = session.scalars(select(Report.id).order_by(Report.id))
    way.take(press(way, 3, "same.yes", second, first), press(way, 4, "rep.show", second))
    assert sum(RARE in one for one in bodies(way)) > 2
    forget(way, how)
    assert lying(database, RARE) == []
