"""What became of every message: read from the database with its key, and from what the platforms took."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from bot.channels import telegram_messages
from bot.letters import load_replies
from bot.schema import is_shared
from storage.models import Inbox, Outbox, Report, ReportEvent, ReportPart
from storage.reports import part_text
from storage.vault import vault_of
from tests.kill.heard import Stop
from tests.kill.messages import Message, marks_in
from tests.kill.place import said
from tests.kill.repeats import Taken, look

# Several processes note when a message was done, each by its own measure of the server's clock.
CLOCKS = timedelta(seconds=0.5)


# Parcels that one who was paused may have had on its tongue: between asking whether it may speak and the wire.
ON_THE_TONGUE = 2


@dataclass(frozen=True, slots=True)
class Heard:
    """What the platforms took, in order, from which victim and when; and how the victims were interrupted."""

    line: Sequence[Mapping[str, Any]]
    telegram: Sequence[Mapping[str, Any]]
    stops: Sequence[Stop]


@dataclass(slots=True)
class Verdict:
    """Counts of what went wrong, and every fault in words. Without faults the run passed.

    `lost` and `doubled` count messages by the parts of reports that they became; `out_of_order` counts neighbours in
    a chat's events, parts or answers; `unanswered` messages without an answer and answers that never arrived.

    `answered_twice` counts parcels that a platform took more than once; one is allowed for each chat and kill or pause,
    namely what was under way then (see `repeats`). Any other is a fault.
    """

    messages: int
    lost: int = 0
    doubled: int = 0
    out_of_order: int = 0
    unanswered: int = 0
    answered_twice: int = 0
    answered_twice_unexplained: int = 0
    answered_on_waking: int = 0
    reports: int = 0
    answers: int = 0
    faults: list[str] = field(default_factory=list)

    def expect(self, found: object, wanted: object, what: str) -> None:
        """Note a fault unless what was found is what was wanted."""
        if found != wanted:
            self.faults.append(f"{what}: {found!r}, expected {wanted!r}")


def judge(session: Session, planned: Sequence[Message], tokens: Mapping[str, int], heard: Heard) -> Verdict:
    """Judge a run that came to rest."""
    verdict = Verdict(len(planned))
    if not is_shared(session.get_bind().engine):
        verdict.expect(session.execute(text("PRAGMA integrity_check")).scalar(), "ok", "integrity of the database")
    rows = events(session, planned, verdict)
    _effects(session, planned, verdict)
    _answers(session, planned, rows, tokens, heard, verdict)
    most = ON_THE_TONGUE * sum(stop.ended is not None for stop in heard.stops)
    if verdict.answered_twice_unexplained:
        verdict.faults += map(str, heard.stops)
    verdict.expect(verdict.answered_on_waking > most, False, f"more than {most} answered on waking")
    for name in ("lost", "doubled", "out_of_order", "unanswered", "answered_twice_unexplained"):
        verdict.expect(getattr(verdict, name), 0, name)
    return verdict


def events(session: Session, planned: Sequence[Message], verdict: Verdict) -> dict[int, Message]:
    """Every event is kept once and done, each chat's in the order sent; gives messages by inbox row."""
    by_event = {(message.channel, message.event_id): message for message in planned}
    everything = list(session.scalars(select(Inbox).order_by(Inbox.id)))
    verdict.expect({row.state for row in everything}, {"done"}, "states of the inbox")
    kept = [row for row in everything if (row.channel, row.event_id) in by_event]
    verdict.expect(len(kept), len(planned), "events")
    rows = {row.id: by_event[row.channel, row.event_id] for row in kept}
    chats = defaultdict(list)
    slack = CLOCKS if is_shared(session.get_bind().engine) else timedelta(0)
    for row in kept:
        chats[row.chat_key].append(row)
    for chat in chats.values():
        for one, other in pairwise(chat):
            handled = one.done_at is not None and other.done_at is not None and one.done_at <= other.done_at + slack
            verdict.out_of_order += (rows[one.id].number >= rows[other.id].number) + (not handled)
    return rows


def _effects(session: Session, planned: Sequence[Message], verdict: Verdict) -> None:
    """Every message is one part of one report of its person, in the order sent."""
    everything = session.execute(
        select(ReportPart, Report.reporter_id)
        .join(Report, Report.id == ReportPart.report_id)
        .where(ReportPart.removed_at.is_(None))
        .order_by(ReportPart.id)
    ).all()
    numbers_of = {message.number for message in planned}
    parts = [row for row in everything if numbers_of.intersection(marks_in(part_text(session, row[0])))]
    reports = {part.report_id for part, _ in parts}
    said: dict[int | None, list[int]] = defaultdict(list)
    for part, person in parts:
        said[person] += marks_in(part_text(session, part))
    found = Counter(number for numbers in said.values() for number in numbers)
    verdict.lost = len({message.number for message in planned} - found.keys())
    verdict.doubled = sum(times - 1 for times in found.values())
    verdict.out_of_order += sum(one > other for numbers in said.values() for one, other in pairwise(numbers))
    verdict.expect(len(said), len({message.chat for message in planned}), "people")
    verdict.expect(len(parts), len(planned), "parts of reports")
    verdict.reports = len(reports)
    begun = sum(message.begins for message in planned)
    verdict.expect(verdict.reports, begun, "reports")
    events = session.scalars(select(ReportEvent))
    told = Counter(event.kind for event in events if event.report_id in reports)
    verdict.expect(told, Counter(received=begun, added=len(planned) - begun), "timelines")


