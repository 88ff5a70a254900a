"""Everything that is held about a person, opened, as plain values for a file of their own.

Nobody else stands in it: no officer's id, no other household's words, no note that staff wrote among themselves.
"""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage import forums, holdings, media, quoting, spots
from storage.models import Inbox, Medium, Outbox, Person, Report
from storage.people import dialogue_of
from storage.reports import note_of, part_text, source_of, timeline
from storage.vault import vault_of

CODE = re.compile(r"(?<!\w)[\u0e01-\u0e2e]{1,3}-\d{5,9}(?!\d)")  # of a report
MESSAGES = 10_000  # newest raw messages of a chat, in each direction


def of_person(session: Session, person: Person) -> dict[str, Any]:
    """A person's data. Times are ISO 8601 in UTC; places are WGS 84 degrees."""
    chats, vault = quoting.chats_of(session, [person.id]), vault_of(session)
    name, state = dialogue_of(session, person.id)
    return {
        "person": {
            "id": person.id,
            "since": iso(person.created_at),
            "language": person.language,
            "province": person.province,
            "tambon_code": person.tambon_code,
            "noticed_at": iso(person.noticed_at),
            "news_stopped_at": iso(person.muted_at),
            "paused_at": iso(person.paused_at),
        },
        "accounts": [
            {
                "channel": row.channel,
                "id": vault.open(row.user_sealed, "user"),
                "since": iso(row.created_at),
            }
            for row in holdings.accounts(session, person.id)
        ],
        "reports": [_report(session, row, person.id) for row in holdings.reports(session, person.id)],
        "told_for_others": [_report(session, row, person.id) for row in holdings.relayed(session, person.id)],
        "joined": [
            {"code": code, "at": iso(row.at), "left_at": iso(row.left_at)}
            for row, code in holdings.backed(session, person.id)
        ],
        "forums": [_forum(session, row) for row in holdings.forums(session, person.id)],
        "roles": [
            {
                "role": row.role,
                "province": row.province,
                "agency": row.agency,
                "from": iso(row.granted_at),
                "to": iso(row.revoked_at),
            }
            for row in holdings.roles(session, person.id)
        ],
        "consents": [
            {"kind": row.kind, "version": row.version, "given": row.given, "at": iso(row.at)}
            for row in holdings.consents(session, person.id)
        ],
        "unfinished": {"name": name, "data": state} if name else None,
        "erasures": [
            {"receipt": row.receipt, "asked_at": iso(row.asked_at), "due_at": iso(row.due_at)}
            for row in holdings.erasures(session, person.id)
        ],
        "messages_in": _opened(session, Inbox.payload_sealed, Inbox.chat_key.in_(chats), Inbox.id, "inbox"),
        "messages_out": _told(session, person, chats),
    }


def files_of(session: Session, person_id: int) -> list[tuple[str, Medium]]:
    """The media of a person's own reports that can be had, each with the name that it gets."""
    found = []
    for report in holdings.reports(session, person_id):
        kept = [medium for medium in media.of_report(session, report.id) if medium.state == "kept"]
        found += [(file_name(report, medium), medium) for medium in kept]
    return found


def file_name(report: Report, medium: Medium) -> str:
    """What a medium is called in the file: the report's code, a number, and an ending that its type names."""
    ending = medium.media_type.partition("/")[2].partition(";")[0].partition("+")[0]
    return f"{report.code}-{medium.id}.{ending if ending.isalnum() else 'bin'}"


def iso(at: datetime | None) -> str | None:
    """A time as text."""
    return at.isoformat(timespec="seconds") if at else None


def _report(session: Session, report: Report, person_id: int) -> dict[str, Any]:
    spot = spots.of(session, report)
    return {
        "code": report.code,
        "at": iso(report.created_at),
        "status": report.status,
        "kind": report.kind,
        "category": report.category,
        "urgency": report.urgency,
        "on_behalf": report.on_behalf,
        "rating": report.rating,
        "agency": report.agency,
        "summary": report.summary,
        "masked": report.masked_text,
        "place": {
            "words": spot.words,
            "lat": spot.lat,
            "lng": spot.lng,
            "accuracy": spot.accuracy,
            "label": spot.label,
            "tambon_code": report.tambon_code,
            "amphoe_code": report.amphoe_code,
        },
        "words": [
            {
                "at": iso(part.at),
                "version": part.version,
                "replaced_at": iso(part.removed_at),
                "text": part_text(session, part),
            }
            for part in holdings.parts(session, report.id)
        ],
        "timeline": [
            {"at": iso(event.at), "what": event.kind, "by": event.agency, "text": note_of(session, event)}
            for event in timeline(session, report.id, public_only=False)
            if event.public or event.actor_id == person_id
        ],
        "files": [
            {"name": file_name(report, medium), "kind": medium.kind, "bytes": medium.size, "state": medium.state}
            | ({"heard": vault_of(session).open(medium.heard_sealed, "heard")} if medium.heard_sealed else {})
            for medium in media.of_report(session, report.id)
        ],
        "imported_from": source_of(session, report),
    }


def _forum(session: Session, forum: Any) -> dict[str, Any]:
    return {
        "name": forum.name,
        "place": forum.place,
        "held_on": forum.held_on,
        "headcount": forum.headcount,
        "status": forum.status,
        "items": [
            {"number": item.number, "at": iso(item.at), "text": forums.words_of(session, item)}
            for item in holdings.items(session, forum.id)
        ],
    }


def _opened(session: Session, column: Any, where: Any, key: Any, purpose: str) -> list[Any]:
    newest = select(column).where(where, column.is_not(None)).order_by(key.desc()).limit(MESSAGES)
    opened = [vault_of(session).open_bytes(sealed, purpose) for sealed in session.scalars(newest)]
    return [_plain(one) for one in reversed(opened)]


def _told(session: Session, person: Person, chats: set[bytes]) -> list[Any]:
    """What was said to a person in their chats, but for what speaks of others' reports.

    That is whatever names a code that is not theirs, asks whether theirs is the same, or was said to somebody who was
    in a team just then, unless it is about a report of theirs.
    """
    mine = [*holdings.reports(session, person.id), *holdings.relayed(session, person.id)]
    own = {row.code for row in mine}
    times = [(row.granted_at, row.revoked_at) for row in holdings.roles(session, person.id)]
    columns = select(Outbox.created_at, Outbox.body_sealed).where(Outbox.chat_key.in_(chats))
    newest = columns.where(Outbox.body_sealed.is_not(None)).order_by(Outbox.id.desc()).limit(MESSAGES)
    kept = []
    for at, sealed in session.execute(newest):
        body = vault_of(session).open_bytes(sealed, "outbox")
        said = "\n".join(quoting.in_json(body))
        named = set(CODE.findall(said))
        on_duty = any(start <= at and (end is None or at <= end) for start, end in times)
        if named <= own and (named or not on_duty) and not quoting.SAME.search(said):
            kept.append(_plain(body))
    return kept[::-1]


def _plain(data: bytes) -> Any:
    try:
        return json.loads(data)
    except ValueError:
        return data.decode("utf-8", "replace")
