"""How staff end a case: they say that it is solved, and somebody else confirms; or why nothing will be done."""

from __future__ import annotations

from handlers import case, keyholders, silence, status, team
from handlers.desk import Desk
from handlers.keyholders import Holder
from handlers.messages import Button, Reply
from handlers.queue import agency_of
from handlers.turn import Turn
from handlers.wording import status_name
from storage import audit, backing, closings, paused, people, reports
from storage.models import Report, Role

WORKED_ON = ("accepted", "in_progress")
ENDS = {"proposed": WORKED_ON, "not_ours": closings.OPEN, "cannot": closings.OPEN, "duplicate": closings.OPEN}
NO_END = ("duplicate", "cancelled")  # what stands so cannot speak for another report


def other(turn: Turn) -> list[Reply]:
    """The ends that are no solution."""
    found = case.opened(turn)
    if found is None:
        return [turn.reply("oops.not_your_case", turn.word("queue"))]
    report = found[0]
    if report.status not in closings.OPEN:
        return [case.shown(turn, report)]
    ways = (
        turn.press("end_not_ours", "end.not", report.id),
        turn.press("end_cannot", "end.cannot", report.id),
        turn.press("end_duplicate", "end.dup", report.id),
        turn.press("open_case", "case", report.id),
    )
    return [turn.reply("closing.other", *ways, code=report.code)]


def propose(turn: Turn) -> list[Reply]:
    """Ask what was done: whoever told it reads these words."""
    return _ask(turn, "proposed")


def not_ours(turn: Turn) -> list[Reply]:
    """Ask why it is nobody's duty here."""
    return _ask(turn, "not_ours")


def cannot(turn: Turn) -> list[Reply]:
    """Ask why it cannot be done."""
    return _ask(turn, "cannot")


def duplicate(turn: Turn) -> list[Reply]:
    """Ask which report told the same before."""
    return _ask(turn, "duplicate")


def _ask(turn: Turn, act: str) -> list[Reply]:
    found = case.opened(turn)
    if found is not None and found[0].status not in ENDS[act]:
        return [case.shown(turn, found[0])]
    return case.ask_words(turn, act, f"closing.ask_{act}")


def wants_code(turn: Turn) -> bool:
    """Whether a code that comes now answers which report told the same before."""
    name, data = people.dialogue_of(turn.session, turn.person.id)
    return not turn.incoming.group and name == "case" and data.get("act") == "duplicate"


def which(turn: Turn) -> list[Reply] | None:
    """Take a message as the code of the report that told the same before; None when none was asked for."""
    if not wants_code(turn):
        return None
    _, data = people.dialogue_of(turn.session, turn.person.id)
    report = reports.by_id(turn.session, int(data["report"]))
    found = case.may_see(turn, report) if report else None
    if found is None or paused.rests(turn.session, found[0]):
        return case.refused(turn, found is not None)
    drop = turn.press("never_mind", "case.drop")
    first = _named(turn)
    if first is None:
        return [turn.reply("closing.no_such", drop)]
    if refused := _unfit(turn, found[0], first):
        return [Reply(refused, buttons=(drop,))]
    people.set_dialogue(turn.session, turn.person.id, "case", {**data, "text": first.code}, turn.now)
    send_it = turn.press("send", "end.send", found[0].id, "duplicate")
    code = found[0].code
    return [turn.reply("closing.confirm_duplicate", send_it, drop, code=code, other=first.code, text=first.summary)]


def _named(turn: Turn) -> Report | None:
    """The report whose code was written, if the person may see it."""
    code = status.code_in(turn.incoming.text)
    seen = (case.may_see(turn, row) for row in status.by_code(turn, *code)) if code else ()
    return next((one[0] for one in seen if one), None)


def _unfit(turn: Turn, report: Report, first: Report) -> str:
    """Why a report cannot be the one that told the same before; '' when it can."""
    if first.id == report.id:
        return turn.say("closing.itself", code=report.code)
    if first.province != report.province:
        return turn.say("closing.elsewhere", other=first.code)
    if paused.rests(turn.session, first):
        return turn.say("privacy.resting")
    if first.private or not backing.readable(turn.session, first):
        return turn.say("closing.secret", other=first.code)
    if first.status in NO_END:
        return turn.say("closing.no_end", other=first.code, status=status_name(turn.desk, first, turn.lang))
    return ""


