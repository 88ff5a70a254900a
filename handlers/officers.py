"""Who of the team hears of a case: the officer who has it in hand, else those who coordinate its province."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from handlers.desk import Desk
from handlers.messages import Button, Reply
from handlers.queue import COORDINATING
from handlers.turn import STAFF, Turn
from storage import closings, people
from storage.models import Report, Role

AT_WORK = ("accepted", "in_progress", "proposed")


def role_for(roles: Iterable[Role], report: Report) -> Role | None:
    """The role by which a report may be seen: of its area, and on the roster where needed; None when by none."""
    for role in roles:
        here = role.role in STAFF and role.province == report.province and role.amphoe in ("", report.amphoe_code)
        fits = here or (role.role in COORDINATING and not report.province)
        if fits and (role.sensitive or not report.for_roster) and report.erased_at is None:
            return role
    return None


def sees(turn: Turn, report: Report, person_id: int) -> bool:
    """Whether a person may see a case."""
    return role_for(people.roles_of(turn.session, person_id), report) is not None


def team(turn: Turn, report: Report, kinds: Collection[str]) -> list[int]:
    """The officer who did one of these last and may still see the case; else the coordinators: somebody must hear."""
    for person_id in closings.actors(turn.session, report.id, kinds)[:1]:
        if sees(turn, report, person_id):
            return [person_id]
    return people.holders(turn.session, report.province, COORDINATING, sensitive=report.for_roster)


def tell(turn: Turn, report: Report, officers: Iterable[int], key: str, reason: str = "") -> list[Reply]:
    """A code and a button to open it, to those who may see the case and are not the one who acts."""

    def make(desk: Desk, lang: str) -> Reply:
        why = {"reason": desk.texts.say(lang, f"button.key_{reason}")} if reason else {}
        opens = Button(desk.texts.say(lang, "button.open_case"), postback=desk.postback("case", report.id))
        return Reply(desk.texts.say(lang, key, code=report.code, **why), buttons=(opens,))

    others = (one for one in officers if one != turn.person.id and sees(turn, report, one))
    return [reply for one in others for reply in turn.notify(one, make)]
