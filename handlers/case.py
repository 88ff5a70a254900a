"""One case in an officer's hands: read, accept, review its summary, reply."""

from __future__ import annotations

from handlers import backing, keyholders, privacy, team
from handlers.desk import Desk
from handlers.enclosed import attached_rows, openers
from handlers.keyholders import Holder
from handlers.messages import Button, Reply
from handlers.officers import role_for
from handlers.queue import COORDINATING, agency_of
from handlers.turn import Turn, card, spoken
from handlers.wording import category_name, place_name, status_name
from storage import audit, closings, forums, media, paused, people, reports
from storage.models import Person, Report, Role

TO_BE_OPENED = "news.answered_secret"
BEFORE = {"accepted": ("received",), "in_progress": ("received", "accepted")}


def opened(turn: Turn) -> tuple[Report, Role] | None:
    """The report of a button and the role by which the person may see it; None when they may not."""
    report = reports.by_id(turn.session, turn.number())
    return may_see(turn, report) if report else None


def may_see(turn: Turn, report: Report) -> tuple[Report, Role] | None:
    """A report and the role by which the person may see it: of its area, and on the roster where needed."""
    role = role_for(turn.roles, report)
    return (report, role) if role else None


def show(turn: Turn) -> list[Reply]:
    """Open a case. Who opened it is written down."""
    found = opened(turn)
    return [turn.reply("oops.not_your_case", turn.word("queue"))] if found is None else [shown(turn, found[0])]


def shown(turn: Turn, report: Report) -> Reply:
    """The case card: what was understood and by which words, who holds it, and what can be done."""
    if paused.rests(turn.session, report):
        return turn.reply("privacy.resting", turn.word("queue"))
    audit.note(turn.session, "case.seen", "report", turn.now, actor_id=turn.person.id, subject_id=report.id)
    rows = [
        (turn.say("case.summary"), report.summary),
        (turn.say("case.words"), report.masked_text if report.masked_text.strip() != report.summary.strip() else ""),
        (turn.say("receipt.category"), category_name(turn.desk, report, turn.lang)),
        (turn.say("case.because"), ", ".join(str(word) for word in report.evidence[:6])),
        (turn.say("receipt.place"), _where(turn, report)),
        (turn.say("case.urgency"), turn.say(f"urgency.{report.urgency}")),
        (turn.say("case.came"), f"{_came(turn, report)} {turn.date(report.created_at)}"),
        (turn.say("status.now"), status_name(turn.desk, report, turn.lang)),
        (turn.say("case.review"), turn.say(f"review.{report.review}")),
        backing.case_row(turn, report),
        (turn.say("privacy.health"), privacy.health_word(turn, report)),
    ]
    for event in reports.timeline(turn.session, report.id, public_only=False)[-5:]:
        if note := reports.note_of(turn.session, event):
            key = f"event.{event.kind}"
            rows.append((turn.say(key) if turn.desk.texts.has(key) else event.kind, note))
    attached = media.of_report(turn.session, report.id)
    rows += attached_rows(turn, report, attached)
    pictures = [turn.desk.file_url(m.id) for m in attached if m.state == "kept" and m.kind == "photo"]
    shown_card = card(report.code, rows, "hotline" if report.urgency == "emergency" else "case")
    image = pictures[0] if pictures else ""
    buttons = (*backing.case_buttons(turn, report, may_see), *actions(turn, report), *openers(turn, attached))
    return Reply(spoken(shown_card), card=shown_card, buttons=buttons, image=image)


def _where(turn: Turn, report: Report) -> str:
    exact = not report.hidden
    return place_name(turn.session, turn.desk, report, turn.lang, exact=exact, numbers=exact)


def _came(turn: Turn, report: Report) -> str:
    forum = forums.forum(turn.session, report.forum_id) if report.forum_id else None
    if forum is not None:
        return turn.say("case.forum", name=forum.name or turn.say("forum.unnamed"))
    if report.on_behalf:
        return turn.say("case.for_house")
    return turn.say("case.relayed" if report.relayed_by_id else "case.direct")


