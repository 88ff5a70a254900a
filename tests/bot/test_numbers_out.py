"""A telephone number that was told and taken out is nowhere any more: no version, event or dialogue keeps it."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select

from handlers.desk import Desk
from storage import people
from storage.models import Identity, Report
from tests.bot.wire import line, said
from tests.leaks import lying
from tests.rig import Clock, Database

NUMBER = "081-234-5678"
WATER = f"น้ำประปาไม่ไหลมาสามวันแล้ว ต.แม่ยาว อ.เมืองเชียงราย โทร {NUMBER}"


def test_a_number_taken_out_is_nowhere(desk: Desk, database: Database, clock: Clock) -> None:
    way = line(replace(desk, homes={"wire": "chiang-rai"}), database, clock)
    way.take(said(WATER), said(WATER.replace("สาม", "สี่"), 2, kind="edit", message_id="", target="M1"))
    assert {"inbox.payload_sealed", "report_part.text_sealed"} <= set(lying(database, NUMBER))
    with database.readers() as session:
        owner = session.scalars(select(Identity.person_id)).one()
        mark = people.account_mark(session, "wire", "U1")
    data = way.pipeline.desk.postback("me.numbers", owner, mark)
    way.take(said("", 3, kind="postback", postback=data, message_id=""))
    assert lying(database, NUMBER) == []
    assert lying(database, "น้ำประปาไม่ไหลมาสี่วันแล้ว"), "the rest stays"
    with database.readers() as session:
        assert "น้ำประปา" in session.scalars(select(Report)).one().masked_text
