"""What became of every message: read from the database with its key, and from what the platforms took."""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from bot.channels import telegram_messages
from bot.letters import load_replies
from storage.models import Inbox, Outbox, Report, ReportEvent, ReportPart
from storage.reports import part_text
from storage.vault import vault_of
from tests.kill.messages import Message, marks_in


@dataclass(frozen=True, slots=True)
class Heard:
    """What a platform took: in order, and how much of it when each of the victims had died."""

    accepted: Sequence[Mapping[str, Any]]
    deaths: Sequence[int]


@dataclass(slots=True)
class Verdict:
    """Counts of what went wrong, and every fault in words. Without faults the run passed.

    `lost` and `doubled` count messages by the parts of reports that they became; `out_of_order` counts neighbours in
    a chat's events, parts or answers; `unanswered` messages without an answer and answers that never arrived.

    `answered_twice` counts parcels that a platform took more than once; one is allowed for each chat and kill, namely
    the last that the chat got before it: it may have been under way. Any other is a fault.
    """

    messages: int
    lost: int = 0
    doubled: int = 0
    out_of_order: int = 0
    unanswered: int = 0
    answered_twice: int = 0
    answered_twice_unexplained: int = 0
    reports: int = 0
    answers: int = 0
    faults: list[str] = field(default_factory=list)

    def expect(self, found: object, wanted: object, what: str) -> None:
        """Note a fault unless what was found is what was wanted."""
        if found != wanted:
            self.faults.append(f"{what}: {found!r}, expected {wanted!r}")


def judge(
    session: Session, planned: Sequence[Message], tokens: Mapping[str, int], line: Heard, telegram: Heard
) -> Verdict:
    """Judge a run that came to rest."""
    verdict = Verdict(len(planned))
    verdict.expect(session.execute(text("PRAGMA integrity_check")).scalar(), "ok", "integrity of the database")
    rows = _events(session, planned, verdict)
    _effects(session, planned, verdict)
    _answers(session, planned, rows, tokens, line, telegram, verdict)
    for name in ("lost", "doubled", "out_of_order", "unanswered", "answered_twice_unexplained"):
        verdict.expect(getattr(verdict, name), 0, name)
    return verdict


def _events(session: Session, planned: Sequence[Message], verdict: Verdict) -> dict[int, Message]:
    """Every event is kept once and done, each chat's in the order sent; gives messages by inbox row."""
    by_event = {(message.channel, message.event_id): message for message in planned}
    everything = list(session.scalars(select(Inbox).order_by(Inbox.id)))
    verdict.expect({row.state for row in everything}, {"done"}, "states of the inbox")
    kept = [row for row in everything if (row.channel, row.event_id) in by_event]
    verdict.expect(len(kept), len(planned), "events")
    rows = {row.id: by_event[row.channel, row.event_id] for row in kept}
    chats = defaultdict(list)
    for row in kept:
        chats[row.chat_key].append(row)
    for chat in chats.values():
        for one, other in pairwise(chat):
            handled = one.done_at is not None and other.done_at is not None and one.done_at <= other.done_at
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
    line: Heard,
    telegram: Heard,
    verdict: Verdict,
) -> None:
    """Every parcel arrived, each chat's in order, and none twice but what was under way at a kill."""
    everything = list(session.scalars(select(Outbox).order_by(Outbox.id)))
    verdict.expect({parcel.state for parcel in everything}, {"sent"}, "states of the outbox")
    parcels = [parcel for parcel in everything if parcel.inbox_id in rows]
    chats = {message.chat for message in planned}
    line, telegram = (_only(chats, heard) for heard in (line, telegram))
    answered = {rows[parcel.inbox_id].number for parcel in parcels if parcel.inbox_id is not None}
    seen = {**_seen_by_line(parcels, rows, tokens, line, verdict), **_seen_by_telegram(session, parcels, telegram)}
    arrived = {parcel_id for chat in seen.values() for parcel_id, _ in chat}
    verdict.answers = len(parcels)
    verdict.unanswered = len({message.number for message in planned} - answered)
    verdict.unanswered += sum(parcel.id not in arrived for parcel in parcels)
    for chat in seen.values():
        ids = [parcel_id for parcel_id, _ in chat]
        verdict.out_of_order += sum(one > other for one, other in pairwise(ids))
        verdict.answered_twice += len(ids) - len(set(ids))
        verdict.answered_twice_unexplained += _unexplained(chat)


def _only(chats: set[str], heard: Heard) -> Heard:
    """What the platform took for these chats."""
    kept = [index for index, taken in enumerate(heard.accepted) if taken["chat"] in chats]
    return Heard([heard.accepted[index] for index in kept], [bisect_left(kept, death) for death in heard.deaths])


def _seen_by_line(
    parcels: Sequence[Outbox],
    rows: Mapping[int, Message],
    tokens: Mapping[str, int],
    heard: Heard,
    verdict: Verdict,
) -> dict[str, list[tuple[int, int]]]:
    """By chat: (parcel, life) of what LINE took. A token answers the first parcel of its message, a key its own."""
    of_number: dict[int, int] = {}
    for parcel in parcels:
        if parcel.inbox_id is not None:
            of_number.setdefault(rows[parcel.inbox_id].number, parcel.id)
    of_key = {parcel.retry_key: parcel.id for parcel in parcels}
    seen: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for index, taken in enumerate(heard.accepted):
        parcel_id = of_number.get(tokens[taken["token"]]) if "token" in taken else of_key.get(taken["retry_key"])
        if parcel_id is None:
            verdict.faults.append(f"LINE took a {taken['kind']} that no row tells of")
        else:
            seen[taken["chat"]].append((parcel_id, bisect_right(heard.deaths, index)))
    return seen


def _seen_by_telegram(session: Session, parcels: Sequence[Outbox], heard: Heard) -> dict[str, list[tuple[int, int]]]:
    """By chat: (parcel, life) of what Telegram took, told by words and buttons; no two parcels have the same."""
    vault = vault_of(session)
    known: dict[tuple[str, str], int] = {}
    for parcel in parcels:
        if parcel.channel == "telegram" and parcel.body_sealed is not None:
            (reply,) = load_replies(vault.open_bytes(parcel.body_sealed, "outbox"))
            buttons = [key.data for keys in telegram_messages.keyboard(reply, "") for key in keys if key.data]
            known[telegram_messages.html(reply), json.dumps(buttons)] = parcel.id
    if len(known) != sum(parcel.channel == "telegram" for parcel in parcels):
        raise AssertionError("two parcels of Telegram are the same: the check cannot tell them apart")
    seen: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for index, taken in enumerate(heard.accepted):
        buttons = [key["callback_data"] for keys in taken.get("keyboard", ()) for key in keys if "callback_data" in key]
        if parcel_id := known.get((taken["parameters"].get("text", ""), json.dumps(buttons))):
            seen[taken["chat"]].append((parcel_id, bisect_right(heard.deaths, index)))
    return seen


def _unexplained(chat: Sequence[tuple[int, int]]) -> int:
    """Repeats of one chat that no kill explains: not the last parcel of one life and then of a later one."""
    last = {life: parcel_id for parcel_id, life in chat}
    lives: dict[int, list[int]] = defaultdict(list)
    for parcel_id, life in chat:
        lives[parcel_id].append(life)
    return sum(
        one == other or last[one] != parcel_id
        for parcel_id, taken in lives.items()
        for one, other in pairwise(sorted(taken))
    )
