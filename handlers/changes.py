"""A message that was edited or taken back after it was sent, and accounts that come and go."""

from __future__ import annotations

from dataclasses import replace

from handlers import alarm, closing, forum, report, standing
from handlers import help as kind_words
from handlers.messages import Recipient, Reply
from handlers.turn import Turn
from nlp.split import split_list
from storage import forums, inbox, media, people, quoting, reports
from storage.models import Report


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
        first = [alarm.hotlines(turn)] if alarm.concerns(turn) else []
        return private(turn, [*first, *forum.done(turn)])
    graver_now = []
    for (row, part), text in zip(parts, texts, strict=True):
        reports.replace_part(turn.session, row, part, text, turn.now)
        graver_now.append(report.reread(turn, row))
        reports.add_event(turn.session, row.id, "edited", turn.now, actor_id=turn.person.id)
    codes = ", ".join(row.code for row, _ in parts)
    said = [turn.reply("changes.edited", turn.word("status"), code=codes)]
    others = [reply for told in graver_now for reply in told.others]
    if not alarm.concerns(turn):
        first = [reply for told in graver_now for reply in told.first]
        return [*private(turn, [*first, *said]), *others]
    alerts = alarm.alert(turn, parts[0][0]) if turn.reading.urgency == "emergency" else []
    return [*private(turn, [alarm.hotlines(turn), *said]), *alerts, *others]


def private(turn: Turn, replies: list[Reply]) -> list[Reply]:
    """What concerns one person's words is not said to a group."""
    if not turn.incoming.group:
        return replies
    return [replace(reply, to=Recipient(turn.incoming.channel, turn.incoming.user)) for reply in replies]


def unsent(turn: Turn) -> list[Reply]:
    """Forget a message's words, media and place, also those of an original that comes later or again."""
    channel, target = turn.incoming.channel, turn.incoming.target
    key = inbox.message_key(turn.session, channel, target)
    if key is None:
        return []
    texts = quoting.texts_of_message(turn.session, key)
    inbox.bury(turn.session, channel, target, turn.now)
    forums.forget_message(turn.session, key, turn.person.id, turn.now)
    forums.forget_header(turn.session, turn.person.id, texts)
    touched = reports.forget_message(turn.session, key, turn.now)
    before = [(row.summary, row.masked_text) for row in touched]
    freed: list[Reply] = []
    for row in touched:
        report.reread(turn, row)
        reports.add_event(turn.session, row.id, "unsent", turn.now, actor_id=turn.person.id)
        empty = not reports.words_of(turn.session, row.id) and not media.of_report(turn.session, row.id)
        if empty and row.place_sealed is None:
            freed += _emptied(turn, row)
    _forget_quoted(turn, texts, before, touched)
    if turn.incoming.group:
        return freed  # an answer would point at what was removed, and a push to a group is paid for each member
    said = [turn.reply("changes.unsent", turn.word("new"), code=row.code) for row in touched]
    return [*said, *freed]


def _emptied(turn: Turn, row: Report) -> list[Reply]:
    """Nothing is left of a report: one that is open is cancelled, of one that has ended only the words go."""
    if row.status not in reports.OVER:
        return closing.end(turn, row) or []
    if row.status == "closed_confirmed":  # it is solved for those behind it too
        return []
    return standing.release(turn.desk, turn.session, row, turn.now, but=turn.person.id)


def _forget_quoted(turn: Turn, texts: list[str], before: list[tuple[str, str]], touched: list[Report]) -> None:
    """Forget what repeats a message that was taken back: a receipt, a case card, an edit, an officer's draft.

    `before`: summary and masked words of the reports that it was part of, as they were.
    """
    for row, (summary, masked) in zip(touched, before, strict=True):
        texts += [summary] if summary != row.summary else []
        texts += [masked] if masked != row.masked_text else []
    left = "\n".join(part for row in touched for part in (reports.words_of(turn.session, row.id), row.masked_text))
    ids = tuple(row.id for row in touched)
    quoted = quoting.Quoted(tuple(filter(None, texts)), tuple(row.code for row in touched), ids, left)
    chats = quoting.chats_of(turn.session, [turn.person.id]) | quoting.chats_of_team(turn.session)
    quoting.blank_answers(turn.session, quoted, chats)
    quoting.blank_joint(turn.session, quoted)
    quoting.blank_dialogues(turn.session, quoted, turn.person.id)
    chat = inbox.chat_key(turn.session, turn.incoming.channel, turn.incoming.chat)
    quoting.blank_events(turn.session, chat, [*texts, turn.incoming.target])


def followed(turn: Turn) -> list[Reply]:
    """Somebody added us or came back."""
    people.set_blocked(turn.session, turn.incoming.channel, turn.incoming.user, None)
    return kind_words.welcome(turn)


def unfollowed(turn: Turn) -> list[Reply]:
    """Somebody blocked us: nothing is sent there any more. Their reports stand."""
    people.set_blocked(turn.session, turn.incoming.channel, turn.incoming.user, turn.now)
    return []
