"""Who acts on a case, as each of those who hear of it may know it."""

from __future__ import annotations

from sqlalchemy.orm import Session

from handlers.desk import Desk
from handlers.keyholders import Holder
from storage import backing
from storage.models import Report


def named(desk: Desk, report: Report, agency: str = "") -> str:
    """The province's team, and in brackets the agency; '' where it is not to be said."""
    province = desk.province(report.province)
    team = desk.texts.say("th", "case.team")
    name = desk.texts.say("th", "receipt.readers", province=province.name_th) if province else team
    return name if agency in ("", team) else f"{name} ({agency})"


def named_to(session: Session, desk: Desk, report: Report, agency: str, one: Holder) -> str:
    """The same for one who holds a key: the agency only to whom it tells nothing that they may not know.

    Phones are shared, so of a secret matter it is left out for who told it too; neighbours never hear it of what they
    may not read, also where that has become so after they joined.
    """
    secret = report.for_roster if one.told else not backing.readable(session, report)
    return named(desk, report, "" if secret else agency)
