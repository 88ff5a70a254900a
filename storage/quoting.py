"""What repeats words that are to be forgotten: answers not yet sent or kept to be read, edits, half-finished dialogues.

They lie sealed, so that nothing finds them but opening what is still there. How much is opened has a bound, the newest
first; on a platform's channel a parcel's body goes once it is sent, so little is there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from storage.models import Backing, Dialogue, ForumItem, Identity, Inbox, Medium, Outbox, Report, ReportPart, Role
from storage.people import end_dialogue
from storage.vault import SealBroken, vault_of

PARCELS = 50_000  # newest outbox rows among which bodies are looked for
BODIES, EVENTS, DIALOGUES, STAFF = 5_000, 500, 5_000, 2_000  # rows that are opened at most
LONG = 8  # letters from which words by themselves tell that a text quotes them
PIECE = 4  # letters from which a piece of them does, beside the report's code
START = 40  # letters: a channel shortens what is longer
SAME = re.compile(r"\bsame\.yes:\d{1,18}:(\d{1,18})\b")  # a yes to "is it the same?": one's own report, and the other


@dataclass(frozen=True, slots=True)
class Quoted:
    """What is to be forgotten: whole texts, and the codes and row ids of the reports that they stood in.

    `left` is what the reports still say and may be repeated. Where `all_of_it`, everything that names a code goes.
    """

    texts: tuple[str, ...]
    codes: tuple[str, ...] = ()
    reports: tuple[int, ...] = ()
    left: str = ""
    all_of_it: bool = False

    def wholes(self) -> list[str]:
        """Texts that are long enough to be known again by themselves: their start, or, where that stays, all."""
        long = [text.strip() for text in self.texts if len(text.strip()) >= LONG]
        lines = [line.strip() for text in long for line in text.splitlines() if len(line.strip()) >= LONG]
        told = [one[:START] if one[:START] not in self.left else one for one in dict.fromkeys([*long, *lines])]
        return [one for one in told if one not in self.left]

    def pieces(self) -> list[str]:
        """Parts of the texts that tell, beside a code, that they are quoted."""
        words = (word for text in self.texts for word in text.split())
        return [word for word in dict.fromkeys(words) if len(word) >= PIECE and word not in self.left]

    def named(self, said: str) -> bool:
        """Whether something speaks of one of the reports and repeats what is to be forgotten."""
        if not any(code in said for code in self.codes):
            return False
        return self.all_of_it or any(piece in said for piece in self.pieces())

    def asked(self, said: str) -> bool:
        """Whether something asks a neighbour if theirs is the same, and so repeats the summary of one of the reports.

        It names the neighbour's own code only: the button of its yes tells which report it asks about.
        """
        if not any(found in self.reports for found in map(int, SAME.findall(said))):
            return False
        return self.all_of_it or any(piece in said for piece in self.pieces())

    def repeated(self, said: str) -> bool:
        """Whether something repeats one of the texts."""
        return any(whole in said for whole in self.wholes())


def strings(value: Any) -> Iterator[str]:
    """Every text in what was JSON."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from strings(one)
    elif isinstance(value, dict):
        for one in value.values():
            yield from strings(one)


def in_json(data: bytes) -> list[str]:
    """Every text in JSON; none in anything else."""
    try:
        return list(strings(json.loads(data)))
    except ValueError:
        return []


def texts_of_message(session: Session, key: bytes) -> list[str]:
    """Everything in which a message's words lie: its event, its parts in every version, its items, what was heard."""
    found: list[str] = []
    for payload in session.scalars(select(Inbox.payload_sealed).where(Inbox.message_key == key)):
        if payload is not None:
            # Ids of platforms are one word of ASCII letters; what people say seldom is.
            texts = in_json(_opened(session, payload, "inbox"))
            found += [one for one in texts if not one.isascii() or " " in one.strip()]
    columns = (
        (select(ReportPart.text_sealed).where(ReportPart.message_key == key), "text"),
        (select(ForumItem.text_sealed).where(ForumItem.message_key == key), "text"),
        (select(Medium.heard_sealed).where(Medium.message_key == key), "heard"),
    )
    for statement, purpose in columns:
        for sealed in session.scalars(statement):
            if sealed is not None and (said := _opened(session, sealed, purpose)):
                found.append(said.decode("utf-8", "replace"))
    return list(dict.fromkeys(found))


def _opened(session: Session, sealed: bytes, purpose: str) -> bytes:
    try:
        return vault_of(session).open_bytes(sealed, purpose)
    except SealBroken:  # nothing that another key sealed may stand in the way of forgetting the rest
        return b""


