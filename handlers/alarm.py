"""What danger calls for: the right numbers for the one who speaks, and a call to those who coordinate the province."""

from __future__ import annotations

from handlers.filing import PRIVATE
from handlers.messages import Button, Card, Recipient, Reply, Row
from handlers.turn import Turn, spoken
from storage import people, reports
from storage.models import Report

# Which numbers, in which order. Self-harm never gets 1323 alone: most callers who hung up did so for the wait.
NUMBERS = {
    "self_harm": ("1669", "1323", "191"),
    "violence": ("191", "1300", "1669"),
    "abuse_child": ("1300", "191", "1669"),
    "sexual": ("1300", "191", "1669"),
    "drugs_tip": ("1386", "191"),
    "drugs_home": ("1165", "1323", "191"),  # a family that wants help for one of its own
    "corruption_tip": ("1567", "1205"),
}
DANGER = ("1669", "191", "199")  # life in danger and nothing more is known
PERIL = {
    "disaster_haze": ("199", "1669", "1784"),
    "disaster_haze/flood": ("1784", "1669", "199"),
    "disaster_haze/storm_landslide": ("1784", "1669", "199"),
    "safety": ("1669", "191", "199"),
    "safety/crime": ("191", "1669", "199"),
    "infrastructure": ("1129", "1669", "191"),
}
FEW = 3


def concerns(turn: Turn) -> bool:
    """Whether a message belongs in this lane."""
    return turn.reading.sensitive in PRIVATE or turn.reading.urgency == "emergency"


def alert(turn: Turn, about: Report | None = None) -> list[Reply]:
    """Tell those who coordinate the province that somebody is in danger, without a word of what was said.

    `about`: which report, where it is not the one that the person told last.
    """
    row = about or reports.newest_of(turn.session, turn.person.id)
    if row is None:
        return []
    coordinators = people.holders(turn.session, row.province, ("coordinator", "admin"), sensitive=row.for_roster)
    news = []
    for person_id in coordinators:
        news += turn.notify(
            person_id,
            lambda desk, lang: Reply(
                desk.texts.say(lang, "news.danger", code=row.code),
                buttons=(Button(desk.texts.say(lang, "button.open_case"), postback=desk.postback("case", row.id)),),
                quota="emergency",
            ),
        )
    return [reply for reply in news if reply.to != Recipient(turn.incoming.channel, turn.incoming.chat)]


def hotlines(turn: Turn, *, helper: bool = False) -> Reply:
    """The numbers for what was said. `helper`: who speaks is known to stand by somebody else in need."""
    kind = str(turn.reading.sensitive) if turn.reading.sensitive in PRIVATE else "danger"
    manner = turn.desk.reader.manner(turn.incoming.text)
    if kind == "drugs_tip" and manner.kin_uses:
        kind = "drugs_home"
    about, part = turn.reading.category, turn.reading.sub
    numbers = NUMBERS.get(kind) or PERIL.get(f"{about}/{part}") or PERIL.get(about, DANGER)
    known = {hotline.number: hotline for hotline in turn.desk.directory.hotlines}
    rows = tuple(Row(known[number].name_th if number in known else "", number) for number in numbers[:FEW])
    title, advice = f"lane.{kind}_title", f"lane.{kind}"
    if kind == "self_harm" and (helper or manner.another_despairs):
        title, advice = "lane.despairs_title", "lane.despairs"
    if kind == "violence" and (helper or manner.another_is_hurt):
        advice = "lane.is_hurt"
    card = Card(turn.say(title), rows, "hotline", turn.say(advice))
    return Reply(spoken(card), card=card, quota="emergency")
