"""The emergency and sensitive lane: the right numbers first, then a private report. A group hears nothing of it."""

from __future__ import annotations

from dataclasses import replace

from handlers import report
from handlers.alarm import alert, concerns, hotlines
from handlers.belonging import open_report
from handlers.messages import Recipient, Reply
from handlers.turn import Turn
from storage import people, reports

__all__ = ["concerns", "first_aid", "hotlines"]


def first_aid(turn: Turn) -> list[Reply]:
    """The hotline card, then the receipt of a report that is private from its first moment."""
    told = open_report(turn)
    # What must stay private never joins a report that others have read; a picture whose words these are has no reader.
    joins = told is not None and (told.private or not reports.words_of(turn.session, told.id))
    filed = report.add_to(turn, told) if told and joins else report.start(turn)
    replies = [replace(reply, quota="emergency") for reply in (hotlines(turn), *filed)]
    alerts = alert(turn) if turn.reading.urgency == "emergency" else []
    if not turn.incoming.group:
        return [*replies, *alerts]
    own = Recipient(turn.incoming.channel, turn.incoming.user)
    said = [reply if reply.to else replace(reply, to=own) for reply in replies]
    # Where they never wrote to us in private a platform may not let us begin: then the group hears where to, not why.
    unheard = not people.wrote_in_private(turn.session, turn.person.id)
    return [*said, *([turn.reply("help.in_private")] if unheard else []), *alerts]
