"""Notice and consent, and what a person may see and decide about what is kept about them."""

from __future__ import annotations

from handlers import asking, keyholders, numbers, silence, standing
from handlers.desk import NOTICE_VERSION
from handlers.erasing import not_own
from handlers.messages import Button, Reply
from handlers.owning import own_button, presses
from handlers.turn import Turn, card, spoken
from storage import audit, holdings, people, reports
from storage.models import Report

HEALTH = "health_private"


def notice_once(turn: Turn, *, elsewhere: bool) -> str:
    """The privacy notice, said once in a person's life with us; '' to whoever was shown it.

    `elsewhere`: what they told lies in a province that takes no part, and nobody is promised to act.
    """
    first = people.notice_once(turn.session, turn.person, NOTICE_VERSION, turn.now)
    return turn.say("receipt.notice_elsewhere" if elsewhere else "receipt.notice") if first else ""


def agree(turn: Turn) -> list[Reply]:
    """The person agrees to the notice by a button; pressing twice changes nothing."""
    if not people.consent_given(turn.session, turn.person.id, "general"):
        people.consent(turn.session, turn.person.id, "general", NOTICE_VERSION, turn.now, given=True)
    waiting = asking.pending(turn)
    if waiting:
        return [turn.reply("privacy.agreed"), waiting]
    return [turn.reply("privacy.agreed", turn.word("new"), turn.word("status"))]


def notice(turn: Turn) -> list[Reply]:
    """The whole notice in plain words."""
    told = turn.reply("privacy.notice", turn.press("agree", "me.agree"), turn.word("data"))
    waiting = asking.pending(turn)
    return [told, waiting] if waiting else [told]


def data(turn: Turn) -> list[Reply]:
    """What is kept about the person, in numbers, and what can be done about it."""
    held, person = holdings.held(turn.session, turn.person.id), turn.person
    agreed = [one.at for one in holdings.consents(turn.session, person.id) if one.given and one.kind == "general"]
    counts = {
        "reports": held.reports,
        "words": held.words,
        "media": held.files,
        "phones": numbers.count(turn),
        "places": held.places,
        "relayed": held.relayed,
        "forums": held.forums,
        "backing": held.backing,
        "messages": held.events + held.answers,
    }
    always = ("reports", "media")
    rows = [(turn.say(f"privacy.{name}"), str(n)) for name, n in counts.items() if n or name in always]
    rows += [
        (turn.say("privacy.roles"), ", ".join(turn.say(f"role.{role.role}") for role in turn.roles)),
        (turn.say("privacy.agreed_on"), turn.date(agreed[-1]) if agreed else ""),
        (turn.say("privacy.language"), turn.say("privacy.language_name")),
        (turn.say("privacy.since"), turn.date(person.created_at)),
        (turn.say("privacy.account"), turn.say("privacy.account_kept")),
        (turn.say("privacy.news"), turn.say("privacy.news_off" if person.muted_at else "privacy.news_on")),
        (turn.say("privacy.use"), turn.say("privacy.use_paused" if person.paused_at else "privacy.use_on")),
    ]
    shown = card(turn.say("privacy.title"), rows, "plain", turn.say("privacy.how"))
    return [Reply(spoken(shown), card=shown, buttons=_choices(turn, phones=counts["phones"]))]


def _choices(turn: Turn, *, phones: int) -> tuple[Button, ...]:
    person = turn.person
    return (
        turn.word("status"),
        presses(turn, "my_file", "me.file"),
        presses(turn, "news_on", "me.news") if person.muted_at else presses(turn, "news_off", "me.mute"),
        presses(turn, "resume", "me.resume") if person.paused_at else presses(turn, "pause", "me.pause"),
        presses(turn, "erase", "me.erase"),
        *([presses(turn, "numbers_out", "me.numbers")] if phones else []),
        *([turn.press("leave", "me.leave")] if turn.roles else []),
        turn.press("notice", "me.notice"),
    )


def file(turn: Turn) -> list[Reply]:
    """A link to everything that is kept, as one file; it is made when the link is opened."""
    if not own_button(turn):
        return not_own(turn)
    url = turn.desk.mine_url(turn.incoming.channel, turn.person.id)
    if not url:
        return [turn.reply("privacy.no_file", turn.word("data"))]
    audit.note(turn.session, "data.asked", "person", turn.now, actor_id=turn.person.id, subject_id=turn.person.id)
    return [turn.reply("privacy.file", Button(turn.say("button.open_mine"), url=url), turn.word("data"))]


