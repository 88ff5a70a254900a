"""What came with a report, on the card of those who look after it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from handlers import hiding
from handlers.messages import Button
from handlers.turn import Turn
from storage import voices
from storage.models import Medium, Report

OPENED_BY = {"voice": "play", "video": "watch", "file": "open_file", "photo": "picture"}
FIRST = ("voice", "file", "video", "photo")  # which stand first where there are more than can be shown
MOST = 4  # buttons: a platform shows few, and the case's own come before


def attached_rows(turn: Turn, report: Report, attached: Sequence[Medium]) -> list[tuple[str, str]]:
    """How many media there are, how many were lost, and what a machine heard that nobody has confirmed yet."""
    if not attached:
        return []
    lost = sum(medium.state == "failed" for medium in attached)
    count = len(attached)
    told = turn.say("case.media_lost", count=count, lost=lost) if lost else turn.say("case.media_count", count=count)
    rows = [(turn.say("case.media"), told)]
    for medium in attached:
        if medium.heard == "machine" and (text := voices.text_of(turn.session, medium)):
            masked = hiding.rough(turn.desk, turn.session, report, turn.desk.reader.mask(text))
            rows.append((turn.say("case.heard"), turn.say("case.unsure", text=masked)))
    return rows


def openers(turn: Turn, attached: Sequence[Medium]) -> list[Button]:
    """Buttons that play or open what was kept; the first photo stands on the card itself."""
    kept = [medium for medium in attached if medium.state == "kept" and medium.kind in OPENED_BY]
    photos = [medium for medium in kept if medium.kind == "photo"]
    shown = [medium for medium in kept if medium not in photos[:1]]
    seen: Counter[str] = Counter({"photo": 1})
    buttons = []
    for medium in sorted(shown, key=lambda one: FIRST.index(one.kind)):
        seen[medium.kind] += 1
        label = turn.say(f"button.{OPENED_BY[medium.kind]}", number=seen[medium.kind])
        buttons.append(Button(label, url=turn.desk.file_url(medium.id)))
    return buttons[:MOST]
