"""Telephone numbers that somebody told with their reports: how many there are, and taking them out again."""

from __future__ import annotations

from handlers import hiding
from handlers.messages import Reply
from handlers.owning import own_button
from handlers.turn import Turn
from storage import audit, holdings, inbox, quoting, redoing, reports


def count(turn: Turn) -> int:
    """How many numbers stand in the sealed words of one's own reports, as far as they are recognised."""
    own = holdings.reports(turn.session, turn.person.id)
    return sum(turn.desk.reader.phones(reports.words_of(turn.session, report.id)) for report in own)


def take_out(turn: Turn) -> list[Reply]:
    """Take the numbers out of the words, every older version's too; what else was said stays."""
    if not own_button(turn):
        return [turn.reply("erase.not_yours", turn.word("data"))]
    old: list[str] = []
    for report in holdings.reports(turn.session, turn.person.id):
        if said := redoing.rewrite(turn.session, report, turn.desk.reader.without_phones, turn.now):
            hiding.show(turn.desk, turn.session, report)
            reports.add_event(turn.session, report.id, "edited", turn.now, actor_id=turn.person.id)
            old += said
    if old:
        chat = inbox.chat_key(turn.session, turn.incoming.channel, turn.incoming.chat)
        quoting.blank_events(turn.session, chat, old)
        audit.note(turn.session, "numbers.out", "person", turn.now, actor_id=turn.person.id, subject_id=turn.person.id)
    return [turn.reply("privacy.numbers_out" if old else "privacy.no_numbers", turn.word("data"))]
