"""Installing LINE's rich menus: what is as it should be is left alone, and what is not ours is never touched.

A menu's name holds the hash of its content, so that an unchanged one is known without any note of ours. The new one is
made and takes the alias, the default and its people before the old one goes: nobody is without a menu meanwhile.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, get_args

from bot.menus.api import LineApi
from bot.menus.drawing import draw
from bot.menus.layout import DEFAULT, MenuRole, alias_of, rich_menu
from handlers.desk import Desk
from handlers.people import menu_for
from storage import people

if TYPE_CHECKING:
    from bot.app import House

NAME = re.compile(r"sansiang (villager|volunteer|staff) [0-9a-f]{16}")
BULK = 500  # people of one bulk link: https://developers.line.biz/en/reference/messaging-api/#link-rich-menu-to-users


@dataclass(frozen=True, slots=True)
class Wanted:
    """A menu as it should be: LINE's JSON and the picture."""

    role: MenuRole
    menu: Mapping[str, Any]
    picture: bytes


def wanted(desk: Desk) -> list[Wanted]:
    """The menus as this release makes them."""
    made = []
    for role in get_args(MenuRole):
        picture = draw(desk.texts, role)
        content = json.dumps(rich_menu(desk, role, ""), ensure_ascii=False, sort_keys=True).encode()
        name = f"sansiang {role} {hashlib.sha256(content + picture).hexdigest()[:16]}"
        made.append(Wanted(role, rich_menu(desk, role, name), picture))
    return made


def people_by_menu(house: House) -> dict[MenuRole, list[str]]:
    """LINE user ids of everybody who holds a role, by the menu that is theirs. Villagers have the default one."""
    with house.readers() as session:
        held = people.role_accounts(session, "line")
    roles: dict[str, set[str]] = {}
    for user, role in held:
        roles.setdefault(user, set()).add(role)
    found: dict[MenuRole, list[str]] = {}
    for user, names in roles.items():
        found.setdefault(menu_for(names) or DEFAULT, []).append(user)
    return found


def install(
    api: LineApi, menus: Sequence[Wanted], members: Mapping[MenuRole, Sequence[str]], say: Callable[[str], None]
) -> None:
    """Bring LINE to `menus` and give each role's `members` (LINE user ids) theirs; `say` is told each step.

    With a dry `api` the steps are told and nothing is changed.

    :raises Failed: LINE refuses something or does not answer; what was done until then stays and is found again.
    """
    there = api.get("/v2/bot/richmenu/list")["richmenus"]
    ours = {menu["richMenuId"]: menu["name"] for menu in there if NAME.fullmatch(menu["name"])}
    ids = {one.role: _menu(api, one, ours, say) for one in menus}
    aliases = {one["richMenuAliasId"]: one["richMenuId"] for one in api.get("/v2/bot/richmenu/alias/list")["aliases"]}
    for role, menu_id in ids.items():
        _alias(api, alias_of(role), menu_id, aliases, say)
    if api.get("/v2/bot/user/all/richmenu", missing={}).get("richMenuId") != ids[DEFAULT]:
        say(f"default menu: {DEFAULT}")
        api.post(f"/v2/bot/user/all/richmenu/{ids[DEFAULT]}")
    for whose, users in members.items():
        for start in range(0, len(users), BULK):
            some = list(users[start : start + BULK])
            api.post("/v2/bot/richmenu/bulk/link", {"richMenuId": ids[whose], "userIds": some})
        if users:
            say(f"{whose}: {len(users)} people have their menu")
    for menu_id, name in ours.items():
        if menu_id not in ids.values():
            say(f"deleted: {name}")
            api.delete(f"/v2/bot/richmenu/{menu_id}")


def _menu(api: LineApi, one: Wanted, ours: Mapping[str, str], say: Callable[[str], None]) -> str:
    """The id of a menu that is as wanted, made where there is none."""
    name = str(one.menu["name"])
    for menu_id, found in ours.items():
        if found == name:
            if api.has_picture(menu_id):
                say(f"{one.role}: unchanged")
            else:  # an earlier run ended between its two steps
                say(f"{one.role}: picture uploaded")
                api.upload(menu_id, one.picture)
            return menu_id
    say(f"{one.role}: created {name}, picture of {len(one.picture) // 1000} KB")
    api.post("/v2/bot/richmenu/validate", one.menu)
    menu_id = str(api.post("/v2/bot/richmenu", one.menu).get("richMenuId", f"(new {one.role})"))
    api.upload(menu_id, one.picture)
    return menu_id


def _alias(api: LineApi, alias: str, menu_id: str, aliases: Mapping[str, str], say: Callable[[str], None]) -> None:
    if aliases.get(alias) == menu_id:
        return
    say(f"alias: {alias}")
    if alias in aliases:
        api.post(f"/v2/bot/richmenu/alias/{alias}", {"richMenuId": menu_id})
    else:
        api.post("/v2/bot/richmenu/alias", {"richMenuAliasId": alias, "richMenuId": menu_id})
