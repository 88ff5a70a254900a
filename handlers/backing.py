""" "Me too": a household joins a report that somebody else told first, hears its news, and may step back."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session

from handlers import asking, officers
from handlers.messages import Button, Reply, Row
from handlers.turn import Turn, card, spoken
from handlers.wording import category_name, core_name, heading, place_name, status_name
from storage import backing, closings, people, reports
from storage.models import Report

SHOWN = 5  # of a timeline, and of other tellings
# Lines of a timeline that say how a matter stands, and not what somebody said or sent.
STEPS = (
    *("received", "accepted", "in_progress", "proposed", "closed_confirmed", "closed_unconfirmed", "reopened"),
    *("not_ours", "cannot", "asked_again", "duplicate", "cancelled"),
)


def yes(turn: Turn) -> list[Reply]:
    """It is the same: the household stands behind the other report, and its own words stay its own."""
    own, other = _own(turn), reports.by_id(turn.session, turn.number(1))
    if own is None or other is None:
        return [turn.reply("oops.not_yours", turn.word("new"), turn.word("status"))]
    return join(turn, own, other)


def join(turn: Turn, own: Report, other: Report) -> list[Reply]:
    """Let one's own report join another, or the one that the other joined meanwhile; twice changes nothing."""
    _answered(turn)
    found = backing.head(turn.session, other)
    if found is None:
        return _stands(turn, own, "backing.over")
    backing.lock(turn.session, own, found)
    found = backing.head(turn.session, found) or found  # as it is now that nobody else can change it
    if own.status == "duplicate":
        joined = backing.head(turn.session, own)
        return [_counted(turn, own, joined)] if joined is not None else _stands(turn, own, "backing.over")
    if found.id == own.id:  # the other joined this one
        return [turn.reply("backing.yours", turn.word("status"), households=_count(turn, own), code=own.code)]
    if own.private or own.status in reports.CLOSED:
        return [turn.reply("ask.skipped", turn.word("new"), turn.word("status"), code=own.code)]
    if own.status != "received":
        return [turn.reply("backing.held", turn.word("status"), code=own.code)]
    if not _open(turn, found):
        return _stands(turn, own, "backing.over")
    own.status, own.duplicate_of_id, own.updated_at = "duplicate", found.id, turn.now
    reports.add_event(turn.session, own.id, "joined", turn.now, actor_id=turn.person.id)
    reports.add_event(turn.session, found.id, "backed", turn.now)  # by whom, its reporter is not told
    backing.settle(turn.session, found, _households_of(turn, own), turn.now)
    return [_counted(turn, own, found)]


def no(turn: Turn) -> list[Reply]:
    """It is another matter, or it turned out to be: the report stands alone, and what is still open of it is asked."""
    own = _own(turn)
    if own is None:
        return [turn.reply("oops.not_yours", turn.word("new"), turn.word("status"))]
    return part(turn, own)


def part(turn: Turn, own: Report) -> list[Reply]:
    """Let a report stand alone again."""
    _answered(turn)
    by_staff = closings.actors(turn.session, own.id, ("duplicate",))[:1] if own.closed_at else []
    told = officers.tell(turn, own, by_staff, "closing.staff_parted") if leave(turn, own) else []
    return [*_stands(turn, own, "backing.apart"), *told]


def leave(turn: Turn, own: Report) -> bool:
    """Part a report from the one that it joined, and say nothing; whether it had joined one."""
    joined = reports.by_id(turn.session, own.duplicate_of_id) if own.duplicate_of_id else None
    if own.status != "duplicate" or joined is None:
        return False
    top = backing.head(turn.session, joined) or joined
    backing.lock(turn.session, *{each.id: each for each in (own, top)}.values())
    own.status, own.duplicate_of_id, own.updated_at, own.agency, own.closed_at = "received", None, turn.now, "", None
    reports.add_event(turn.session, own.id, "parted", turn.now, actor_id=turn.person.id)
    for each in {joined.id: joined, top.id: top}.values():
        backing.settle(turn.session, each, _households_of(turn, own), turn.now)
        reports.add_event(turn.session, each.id, "unbacked", turn.now, public=False)
    return True


def worded(turn: Turn, own: Report, other: Report | None) -> list[Reply] | None:
    """An answer in words instead of a tap; None when it is something else, which the question then does not stop."""
    said = turn.incoming.text.strip().rstrip(".!").casefold()
    for ending in ("", *turn.desk.texts.polite):
        plain = said.removesuffix(ending).strip()
        if plain in turn.say("backing.words_yes").split("|") and other is not None:
            return join(turn, own, other)
        if plain in turn.say("backing.words_no").split("|"):
            return part(turn, own)
    return None


def joint(turn: Turn, report: Report) -> Report | None:
    """The report that one's own has joined and that can still be looked at; None when it stands alone."""
    return joint_of(turn.session, report)


def joint_of(session: Session, report: Report) -> Report | None:
    """The same, where nobody has spoken."""
    found = backing.head(session, report) if report.status == "duplicate" else None
    gone = found is None or found.id == report.id or found.erased_at is not None or found.status == "cancelled"
    return None if gone else found


