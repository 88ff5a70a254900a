"""The limit of handling: the same rows by the same storage functions in the same groups, all words canned.

No conversation, no Thai, no lanes, no event loop: one thread that writes.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from bot.app import House
from bot.channels.base import Envelope
from bot.drivers.writer import BATCH
from storage import inbox, outbox, people, reports, spots
from storage.inbox import Arrival, Waiting
from storage.models import Report
from storage.outbox import Outgoing
from tests.benchmarks.script import Line, load_script

BODY = b'[{"text":"' + b"x" * 700 + b'"}]'  # about as long as a receipt


def handle_all(house: House, envelopes: Sequence[Envelope]) -> float:
    """Messages a second: kept before, then handled and settled."""
    script = {f"/{number}": line for number, line in enumerate(load_script())}
    now = datetime(2026, 5, 4, 8, tzinfo=UTC)
    with house.sessions.begin() as session:
        arrivals = [Arrival(e.channel, e.event_id, e.chat, e.payload, e.message_id) for e in envelopes]
        kept = inbox.keep(session, arrivals, now)
    began = time.perf_counter()
    with house.engine.connect() as connection:
        for start in range(0, len(kept), BATCH // 2):
            group = range(start, min(start + BATCH // 2, len(kept)))
            posted = []
            with connection.begin():
                for number in group:
                    envelope = envelopes[number]
                    line = script["/" + envelope.event_id.partition("/")[2]]
                    with house.sessions(bind=connection, join_transaction_mode="create_savepoint") as session:
                        posted.append(_handle(session, kept[number], envelope, line, now + line.at))
                        session.commit()
            with connection.begin():
                for outgoing in posted:
                    with house.sessions(bind=connection, join_transaction_mode="create_savepoint") as session:
                        outbox.settle(session, outgoing, "sent", now)
                        session.commit()
    return len(kept) / (time.perf_counter() - began)


def _handle(session: Session, waiting: Waiting, envelope: Envelope, line: Line, now: datetime) -> Outgoing:
    inbox.payload_of(session, waiting.id)
    key = inbox.message_key(session, envelope.channel, envelope.message_id)
    inbox.is_buried(session, key)
    with session.begin_nested():
        person = people.person_of(session, envelope.channel, envelope.chat, now)
        people.roles_of(session, person.id)
        if line.wants == "report":
            person.open_report_id = _report(session, person.id, key, line, now)
        elif line.wants == "addition" and (report := reports.by_id(session, person.open_report_id or 0)):
            reports.add_part(session, report, line.text, now, message=key)
            reports.words_of(session, report.id)
            reports.add_event(session, report.id, "added", now, actor_id=person.id)
        elif line.wants == "status":
            reports.of_person(session, person.id)
        if line.wants != "talk":
            person.quiet_until = now
        session.flush()
    inbox.finish(session, waiting.id, "done", now)
    return outbox.post(session, envelope.channel, envelope.chat, BODY, now, quota="status", inbox_id=waiting.id)


def _report(session: Session, person_id: int, key: bytes | None, line: Line, now: datetime) -> int:
    report = Report(
        code=reports.new_code(session, "BN"),
        province="chiang-rai",
        kind="problem",
        created_at=now,
        updated_at=now,
        reporter_id=person_id,
        masked_text=line.text,
        summary=line.text,
        category="infrastructure",
        sub="",
        confidence=0.9,
        alternatives=[["infrastructure", 0.9], ["safety", 0.05], ["other", 0.05]],
        evidence=[],
        place_sealed=spots.seal(session, spots.Spot(line.text)),
    )
    return reports.add(session, report, line.text, now, message=key).id