def actions(turn: Turn, report: Report) -> tuple[Button, ...]:
    """What can be done with a case as it stands."""
    if not report.province:
        held = dict.fromkeys(role.province for role in turn.roles if role.role in COORDINATING)
        mine = [province for slug in held if (province := turn.desk.province(slug))]
        ours = [turn.press("ours", "case.ours", report.id, p.slug, province=p.name(turn.lang)) for p in mine]
        return (*ours, turn.press("reply", "case.reply", report.id), turn.word("queue"))
    buttons = []
    if report.status == "received":
        buttons.append(turn.press("accept", "case.accept", report.id))
    elif report.status == "accepted":
        buttons.append(turn.press("work", "case.work", report.id))
    if report.status in ("accepted", "in_progress"):
        buttons.append(turn.press("fixed", "end.fix", report.id))
    if report.status in closings.OPEN:
        buttons.append(turn.press("end_other", "end.other", report.id))
    if report.review != "reviewed":
        buttons.append(turn.press("reviewed", "case.ok", report.id))
    if report.review != "returned":
        buttons.append(turn.press("return", "case.back", report.id))
    buttons.append(turn.press("reply", "case.reply", report.id))
    return (*buttons, turn.word("queue"))


def _move(turn: Turn, status: str) -> list[Reply]:
    found = opened(turn)
    if found is None:
        return [turn.reply("oops.not_your_case", turn.word("queue"))]
    report, role = found
    agency = agency_of(turn, role)
    if not closings.move(turn.session, report, status, BEFORE[status], turn.now, agency=agency):
        return [shown(turn, report)]
    reports.add_event(turn.session, report.id, status, turn.now, actor_id=turn.person.id, agency=agency)
    audit.note(turn.session, f"case.{status}", "report", turn.now, actor_id=turn.person.id, subject_id=report.id)
    return [shown(turn, report), *tell_reporter(turn, report, f"news.{status}", agency)]


def ours(turn: Turn) -> list[Reply]:
    """A report that nobody knew the province of belongs to one of those that the person coordinates."""
    found = opened(turn)
    slug = turn.args[1] if len(turn.args) > 1 else ""
    mine = any(role.province == slug and role.role in COORDINATING for role in turn.roles)
    if found is None or not mine or found[0].province not in ("", slug):
        return [turn.reply("oops.not_your_case", turn.word("queue"))]
    report = found[0]
    if report.province != slug:
        report.province, report.updated_at = slug, turn.now
        reports.add_event(turn.session, report.id, "province", turn.now, actor_id=turn.person.id, new=slug)
        audit.note(turn.session, "case.province", "report", turn.now, actor_id=turn.person.id, subject_id=report.id)
    return [shown(turn, report)]


def accept(turn: Turn) -> list[Reply]:
    """Take a case for one's agency; its reporter is told."""
    return _move(turn, "accepted")


def work(turn: Turn) -> list[Reply]:
    """Say that work on a case has begun; its reporter is told."""
    return _move(turn, "in_progress")


def tell_reporter(
    turn: Turn, report: Report, key: str, agency: str, *, neighbours: bool = True, **values: object
) -> list[Reply]:
    """News of a report to whoever told or relayed it, and to the neighbours behind it, but not to who acts."""

    def make(desk: Desk, lang: str, one: Holder) -> Reply:
        opens = ("read_answer", "rep.read") if key == TO_BE_OPENED else ("look", "rep.show")
        look = Button(desk.texts.say(lang, f"button.{opens[0]}"), postback=desk.postback(opens[1], one.report_id))
        who = team.named_to(turn.session, desk, report, agency, one)
        said = desk.texts.say(lang, key, code=one.code, agency=who, **values)
        return Reply(said, buttons=(look,) if one.report_id else ())

    return keyholders.tell(turn.session, turn.desk, report, make, turn.person.id, neighbours=neighbours)


def reviewed(turn: Turn) -> list[Reply]:
    """Mark a summary as reviewed: it says what was said."""
    found = opened(turn)
    if found is None:
        return [turn.reply("oops.not_your_case", turn.word("queue"))]
    report, role = found
    if report.review != "reviewed":
        report.review, report.reviewed_by_id, report.reviewed_at = "reviewed", turn.person.id, turn.now
        reports.add_event(
            turn.session, report.id, "reviewed", turn.now, actor_id=turn.person.id, agency=role.agency, public=False
        )
    return [
        turn.reply("review.done", turn.press("view_review", "q", "review", 0), turn.word("queue"), code=report.code)
    ]


def back(turn: Turn) -> list[Reply]:
    """Ask for the comment with which a summary is returned."""
    return ask_words(turn, "return", "review.why")


def reply(turn: Turn) -> list[Reply]:
    """Ask for the words to tell the reporter."""
    return ask_words(turn, "reply", "case.reply_what")