def send(turn: Turn) -> list[Reply]:
    """End the case with the words that were shown once more."""
    act = turn.args[1] if len(turn.args) > 1 else ""
    found = case.taken(turn, act) if act in ENDS else None
    if found is None:
        return [turn.reply("oops.button", turn.word("queue"))]
    report, role, text = found
    if act == "duplicate":
        return _joined(turn, report, role, text)
    agency = agency_of(turn, role)
    said = {"proposed_at": turn.now, "proposed_by_id": turn.person.id} if act == "proposed" else {"closed_at": turn.now}
    if not closings.move(turn.session, report, act, ENDS[act], turn.now, agency=agency, **said):
        return [case.shown(turn, report)]
    _written(turn, report, act, agency, text)
    if act == "proposed":
        silence.begin(turn.session, report, turn.now)
        keyholders.listen(turn.session, report, turn.now, turn.person.id, turn.person.id)

    def make(desk: Desk, lang: str, one: Holder) -> Reply:
        # Phones are shared: of a secret matter nothing is repeated until somebody opens it.
        hidden = report.private or (report.sensitive is not None and not one.told)
        quote = "" if hidden else f" {desk.texts.say(lang, 'closing.quote', text=text)}"
        who = team.named_to(turn.session, desk, report, agency, one)
        said = desk.texts.say(lang, f"closing.told_{act}", code=one.code, team=who, quote=quote)
        return keyholders.news(desk, lang, report, one, said, turn.now)

    told = keyholders.tell(turn.session, turn.desk, report, make, turn.person.id)
    key = f"closing.done_{act}" if told else f"closing.nobody_{act}"
    return [turn.reply(key, turn.word("queue"), code=report.code), *told]


def _written(turn: Turn, report: Report, act: str, agency: str, note: str = "") -> None:
    reports.add_event(turn.session, report.id, act, turn.now, actor_id=turn.person.id, agency=agency, note=note)
    audit.note(turn.session, f"case.{act}", "report", turn.now, actor_id=turn.person.id, subject_id=report.id)


def _joined(turn: Turn, report: Report, role: Role, code: str) -> list[Reply]:
    """Let everybody who stands for a report stand behind the one that told the same before."""
    first = reports.by_code(turn.session, code)
    if first is None or case.may_see(turn, first) is None:
        return [turn.reply("closing.no_such", turn.word("queue"))]
    backing.lock(turn.session, report, first)
    if refused := _unfit(turn, report, first):
        return [Reply(refused, buttons=(turn.word("queue"),))]
    agency = agency_of(turn, role)
    values = {"agency": agency, "closed_at": turn.now, "duplicate_of_id": first.id}
    if not closings.move(turn.session, report, "duplicate", ENDS["duplicate"], turn.now, **values):
        return [case.shown(turn, report)]
    _written(turn, report, "duplicate", agency)

    def make(desk: Desk, lang: str, one: Holder) -> Reply:
        look = Button(desk.texts.say(lang, "button.look"), postback=desk.postback("rep.show", one.report_id))
        said = desk.texts.say(lang, "closing.told_duplicate", code=one.code)
        return Reply(said, buttons=(look,) if one.report_id else ())

    told = keyholders.tell(turn.session, turn.desk, report, make, turn.person.id)
    _move_over(turn, report, first)
    return [turn.reply("closing.done_duplicate", turn.word("queue"), code=report.code, other=first.code), *told]


def _move_over(turn: Turn, report: Report, first: Report) -> None:
    """Who told it and who stood behind it stand behind the first report now, and so does what was joined to it."""
    behind = [(row.person_id, row.own_id) for row in backing.of_report(turn.session, report.id)]
    for person_id, _ in behind:
        backing.leave(turn.session, report.id, person_id, turn.now)
    for person_id, own_id in [*([(report.teller_id, report.id)] if report.teller_id else []), *behind]:
        if person_id not in (first.reporter_id, first.relayed_by_id):
            backing.join(turn.session, first.id, person_id, own_id, turn.now)
    for one in backing.tellings(turn.session, report.id):
        one.duplicate_of_id = first.id
