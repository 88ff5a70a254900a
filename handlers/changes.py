"""A message that was edited or taken back after it was sent, and accounts that come and go."""

from __future__ import annotations

from dataclasses import replace

from handlers import closing, forum, lane, report
from handlers import help as kind_words
from handlers.messages import Recipient, Reply
from handlers.turn import Turn
from nlp.split import split_list
from storage import forums, inbox, media, people, reports


def edited(turn: Turn) -> list[Reply] | None:
    """Put the new words in the old ones' place; an edit of something that never became a report is a new message."""
    key = inbox.message_key(turn.session, turn.incoming.channel, turn.incoming.target)
    if key is None or inbox.is_buried(turn.session, key):
        return []
    items = forums.by_message(turn.session, key)
    parts = reports.parts_of_message(turn.session, key)
    if not items and not parts:
        return None if turn.incoming.text else []
    texts = split_list(turn.incoming.text) if len(items) + len(parts) > 1 else [turn.incoming.text]
    if len(texts) != len(items) + len(parts):
        return private(turn, [turn.reply("changes.cannot", turn.word("status"))])
    for item, text in zip(items, texts, strict=False):
        forums.set_text(turn.session, item, text, turn.reading.category)
    if items:
        turn.session.flush()
        return private(turn, forum.done(turn))
    for (row, part), text in zip(parts, texts, strict=True):
        reports.replace_part(turn.session, row, part, text, turn.now)
        report.reread(turn, row)
        reports.add_event(turn.session, row.id, "edited", turn.now, actor_id=turn.person.id)
    codes = ", ".join(row.code for row, _ in parts)
    said = [turn.reply("changes.edited", turn.word("status"), code=codes)]
    return private(turn, [lane.hotlines(turn), *said] if lane.concerns(turn) else said)


def private(turn: Turn, replies: list[Reply]) -> list[Reply]:
    """What concerns one person's words is not said to a group."""
    if not turn.incoming.group:
        return replies
    return [replace(reply, to=Recipient(turn.incoming.channel, turn.incoming.user)) for reply in replies]


def unsent(turn: Turn) -> list[Reply]:
    """Forget a message's words, media and place, also those of an original that comes later or again."""
    channel, target = turn.incoming.channel, turn.incoming.target
    inbox.bury(turn.session, channel, target, turn.now)
    key = inbox.message_key(turn.session, channel, target)
    if key is None:
        return []
    forums.forget_message(turn.session, key, turn.person.id, turn.now)
    touched = reports.forget_message(turn.session, key, turn.now)
    freed: list[Reply] = []
    for row in touched:
        report.reread(turn, row)
        reports.add_event(turn.session, row.id, "unsent", turn.now, actor_id=turn.person.id)
        empty = not reports.words_of(turn.session, row.id) and not media.of_report(turn.session, row.id)
        if empty and row.place_sealed is None:
            row.status = "cancelled"
            freed += closing.set_free(turn, row)
    if turn.incoming.group:
        return freed  # an answer would point at what was removed, and a push to a group is paid for each member
    said = [turn.reply("changes.unsent", turn.word("new"), code=row.code) for row in touched]
    return [*said, *freed]


def followed(turn: Turn) -> list[Reply]:
    """Somebody added us or came back."""
    people.set_blocked(turn.session, turn.incoming.channel, turn.incoming.user, None)
    return kind_words.welcome(turn)


def unfollowed(turn: Turn) -> list[Reply]:
    """Somebody blocked us: nothing is sent there any more. Their reports stand."""
    people.set_blocked(turn.session, turn.incoming.channel, turn.incoming.user, turn.now)
    return []