def _answers(
    session: Session,
    planned: Sequence[Message],
    rows: Mapping[int, Message],
    tokens: Mapping[str, int],
    heard: Heard,
    verdict: Verdict,
) -> None:
    """Every parcel was written and arrived, each chat's in order, and none twice but what was under way at a stop."""
    everything = list(session.scalars(select(Outbox).order_by(Outbox.id)))
    verdict.expect({parcel.state for parcel in everything}, {"sent"}, "states of the outbox")
    parcels = [parcel for parcel in everything if parcel.inbox_id in rows]
    written = defaultdict(list)
    for parcel in parcels:
        if parcel.inbox_id is not None:
            written[rows[parcel.inbox_id].chat].append(rows[parcel.inbox_id].number)
    verdict.out_of_order += sum(one > other for chat in written.values() for one, other in pairwise(chat))
    verdict.answers = len(parcels)
    verdict.unanswered = len({message.number for message in planned}.difference(*written.values()))
    seen = {**_seen_by_line(parcels, rows, tokens, heard, verdict), **_seen_by_telegram(session, rows, parcels, heard)}
    arrived = {taken.parcel for chat in seen.values() for taken in chat}
    verdict.unanswered += sum(parcel.id not in arrived for parcel in parcels)
    for chat in seen.values():
        found = look(chat, heard.stops)
        verdict.out_of_order += found.out_of_order
        verdict.answered_twice += found.twice
        verdict.answered_twice_unexplained += len(found.unexplained)
        verdict.faults += [f"{again} came again after {last}" for last, again in found.unexplained]
        verdict.answered_on_waking += found.late


def _seen_by_line(
    parcels: Sequence[Outbox],
    rows: Mapping[int, Message],
    tokens: Mapping[str, int],
    heard: Heard,
    verdict: Verdict,
) -> dict[str, list[Taken]]:
    """What LINE took, by chat. A token answers the first parcel of its message, a key its own."""
    of_number: dict[int, int] = {}
    for parcel in parcels:
        if parcel.inbox_id is not None:
            of_number.setdefault(rows[parcel.inbox_id].number, parcel.id)
    of_key = {parcel.retry_key: parcel.id for parcel in parcels}
    chats = {message.chat for message in rows.values()}
    seen: dict[str, list[Taken]] = defaultdict(list)
    for taken in heard.line:
        if taken["chat"] not in chats:
            continue
        parcel_id = of_number.get(tokens[taken["token"]]) if "token" in taken else of_key.get(taken["retry_key"])
        if parcel_id is None:
            verdict.faults.append(f"LINE took a {taken['kind']} that no row tells of")
        else:
            seen[taken["chat"]].append(Taken(parcel_id, taken["by"], taken["at"]))
    return seen


def _seen_by_telegram(
    session: Session, rows: Mapping[int, Message], parcels: Sequence[Outbox], heard: Heard
) -> dict[str, list[Taken]]:
    """What Telegram took, by chat, told by words and buttons; no two parcels have the same."""
    vault = vault_of(session)
    known: dict[tuple[str, str], int] = {}
    bodies = said(session)
    for parcel in parcels:
        if parcel.channel == "telegram":
            (reply,) = load_replies(vault.open_bytes(bodies[parcel.id], "outbox"))
            buttons = [key.data for keys in telegram_messages.keyboard(reply, "") for key in keys if key.data]
            known[telegram_messages.html(reply), json.dumps(buttons)] = parcel.id
    if len(known) != sum(parcel.channel == "telegram" for parcel in parcels):
        raise AssertionError("two parcels of Telegram are the same: the check cannot tell them apart")
    chats = {message.chat for message in rows.values()}
    seen: dict[str, list[Taken]] = defaultdict(list)
    for taken in heard.telegram:
        buttons = [key["callback_data"] for keys in taken.get("keyboard", ()) for key in keys if "callback_data" in key]
        parcel_id = known.get((taken["parameters"].get("text", ""), json.dumps(buttons)))
        if parcel_id and taken["chat"] in chats:
            seen[taken["chat"]].append(Taken(parcel_id, taken["by"], taken["at"]))
    return seen