def row(turn: Turn, report: Report) -> Row | None:
    """A report that joined another as a line of one's own list, with the other's status; None for one that did not."""
    other = joint(turn, report)
    if other is None:
        return None
    stands = turn.say("backing.stands", status=stands_as(turn, other), households=_count(turn, other))
    value = " — ".join((stands, heading(turn.desk, report, turn.lang)))
    return Row(f"{report.code} · {turn.date(report.created_at)}", value, turn.desk.postback("rep.show", report.id))


def view(turn: Turn, report: Report) -> Reply | None:
    """A report that joined another: its own words, and how the joint matter stands; None for one that did not.

    Of the other nothing is shown but its masked summary, where that is about no person, its category and tambon, and
    how it went on.
    """
    other = joint(turn, report)
    if other is None:
        return None
    told = backing.readable(turn.session, other)
    harmless = turn.desk.reader.harmless(other.summary)
    words = other.summary if harmless else core_name(turn.desk, other.category, turn.lang)
    rows = [
        (turn.say("backing.own"), heading(turn.desk, report, turn.lang)),
        (turn.say("backing.joint"), words if told else ""),
        (turn.say("receipt.category"), category_name(turn.desk, other, turn.lang) if told else ""),
        (turn.say("receipt.place"), place_name(turn.session, turn.desk, other, turn.lang, exact=False) if told else ""),
        (turn.say("status.now"), stands_as(turn, other)),
        (turn.say("backing.together"), _count(turn, other)),
    ]
    lines = reports.timeline(turn.session, other.id, public_only=True) if told else []
    steps = [each for each in lines if each.kind in STEPS]
    rows += [(turn.date(each.at), f"{turn.say(f'event.{each.kind}')} {each.agency}".strip()) for each in steps[-SHOWN:]]
    whole = card(report.code, rows, "case")
    page = turn.desk.page_url(report.id)
    tracking = (Button(turn.say("button.page"), url=page),) if page else ()
    add = turn.press("add", "rep.add", report.id)
    buttons = (_undo(turn, report), add, turn.word("new"), turn.word("status"), *tracking)
    return Reply(spoken(whole), card=whole, buttons=buttons)


def stands_as(turn: Turn, head: Report, *, yours: bool = False) -> str:
    """How a joint matter stands; who holds one that must not be told of is not said."""
    return status_name(turn.desk, head, turn.lang, yours=yours, holder=backing.readable(turn.session, head))


def case_row(turn: Turn, report: Report) -> tuple[str, str]:
    """How many households a case speaks for, as a card's row; no value where it is one alone."""
    return turn.say("backing.together"), _count(turn, report) if _households(turn, report) > 1 else ""


def case_buttons(turn: Turn, report: Report, may_see: Callable[[Turn, Report], object]) -> tuple[Button, ...]:
    """Buttons of a case card: the other tellings of the matter, or, on one of those, the report that it joined."""
    if found := joint(turn, report):
        return (turn.press("telling", "case", found.id, code=found.code),) if may_see(turn, found) else ()
    others = [each for each in backing.tellings(turn.session, report.id) if may_see(turn, each)]
    return tuple(turn.press("telling", "case", each.id, code=each.code) for each in others[-SHOWN:])


def _own(turn: Turn) -> Report | None:
    """The report of a button, where the one who pressed it told it themselves."""
    report = reports.by_id(turn.session, turn.number())
    return report if report and report.teller_id == turn.person.id and report.erased_at is None else None


def _open(turn: Turn, other: Report) -> bool:
    """Whether a neighbour can join a report: they may read it, and nobody says that it is over."""
    return backing.readable(turn.session, other) and other.status not in (*reports.CLOSED, "proposed")


def _households_of(turn: Turn, report: Report) -> list[int | None]:
    """Who comes or goes with a report: who told it, and who stands behind it."""
    return [report.teller_id, *(each.person_id for each in backing.of_report(turn.session, report.id))]


def _households(turn: Turn, report: Report) -> int:
    return backing.households(turn.session, report.id)


def _count(turn: Turn, report: Report) -> str:
    return turn.say("backing.households", count=_households(turn, report))


def _undo(turn: Turn, own: Report) -> Button:
    return turn.press("not_same_now", "same.undo", own.id)


def _counted(turn: Turn, own: Report, other: Report) -> Reply:
    return turn.reply("backing.joined", _undo(turn, own), turn.word("status"), households=_count(turn, other))


def _stands(turn: Turn, own: Report, key: str) -> list[Reply]:
    """The report stands alone: say so, and ask what joining would have settled."""
    said = turn.reply(key, turn.word("new"), turn.word("status"), code=own.code)
    if own.status != "received" or own.private:
        return [said]
    question, buttons = asking.unsettled(turn, own, None, elsewhere=False)
    return [turn.reply(key, code=own.code), Reply(question, buttons=buttons)] if question else [said]


def _answered(turn: Turn) -> None:
    if people.dialogue_of(turn.session, turn.person.id)[0] == "ask":
        people.set_dialogue(turn.session, turn.person.id, "", {}, turn.now)
