"""People: found by their account, made at first sight; their roles, consents and what they are in the middle of."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from storage.models import Consent, Dialogue, Identity, Invite, Person, Role
from storage.once import insert_new, put
from storage.vault import vault_of

INVITE_DAYS = 7

# Asked for with every message: a statement that is built once costs half.
_MEET = (
    select(Person, Role, Dialogue.name, Dialogue.data_sealed, Identity.private_at)
    .join(Identity, Identity.person_id == Person.id)
    .outerjoin(Role, (Role.person_id == Person.id) & Role.revoked_at.is_(None))
    .outerjoin(Dialogue, Dialogue.person_id == Person.id)
    .where(Identity.channel == bindparam("channel"), Identity.user_key == bindparam("key"))
    .order_by(Role.id.desc())
)
_DIALOGUE = select(Dialogue.name, Dialogue.data_sealed).where(Dialogue.person_id == bindparam("person"))


def meet(session: Session, channel: str, user: str, now: datetime) -> tuple[Person, list[Role]]:
    """The person behind an account and the roles they hold, newest first; a new one when the account was never seen.

    What they are in the middle of is read along: one look for all that a turn of a conversation begins with.
    """
    vault = vault_of(session)
    key = vault.blind("user", channel, user)
    rows = session.execute(_MEET, {"channel": channel, "key": key}).all()
    if rows:
        person, _, name, sealed, private_at = rows[0]
        _in_private(session)[person.id] = private_at is not None
        _dialogues(session)[person.id] = (name, vault.open(sealed, "dialogue")) if name else ("", "{}")
        return person, [row[1] for row in rows if row[1] is not None]
    person = Person(created_at=now, language="th", province="", tambon_code="")
    session.add(person)
    session.flush()
    identity = {"channel": channel, "user_key": key, "user_sealed": vault.seal(user, "user"), "created_at": now}
    if not insert_new(session, Identity, person_id=person.id, **identity):
        session.delete(person)  # somebody else met them first, in a group and in private at the same moment
        session.flush()
        return meet(session, channel, user, now)
    _dialogues(session)[person.id] = ("", "{}")
    _in_private(session)[person.id] = False
    return person, []


def _in_private(session: Session) -> dict[int, bool]:
    """Who of those met in this session has ever written in private, by person."""
    known: dict[int, bool] = session.info.setdefault("in_private", {})
    return known


def wrote_in_private(session: Session, person_id: int) -> bool:
    """Whether a person met in this session has ever written to us in private, so that a platform lets us write back."""
    return _in_private(session).get(person_id, False)


def note_private(session: Session, person_id: int, channel: str, user: str, now: datetime) -> None:
    """Note that a person wrote in private; written once."""
    if wrote_in_private(session, person_id):
        return
    key = vault_of(session).blind("user", channel, user)
    session.execute(
        update(Identity)
        .where(Identity.channel == channel, Identity.user_key == key, Identity.private_at.is_(None))
        .values(private_at=now)
    )
    _in_private(session)[person_id] = True


def person_of(session: Session, channel: str, user: str, now: datetime) -> Person:
    """The person behind an account; a new one when the account was never seen."""
    return meet(session, channel, user, now)[0]


def account_mark(session: Session, channel: str, user: str) -> str:
    """Eight hexadecimal letters of an account: enough to tell it from others, too few to look anybody up by."""
    return vault_of(session).blind("mark", channel, user)[:4].hex()


def account_of(session: Session, person_id: int) -> tuple[str, str] | None:
    """Channel and platform id by which a person is reached, the newest that is not blocked; None when there is none."""
    row = session.scalar(
        select(Identity)
        .where(Identity.person_id == person_id, Identity.blocked_at.is_(None))
        .order_by(Identity.id.desc())
        .limit(1)
    )
    return None if row is None else (row.channel, vault_of(session).open(row.user_sealed, "user"))


def set_blocked(session: Session, channel: str, user: str, at: datetime | None) -> None:
    """Note that an account blocked us at a time, or, with None, that it came back."""
    key = vault_of(session).blind("user", channel, user)
    session.execute(update(Identity).where(Identity.channel == channel, Identity.user_key == key).values(blocked_at=at))


def roles_of(session: Session, person_id: int) -> list[Role]:
    """The roles a person holds now, newest first."""
    held = select(Role).where(Role.person_id == person_id, Role.revoked_at.is_(None)).order_by(Role.id.desc())
    return list(session.scalars(held))


def holders(session: Session, province: str, roles: Collection[str], *, sensitive: bool) -> list[int]:
    """The people who hold one of these roles in a province; with `sensitive` only those on the roster."""
    wanted = select(Role.person_id).where(Role.role.in_(roles), Role.revoked_at.is_(None))
    if province:
        wanted = wanted.where(Role.province == province)
    if sensitive:
        wanted = wanted.where(Role.sensitive)
    return list(session.scalars(wanted.distinct().order_by(Role.person_id)))


def role_accounts(session: Session, channel: str) -> list[tuple[str, str]]:
    """Platform id and role of everybody who holds one and is reached on a channel; a row for each role."""
    held = (
        select(Identity.user_sealed, Role.role)
        .join(Role, Role.person_id == Identity.person_id)
        .where(Identity.channel == channel, Identity.blocked_at.is_(None), Role.revoked_at.is_(None))
        .order_by(Identity.id, Role.id)
    )
    return [(vault_of(session).open(sealed, "user"), role) for sealed, role in session.execute(held)]


def grant(
    session: Session,
    person_id: int,
    role: str,
    province: str,
    now: datetime,
    *,
    agency: str = "",
    amphoe: str = "",
    sensitive: bool = False,
) -> Role:
    """Give a person a role."""
    row = Role(
        person_id=person_id,
        role=role,
        province=province,
        agency=agency,
        amphoe=amphoe,
        sensitive=sensitive,
        granted_at=now,
    )
    session.add(row)
    session.flush()
    return row


def revoke(session: Session, person_id: int, now: datetime) -> int:
    """End every role of a person at once; returns how many there were."""
    ended = session.execute(
        update(Role).where(Role.person_id == person_id, Role.revoked_at.is_(None)).values(revoked_at=now)
    )
    return int(getattr(ended, "rowcount", 0))


def add_invite(
    session: Session,
    code: str,
    role: str,
    province: str,
    now: datetime,
    *,
    agency: str = "",
    amphoe: str = "",
    sensitive: bool = False,
) -> Invite:
    """Keep a one-use code, by its blind index only, for seven days."""
    row = Invite(
        code_key=vault_of(session).blind("invite", code),
        role=role,
        province=province,
        agency=agency,
        amphoe=amphoe,
        sensitive=sensitive,
        created_at=now,
        expires_at=now + timedelta(days=INVITE_DAYS),
    )
    session.add(row)
    session.flush()
    return row


def find_invite(session: Session, code: str) -> Invite | None:
    """The invite of a code, used or expired ones included."""
    return session.scalar(select(Invite).where(Invite.code_key == vault_of(session).blind("invite", code)))


def use_invite(session: Session, invite_id: int, person_id: int, now: datetime) -> bool:
    """Use an invite once; False when somebody already has, or its days are over."""
    taken = session.execute(
        update(Invite)
        .where(Invite.id == invite_id, Invite.used_at.is_(None), Invite.expires_at > now)
        .values(used_at=now, used_by=person_id)
    )
    return bool(getattr(taken, "rowcount", 0))


def consent(
    session: Session,
    person_id: int,
    kind: str,
    version: str,
    now: datetime,
    *,
    given: bool,
    report_id: int | None = None,
    forum_id: int | None = None,
) -> None:
    """Add a decision about a person's data."""
    session.add(
        Consent(
            person_id=person_id,
            kind=kind,
            version=version,
            given=given,
            at=now,
            report_id=report_id,
            forum_id=forum_id,
        )
    )


