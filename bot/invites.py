"""One-use codes, made by whoever may run commands here."""

from __future__ import annotations

from bot.app import make_house
from bot.clock import now
from bot.schema import make_ready
from bot.settings import Settings, SettingsError
from handlers.people import new_code
from storage import audit, people

ROLES = ("staff", "coordinator", "volunteer", "admin")


class InviteError(SettingsError):
    """An invite was asked for with a word that nobody knows: `option` of the command is wrong, `why` says how."""

    def __init__(self, option: str, why: str) -> None:
        super().__init__(f"{option}: {why}")
        self.option, self.why = option, why


def make_invite(
    settings: Settings, role: str, province: str, *, agency: str = "", amphoe: str = "", sensitive: bool = False
) -> str:
    """A code, kept as a hash.

    :raises InviteError: an unknown role, province, agency or amphoe.
    :raises SettingsError: what is wrong with the settings.
    """
    if role not in ROLES:
        raise InviteError("--role", f"there is no role '{role}'; there are {', '.join(ROLES)}")
    house = make_house(settings)
    found = house.desk.province(province)
    if found is None:
        known = ", ".join(house.desk.directory.provinces)
        raise InviteError("--province", f"there is no '{province}'; there are {known}")
    if agency and house.desk.directory.agency(agency) is None:
        known = ", ".join(one.abbr for one in house.desk.directory.agencies)
        raise InviteError("--agency", f"there is no '{agency}'; there are {known}")
    if amphoe and amphoe not in found.amphoe:
        known = ", ".join(found.amphoe)
        raise InviteError("--amphoe", f"there is no '{amphoe}' in {found.name_en}; there are {known}")
    make_ready(house.engine, house.sessions)
    area = house.desk.amphoe_code(found, amphoe) if amphoe else ""
    code = new_code()
    with house.sessions.begin() as session:
        row = people.add_invite(session, code, role, province, now(), agency=agency, amphoe=area, sensitive=sensitive)
        audit.note(session, "invite.made", "invite", now(), subject_id=row.id, role=role, province=province)
    return code
