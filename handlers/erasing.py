"""Erasing a person: asked for once more, done at once, with a receipt and the day by which backups are gone too."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from handlers import later, left_behind
from handlers.desk import Desk
from handlers.messages import Recipient, Reply
from handlers.owning import own_button, presses
from handlers.people import menu_for
from handlers.standing import release
from handlers.turn import Turn
from storage import erasing, holdings, inbox, paused, people, reports
from storage.models import Erasure, Person

TIMER = "erase"
RECEIPT_STAYS = timedelta(days=1)  # for the platform to deliver it, whatever trouble there is meanwhile
# Names of timers whose subject is the id of a report, and of a person: they go with what they are about.
REPORT_TIMERS = ("close", "nudge", "medium")
# Buttons whose first argument is a report: the action itself, or how it begins.
ABOUT_REPORTS = ("case", "case.", "rep.", "end.", "key.", "same.", "me.knows")
NOT_ABOUT_REPORTS = ("rep.split", "case.drop")


def ask(turn: Turn) -> list[Reply]:
    """Say what goes and what stays, and ask once."""
    if not own_button(turn):
        return not_own(turn)
    held = holdings.held(turn.session, turn.person.id)
    return [
        turn.reply(
            "erase.ask",
            presses(turn, "erase_all", "me.gone"),
            presses(turn, "erase_keep", "me.keep"),
            reports=held.reports,
            files=held.files,
        )
    ]


def keep(turn: Turn) -> list[Reply]:
    """Do not erase."""
    return [turn.reply("erase.kept", turn.word("data"))] if own_button(turn) else not_own(turn)


def do(turn: Turn) -> list[Reply]:
    """Erase everything about the person who speaks; a second press tells that it is done."""
    if not own_button(turn):
        return not_own(turn)
    lang = turn.lang
    event = inbox.row_of(turn.session, turn.incoming.channel, turn.incoming.event_id)
    done = erase(turn.desk, turn.session, turn.person.id, turn.now, inbox_id=event or 0)
    if done is None:
        return not_own(turn)
    erasure, news = done
    receipt = said(turn, lang, "erase.done", erasure)
    return [replace(receipt, menu=menu_for(())) if turn.roles else receipt, *news]


def said(turn: Turn, lang: str, key: str, erasure: Erasure) -> Reply:
    """The receipt."""
    texts = turn.desk.texts
    receipt, due = receipt_of(turn.desk, lang, erasure), turn.date(erasure.due_at)
    return Reply(texts.say(lang, key, receipt=receipt, date=due))


def receipt_of(desk: Desk, lang: str, erasure: Erasure) -> str:
    """A receipt's number as it is said."""
    return desk.texts.say(lang, "erase.receipt", number=erasure.receipt)


def not_own(turn: Turn) -> list[Reply]:
    """A button of somebody else's, or of the time before this person was erased."""
    owner = turn.session.get(Person, turn.number())
    erasure = erasing.newest_of(turn.session, owner.id) if owner and owner.erased_at else None
    if erasure is not None and own_button(turn, erased=True):
        return [said(turn, turn.lang, "erase.done_already", erasure)]
    return [turn.reply("erase.not_yours", turn.word("data"))]


def erase(
    desk: Desk, session: Session, person_id: int, now: datetime, *, inbox_id: int | None
) -> tuple[Erasure, list[Reply]] | None:
    """Erase a person; the request with its receipt, and news to others. None for one who is erased already.

    `inbox_id`: the row of the event that asks, 0 where it was not kept; None: a command asks, and what still waits
    in their chats goes too.
    """
    session.flush()
    erasure = erasing.take(session, person_id, now)
    if erasure is None:
        return None
    gone = erasing.reports_of(session, person_id)
    menu = _menu_back(session, person_id) if inbox_id is None else []
    # Of what was confirmed as solved nobody needs a report anew.
    freed = (row for row in gone if row.status != "closed_confirmed")
    news = [reply for row in freed for reply in release(desk, session, row, now, was=row.status)]
    keys = [f"{name}{later.SEPARATOR}{row.id}" for name in REPORT_TIMERS for row in gone]
    erasing.timers(session, keys)
    erasing.person(session, person_id, now, inbox_id=inbox_id)
    later.remind(session, TIMER, f"{erasure.id}.{inbox_id or 0}", now + RECEIPT_STAYS)
    return erasure, [*news, *menu]


def _menu_back(session: Session, person_id: int) -> list[Reply]:
    """Whoever held a role had its menu below their chat: they get the villagers' one, and nothing is said."""
    account = people.account_of(session, person_id) if people.roles_of(session, person_id) else None
    return [Reply("", menu=menu_for(()), to=Recipient(*account))] if account else []


def finish(desk: Desk, session: Session, subject: str, now: datetime) -> list[Reply]:
    """The timer: the receipt was delivered or never will be; it goes too, with all that came in between."""
    del desk
    erasure_id, _, inbox_id = subject.partition(".")
    erasure = session.get(Erasure, int(erasure_id))
    if erasure is not None and erasure.done_at is None:
        erasing.last_traces(session, erasure, int(inbox_id or 0), now)
    return []


def gone(turn: Turn, action: str) -> list[Reply] | None:
    """The answer to a button of a report that was erased or whose owner paused; None for every other button."""
    about = any(action == one or (one.endswith(".") and action.startswith(one)) for one in ABOUT_REPORTS)
    report = reports.by_id(turn.session, turn.number()) if about and action not in NOT_ABOUT_REPORTS else None
    if report is None:
        return None
    if kept := left_behind.kept_button(turn, report, action):
        return kept
    if report.erased_at is not None:
        return [turn.reply("erase.gone", turn.word("new"))]
    if action.startswith(("case", "end.")) and paused.rests(turn.session, report) and turn.staff:
        return [turn.reply("privacy.resting", turn.word("queue"))]
    return None
