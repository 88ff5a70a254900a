"""One-use codes, made by whoever may run commands here."""

from __future__ import annotations

from bot.app import make_house, now
from bot.settings import Settings, SettingsError
from handlers.people import new_code
from storage import audit, people
from storage.database import upgrade

ROLES = ("staff", "coordinator", "volunteer", "admin")


def make_invite(
    settings: Settings, role: str, province: str, *, agency: str = "", amphoe: str = "", sensitive: bool = False
) -> str:
    """A code, and how it is used.

    :raises SettingsError: an unknown role, province, agency or amphoe.
    """
    house = make_house(settings)
    upgrade(house.engine)
    found = house.desk.province(province)
    if role not in ROLES:
        raise SettingsError(f"--role: there is no role '{role}'; there are {', '.join(ROLES)}")
    if found is None:
        raise SettingsError(
            f"--province: there is no '{province}'; there are {', '.join(house.desk.directory.provinces)}"
        )
    if agency and house.desk.directory.agency(agency) is None:
        known = ", ".join(one.abbr for one in house.desk.directory.agencies)
        raise SettingsError(f"--agency: there is no '{agency}'; there are {known}")
    if amphoe and amphoe not in found.amphoe:
        raise SettingsError(f"--amphoe: there is no '{amphoe}' in {found.name_en}; there are {', '.join(found.amphoe)}")
    area = house.desk.amphoe_code(found, amphoe) if amphoe else ""
    code = new_code()
    with house.sessions.begin() as session:
        row = people.add_invite(session, code, role, province, now(), agency=agency, amphoe=area, sensitive=sensitive)
        audit.note(session, "invite.made", "invite", now(), subject_id=row.id, role=role, province=province)
    return code
