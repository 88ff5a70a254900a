"""Notice and consent, and what a person may see of what is kept about them, in its first form."""

from __future__ import annotations

from handlers.desk import NOTICE_VERSION
from handlers.messages import Reply
from handlers.turn import Turn, card, spoken
from storage import media, people, reports


def agree(turn: Turn) -> list[Reply]:
    """The person agrees to the notice by a button; pressing twice changes nothing."""
    if not people.consent_given(turn.session, turn.person.id, "general"):
        people.consent(turn.session, turn.person.id, "general", NOTICE_VERSION, turn.now, given=True)
    return [turn.reply("privacy.agreed", turn.word("new"), turn.word("status"))]


def notice(turn: Turn) -> list[Reply]:
    """The whole notice in plain words."""
    return [turn.reply("privacy.notice", turn.press("agree", "me.agree"), turn.word("data"))]


def data(turn: Turn) -> list[Reply]:
    """What is kept about the person, in numbers, and what can be done about it."""
    mine = reports.of_person(turn.session, turn.person.id, 1000)
    pictures = sum(len(media.of_report(turn.session, report.id)) for report in mine[:100])
    rows = [
        (turn.say("privacy.reports"), str(len(mine))),
        (turn.say("privacy.media"), str(pictures)),
        (turn.say("privacy.since"), turn.date(turn.person.created_at)),
        (turn.say("privacy.account"), turn.say("privacy.account_kept")),
        (turn.say("privacy.roles"), ", ".join(turn.say(f"role.{role.role}") for role in turn.roles)),
    ]
    shown = card(turn.say("privacy.title"), rows, "plain", turn.say("privacy.how"))
    return [Reply(spoken(shown), card=shown, buttons=(turn.word("status"), turn.press("notice", "me.notice")))]