def consent_given(session: Session, person_id: int, kind: str) -> bool | None:
    """The newest decision of a kind; None when there was none."""
    decisions = select(Consent.given).where(Consent.person_id == person_id, Consent.kind == kind)
    return session.scalar(decisions.order_by(Consent.id.desc()).limit(1))


def consent_for(session: Session, report_id: int, kind: str) -> bool | None:
    """The newest decision of a kind about a report; None when there was none."""
    decisions = select(Consent.given).where(Consent.report_id == report_id, Consent.kind == kind)
    return session.scalar(decisions.order_by(Consent.id.desc()).limit(1))


def notice_once(session: Session, person: Person, version: str, now: datetime) -> bool:
    """Note that a person is shown the notice; False when they were before, also a moment ago in another chat."""
    if person.noticed_at is not None:
        return False
    first = update(Person).where(Person.id == person.id, Person.noticed_at.is_(None)).values(noticed_at=now)
    if not session.connection().execute(first).rowcount:
        return False
    set_committed_value(person, "noticed_at", now)
    consent(session, person.id, "notice", version, now, given=True)
    return True


def _dialogues(session: Session) -> dict[int, tuple[str, str]]:
    """What this session knows of people's dialogues, so that it asks and opens each once."""
    known: dict[int, tuple[str, str]] = session.info.setdefault("dialogues", {})
    return known


def dialogue_of(session: Session, person_id: int) -> tuple[str, dict[str, Any]]:
    """What a person is in the middle of: its name and data; ('', {}) when nothing. A session asks the database once."""
    known = _dialogues(session)
    if person_id not in known:
        row = session.execute(_DIALOGUE, {"person": person_id}).first()
        known[person_id] = ("", "{}") if row is None else (row[0], vault_of(session).open(row[1], "dialogue"))
    name, data = known[person_id]
    return name, json.loads(data)


def end_dialogue(session: Session, person_id: int) -> None:
    """End whatever a person is in the middle of."""
    session.flush()
    session.execute(delete(Dialogue).where(Dialogue.person_id == person_id))
    _dialogues(session)[person_id] = ("", "{}")


def set_dialogue(session: Session, person_id: int, name: str, data: Mapping[str, Any], now: datetime) -> None:
    """Put a person in the middle of something; an empty name ends it."""
    known = _dialogues(session)
    if not name:
        if dialogue_of(session, person_id)[0]:
            end_dialogue(session, person_id)
        return
    said = json.dumps(data, ensure_ascii=False)
    sealed = vault_of(session).seal(said, "dialogue")
    put(session, Dialogue, {"person_id": person_id}, {"name": name, "data_sealed": sealed, "updated_at": now})
    known[person_id] = (name, said)
