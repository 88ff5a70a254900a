"""A message that was edited or taken back after it was sent, and accounts that come and go."""

from __future__ import annotations

from handlers import help as kind_words
from handlers import lane, report
from handlers.messages import Reply
from handlers.turn import Turn
from storage import forums, inbox, media, people, reports


def edited(turn: Turn) -> list[Reply]:
    """Put the new words in the old ones' place; an unknown message is taken as a new one."""
    key = inbox.message_key(turn.session, turn.incoming.channel, turn.incoming.target)
    found = reports.by_message(turn.session, key) if key else None
    if found is None or found[1].removed_at is not None:
        return []  # it was smalltalk, an item of a forum, or taken back: there is nothing to change
    row, part = found
    reports.replace_part(turn.session, row, part, turn.incoming.text, turn.now)
    report.reread(turn, row)
    reports.add_event(turn.session, row.id, "edited", turn.now, actor_id=turn.person.id)
    said = [turn.reply("changes.edited", turn.word("status"), code=row.code)]
    return [lane.hotlines(turn), *said] if lane.concerns(turn) else said


def unsent(turn: Turn) -> list[Reply]:
    """Forget a message's words and media, also those of an original that comes later or again."""
    channel, target = turn.incoming.channel, turn.incoming.target
    inbox.bury(turn.session, channel, target, turn.now)
    key = inbox.message_key(turn.session, channel, target)
    if key is None:
        return []
    forums.forget_message(turn.session, key, turn.now)
    touched = reports.forget_message(turn.session, key, turn.now)
    for row in touched:
        report.reread(turn, row)
        reports.add_event(turn.session, row.id, "unsent", turn.now, actor_id=turn.person.id)
        if not reports.words_of(turn.session, row.id) and not media.of_report(turn.session, row.id):
            row.status, row.place_sealed = "cancelled", None
    return [turn.reply("changes.unsent", turn.word("new"), code=row.code) for row in touched]


def followed(turn: Turn) -> list[Reply]:
    """Somebody added us or came back."""
    people.set_blocked(turn.session, turn.incoming.channel, turn.incoming.user, None)
    return kind_words.welcome(turn)


def unfollowed(turn: Turn) -> list[Reply]:
    """Somebody blocked us: nothing is sent there any more. Their reports stand."""
    people.set_blocked(turn.session, turn.incoming.channel, turn.incoming.user, turn.now)
    return []
