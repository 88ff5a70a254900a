"""The officer's queue: what waits, worst first, a page at a time."""

from __future__ import annotations

from handlers.messages import Button, Card, Reply, Row
from handlers.turn import Turn, spoken
from handlers.wording import category_name, place_name, status_name
from storage import parked, queues
from storage.models import Report, Role

PAGE = 5
VIEWS = ("new", "mine", "review", "unsure", "sensitive", "nowhere")
COORDINATING = ("coordinator", "admin")  # who also look after what no province is known for


def new(turn: Turn) -> list[Reply]:
    """What nobody has accepted yet."""
    return listed(turn, "new", 0)


def view(turn: Turn) -> list[Reply]:
    """A view and page by button."""
    name = turn.args[0] if turn.args and turn.args[0] in VIEWS else "new"
    return listed(turn, name, turn.number(1))


def listed(turn: Turn, view: str, offset: int) -> list[Reply]:
    """One page of a view, each line a button that opens its case."""
    role = turn.staff
    if role is None:
        return [turn.reply("oops.staff_only", turn.word("new"))]
    if view == "sensitive" and not role.sensitive:
        return [turn.reply("oops.roster_only", turn.word("queue"))]
    if view == "nowhere" and role.role not in COORDINATING:
        return [turn.reply("oops.staff_only", turn.word("queue"))]
    page = queues.page(
        turn.session,
        "" if view == "nowhere" else role.province,
        view,
        sensitive=role.sensitive,
        agency=agency_of(turn, role),
        amphoe_code=role.amphoe,
        offset=offset,
        limit=PAGE,
    )
    province = turn.desk.province(role.province)
    place = province.name(turn.lang) if province else role.province
    if view == "nowhere":
        place = turn.say("queue.anywhere")
    stuck = parked.count(turn.session, provinces) if (provinces := coordinated(turn)) else 0
    others = (*((turn.press("parked", "park", 0),) if stuck else ()), *_views(turn, role, view))
    if not page.total:
        empty = turn.say("queue.empty", view=turn.say(f"queue.{view}"), place=place)
        but = f"\n{turn.say('queue.only_parked', count=stuck)}" if stuck else ""
        return [Reply(empty + but, buttons=others)]
    title = turn.say("queue.title", view=turn.say(f"queue.{view}"), place=place, total=page.total)
    footer = _footer(turn, role, view, stuck)
    shown = Card(title, tuple(line(turn, report) for report in page.reports), "case", footer)
    more: tuple[Button, ...] = ()
    if offset + PAGE < page.total:
        more = (turn.press("more", "q", view, offset + PAGE, left=page.total - offset - PAGE),)
    return [Reply(spoken(shown), card=shown, buttons=(*more, *others))]


def agency_of(turn: Turn, role: Role) -> str:
    """For whom somebody acts: their agency, or, where the invite named none, the province's team."""
    return role.agency or turn.desk.texts.say("th", "case.team")


def coordinated(turn: Turn) -> list[str]:
    """Slugs of the provinces that the person coordinates."""
    return sorted({role.province for role in turn.roles if role.role in COORDINATING})


def _footer(turn: Turn, role: Role, view: str, stuck: int) -> str:
    """How to go on, and, for those who coordinate, how many reports have no province: nobody else sees them.

    `stuck`: how many messages are parked in their provinces.
    """
    parts = [turn.say("queue.tap")]
    if view != "nowhere" and role.role in COORDINATING:
        lost = queues.page(turn.session, "", "new", sensitive=role.sensitive, limit=1).total
        parts += [turn.say("queue.lost", count=lost)] if lost else []
    return " · ".join((*parts, turn.say("queue.parked", count=stuck)) if stuck else parts)


def line(turn: Turn, report: Report) -> Row:
    """One report as a line of a list."""
    urgent = turn.say(f"urgency.{report.urgency}")
    where = place_name(turn.session, turn.desk, report, turn.lang, exact=False)
    label = " · ".join(part for part in (report.code, urgent, category_name(turn.desk, report, turn.lang)) if part)
    known = "" if report.status == "received" else status_name(turn.desk, report, turn.lang)
    value = " — ".join(part for part in (report.summary, where, known) if part)
    return Row(label, value, turn.desk.postback("case", report.id))


def _views(turn: Turn, role: Role, view: str) -> tuple[Button, ...]:
    allowed = {"sensitive": role.sensitive, "nowhere": role.role in COORDINATING}
    names = [name for name in VIEWS if name != view and allowed.get(name, True)]
    others = [held for held in turn.roles if held.province != role.province]
    switches = [
        Button(province.name(turn.lang), postback=turn.desk.postback("here", province.slug, view))
        for held in {held.province: held for held in others}.values()
        if (province := turn.desk.province(held.province))
    ]
    return (*(turn.press(f"view_{name}", "q", name, 0) for name in names), turn.word("digest"), *switches)


def here(turn: Turn) -> list[Reply]:
    """Look at another province that one is staff of; `args` are its slug and what to show."""
    slug, then = (*turn.args, "", "")[:2]
    if not any(role.province == slug for role in turn.roles):
        return [turn.reply("oops.staff_only", turn.word("new"))]
    turn.person.province = slug
    return listed(turn, then if then in VIEWS else "new", 0)