def mute(turn: Turn) -> list[Reply]:
    """No more news until the person wants them again."""
    return _decided(turn, "muted_at", "privacy.muted", "news_on", "me.news", on=True)


def unmute(turn: Turn) -> list[Reply]:
    """News again."""
    return _decided(turn, "muted_at", "privacy.unmuted", "news_off", "me.mute", on=False)


def pause(turn: Turn) -> list[Reply]:
    """Let what the person told rest: in no list, no figure, no table, and no news to them."""
    said = _decided(turn, "paused_at", "privacy.paused", "resume", "me.resume", on=True)
    # Whoever joined what rests from now on goes on without it.
    return [*said, *standing.rest(turn.desk, turn.session, turn.person.id, turn.now)] if own_button(turn) else said


def resume(turn: Turn) -> list[Reply]:
    """Go on where it was."""
    rested = own_button(turn) and turn.person.paused_at is not None
    said = _decided(turn, "paused_at", "privacy.resumed", "pause", "me.pause", on=False)
    waiting = reports.open_of(turn.session, turn.person.id) if rested else []
    return [*said, *(reply for report in waiting for reply in _waits(turn, report))]


def _waits(turn: Turn, report: Report) -> list[Reply]:
    """Whether it is solved was asked while the owner paused: it is asked now."""
    key = keyholders.holder(turn.session, report, turn.person.id)
    if key is None or not silence.spoken(turn.session, report, turn.now):
        return []
    said = turn.say("closing.waits", code=report.code)
    return [keyholders.news(turn.desk, turn.lang, report, key, said, turn.now)]


def _decided(turn: Turn, column: str, key: str, back: str, action: str, *, on: bool) -> list[Reply]:
    if not own_button(turn):
        return not_own(turn)
    if (getattr(turn.person, column) is not None) != on:
        setattr(turn.person, column, turn.now if on else None)
        act = f"{column.removesuffix('_at')} {'on' if on else 'off'}"
        audit.note(turn.session, act, "person", turn.now, actor_id=turn.person.id, subject_id=turn.person.id)
    return [turn.reply(key, presses(turn, back, action), turn.word("data"))]


def with_rest(turn: Turn, replies: list[Reply]) -> list[Reply]:
    """The answers, and to somebody whose data rest one line more that says so, and how to go on."""
    if turn.incoming.kind != "message" or turn.incoming.group or not turn.person.paused_at or not replies:
        return replies
    return [*replies, turn.reply("privacy.rests", presses(turn, "resume", "me.resume"))]


def health_question(turn: Turn, report: Report) -> tuple[str, tuple[Button, ...]]:
    """Whether the one whose illness is told knows of it; ('', ()) where there is no such, or it was answered."""
    if report.sensitive != HEALTH or people.consent_for(turn.session, report.id, "health") is not None:
        return "", ()
    if turn.incoming.group:
        return "", ()
    knows = turn.press("knows", "me.knows", report.id, 1)
    return turn.say("privacy.health_ask"), (knows, turn.press("knows_not", "me.knows", report.id, 0))


def health(turn: Turn) -> list[Reply]:
    """The answer; it may be changed by the other button, and the newest one holds."""
    report = reports.by_id(turn.session, turn.number())
    told_by = (report.reporter_id, report.relayed_by_id) if report and report.erased_at is None else ()
    if report is None or turn.person.id not in told_by or report.sensitive != HEALTH:
        return [turn.reply("oops.not_yours", turn.word("new"), turn.word("status"))]
    given = turn.number(1) == 1
    if people.consent_for(turn.session, report.id, "health") is not given:
        people.consent(
            turn.session, turn.person.id, "health", NOTICE_VERSION, turn.now, given=given, report_id=report.id
        )
    return [turn.reply("privacy.health_yes" if given else "privacy.health_no", turn.word("status"))]


def health_word(turn: Turn, report: Report) -> str:
    """What staff see of it: whether the one whose illness is told knows; '' where there is no such."""
    if report.sensitive != HEALTH:
        return ""
    known = {True: "privacy.health_known", False: "privacy.health_unknown", None: "privacy.health_unasked"}
    return turn.say(known[people.consent_for(turn.session, report.id, "health")])