def chats_of(session: Session, person_ids: Collection[int]) -> set[bytes]:
    """The private chats of some people, as the outbox knows them."""
    vault = vault_of(session)
    rows = session.execute(select(Identity.channel, Identity.user_sealed).where(Identity.person_id.in_(person_ids)))
    return {vault.blind("chat", channel, vault.open(sealed, "user")) for channel, sealed in rows}


def chats_of_team(session: Session) -> set[bytes]:
    """The private chats of everybody who reads what others tell."""
    held = select(Role.person_id).where(Role.revoked_at.is_(None)).distinct().limit(STAFF)
    return chats_of(session, list(session.scalars(held)))


def blank_joint(session: Session, quoted: Quoted) -> int:
    """Take what is to be forgotten from the chats of those who stand or stood behind the reports; how many parcels.

    They were shown the summary under a code of their own; what repeats their own words stays.
    """
    blanked = 0
    for person_id in set(session.scalars(select(Backing.person_id).where(Backing.report_id.in_(quoted.reports)))):
        told = select(ReportPart).join(Report, Report.id == ReportPart.report_id).where(Report.reporter_id == person_id)
        own = [_opened(session, part.text_sealed or b"", "text").decode() for part in session.scalars(told)]
        theirs = replace(quoted, codes=(), reports=(), left="\n".join((quoted.left, *own)))
        if theirs.wholes():
            blanked += blank_answers(session, theirs, chats_of(session, [person_id]))
    return blanked


def blank_answers(session: Session, quoted: Quoted, chats: Collection[bytes]) -> int:
    """Take the body from every parcel that repeats what is to be forgotten; how many those are.

    In the chats given the words alone tell; in all others only together with a report's code. A parcel without a
    body has nothing left to say and is settled without being sent.
    """
    floor = (session.scalar(select(func.max(Outbox.id))) or 0) - PARCELS
    kept = (
        select(Outbox.id, Outbox.chat_key, Outbox.body_sealed)
        .where(Outbox.body_sealed.is_not(None), Outbox.id > floor)
        .order_by(Outbox.id.desc())
        .limit(BODIES)
    )
    ids = []
    for row_id, chat, sealed in session.execute(kept):
        said = "\n".join(in_json(_opened(session, sealed or b"", "outbox")))
        if quoted.named(said) or quoted.asked(said) or (chat in chats and quoted.repeated(said)):
            ids.append(row_id)
    _blank(session, ids)
    return len(ids)


def _blank(session: Session, ids: list[int]) -> None:
    for first in range(0, len(ids), 500):
        some = update(Outbox).where(Outbox.id.in_(ids[first : first + 500]))
        session.execute(some.values(body_sealed=None))


def blank_events(session: Session, chat_key: bytes, texts: Iterable[str]) -> int:
    """Take the payload from a chat's handled events that repeat a text, such as edits of a message; how many."""
    wanted = {text.strip() for text in texts}
    rows = session.execute(
        select(Inbox.id, Inbox.payload_sealed)
        .where(Inbox.chat_key == chat_key, Inbox.state != "waiting", Inbox.payload_sealed.is_not(None))
        .order_by(Inbox.id.desc())
        .limit(EVENTS)
    )
    ids = [
        row_id
        for row_id, sealed in rows
        if wanted.intersection(text.strip() for text in in_json(_opened(session, sealed or b"", "inbox")))
    ]
    session.execute(update(Inbox).where(Inbox.id.in_(ids)).values(payload_sealed=None))
    return len(ids)


def blank_dialogues(session: Session, quoted: Quoted, person_id: int) -> int:
    """End every dialogue that holds words to be forgotten, or, where all goes, that is about the report; how many."""
    ended = 0
    newest = select(Dialogue).order_by(Dialogue.updated_at.desc()).limit(DIALOGUES)
    for row in list(session.scalars(newest)):
        data = json.loads(_opened(session, row.data_sealed, "dialogue") or b"{}")
        said = "\n".join(strings(data))
        about = data.get("report") in quoted.reports
        own = row.person_id == person_id and any(text.strip() == said.strip() for text in quoted.texts)
        quotes = about and any(piece in said for piece in quoted.pieces())
        # Whether theirs is the same as something that is no more.
        asked = data.get("other") in quoted.reports and (quoted.all_of_it or not quoted.left.strip())
        if own or quotes or asked or quoted.repeated(said) or (about and quoted.all_of_it):
            end_dialogue(session, row.person_id)
            for chat in chats_of(session, [row.person_id]):
                blank_events(session, chat, strings(data))  # the message in which they wrote it
            ended += 1
    return ended