def ask_words(turn: Turn, act: str, key: str) -> list[Reply]:
    """Ask for the words that an act needs."""
    found = opened(turn)
    if found is None:
        return [turn.reply("oops.not_your_case", turn.word("queue"))]
    people.set_dialogue(turn.session, turn.person.id, "case", {"report": found[0].id, "act": act}, turn.now)
    return [turn.reply(key, turn.press("never_mind", "case.drop"), code=found[0].code)]


def drop(turn: Turn) -> list[Reply]:
    """Never mind."""
    people.set_dialogue(turn.session, turn.person.id, "", {}, turn.now)
    return [turn.reply("case.dropped", turn.word("queue"))]


def words(turn: Turn) -> list[Reply] | None:
    """Take a message as the words that were asked for; None when none were."""
    name, data = people.dialogue_of(turn.session, turn.person.id)
    if name != "case":
        return None
    if not turn.incoming.text.strip():
        return [turn.reply("case.words_only", turn.press("never_mind", "case.drop"))]
    report = reports.by_id(turn.session, int(data["report"]))
    found = may_see(turn, report) if report else None
    if found is None or paused.rests(turn.session, found[0]):
        return refused(turn, found is not None)
    if data["act"] == "return":
        people.set_dialogue(turn.session, turn.person.id, "", {}, turn.now)
        return _returned(turn, *found)
    text = turn.incoming.text.strip()
    people.set_dialogue(turn.session, turn.person.id, "case", {**data, "text": text}, turn.now)
    act = str(data["act"])
    send_it = turn.press("send", "case.send", found[0].id)
    if act != "reply":
        send_it = turn.press("send", "end.send", found[0].id, act)
    key = "case.confirm" if act == "reply" else f"closing.confirm_{act}"
    return [turn.reply(key, send_it, turn.press("never_mind", "case.drop"), code=found[0].code, text=text)]


def refused(turn: Turn, rests: bool) -> list[Reply]:
    """Words that an officer was asked for come too late: nobody waits for them any more."""
    people.set_dialogue(turn.session, turn.person.id, "", {}, turn.now)
    return [turn.reply("privacy.resting" if rests else "oops.not_your_case", turn.word("queue"))]


def send(turn: Turn) -> list[Reply]:
    """Send the words that were shown once more: they go to somebody's phone."""
    found = taken(turn, "reply")
    return _replied(turn, *found) if found else [turn.reply("oops.button", turn.word("queue"))]


def taken(turn: Turn, act: str) -> tuple[Report, Role, str] | None:
    """The words that were shown once more for an act, taken once; None where nobody waits for this button."""
    name, data = people.dialogue_of(turn.session, turn.person.id)
    found = opened(turn)
    if found is None or name != "case" or data.get("report") != found[0].id or not data.get("text"):
        return None
    if data["act"] != act:
        return None
    people.set_dialogue(turn.session, turn.person.id, "", {}, turn.now)
    return *found, str(data["text"])


def _returned(turn: Turn, report: Report, role: Role) -> list[Reply]:
    comment = turn.incoming.text.strip()
    report.review, report.reviewed_by_id, report.reviewed_at = "returned", turn.person.id, turn.now
    reports.add_event(
        turn.session,
        report.id,
        "returned",
        turn.now,
        actor_id=turn.person.id,
        agency=role.agency,
        note=comment,
        public=False,
    )
    told = []
    if report.relayed_by_id not in (None, turn.person.id):
        told = turn.notify(
            int(report.relayed_by_id or 0),
            lambda desk, lang: Reply(desk.texts.say(lang, "news.returned", code=report.code, comment=comment)),
        )
    return [turn.reply("review.returned_done", turn.word("queue"), code=report.code), *told]


def _replied(turn: Turn, report: Report, role: Role, text: str) -> list[Reply]:
    agency = agency_of(turn, role)
    reports.add_event(turn.session, report.id, "answered", turn.now, actor_id=turn.person.id, agency=agency, note=text)
    key = TO_BE_OPENED if report.for_roster else "news.answered"  # phones are shared: a secret one is to be opened
    told = tell_reporter(turn, report, key, agency, neighbours=False, text=text)
    await_answer(turn, report)
    key = "case.replied" if told else "case.nobody"
    return [turn.reply(key, turn.word("queue"), code=report.code), *told, *team.answered(turn, report, agency)]


def await_answer(turn: Turn, report: Report) -> None:
    """What the one who told or relayed it says next belongs to this case, and the officer hears of it."""
    person = turn.session.get(Person, report.teller_id or 0)
    if person is not None and person.id != turn.person.id:
        person.open_report_id, person.quiet_until = report.id, turn.now + keyholders.ANSWER_WINDOW
        person.awaited_by_id = turn.person.id
