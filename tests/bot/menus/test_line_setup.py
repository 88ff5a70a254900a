"""`setup-line` against LINE's stand-in: what is made, what is left alone, and what is never touched."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.commands.failed import Failed
from bot.menus.api import LineApi
from bot.menus.layout import MenuRole
from bot.menus.line import Wanted, install, wanted
from handlers.desk import Desk
from tests.peers import LINE_TOKEN, LinePeer

OTHERS = {
    "size": {"width": 2500, "height": 843},
    "selected": False,
    "name": "a shop's",
    "chatBarText": "x",
    "areas": [],
}


@pytest.fixture
def peer() -> Iterator[LinePeer]:
    with LinePeer() as standing:
        yield standing


@pytest.fixture(scope="module")
def menus(request: pytest.FixtureRequest) -> list[Wanted]:
    from handlers.texts import load_texts  # noqa: PLC0415
    from tests.rig import make_desk  # noqa: PLC0415

    reader, directory = request.getfixturevalue("reader"), request.getfixturevalue("directory")
    return wanted(make_desk(reader, directory, load_texts()))


def run(
    peer: LinePeer, menus: list[Wanted], members: dict[MenuRole, list[str]] | None = None, *, dry: bool = False
) -> list[str]:
    said: list[str] = []
    peer.methods.clear()
    with LineApi(peer.url, peer.url, LINE_TOKEN, dry=dry) as api:
        install(api, menus, members or {}, said.append)
    return said


def changed(menus: list[Wanted], role: str) -> list[Wanted]:
    name = f"sansiang {role} {'0' * 16}"
    return [replace(one, menu={**one.menu, "name": name}) if one.role == role else one for one in menus]


def test_all_is_made_once(peer: LinePeer, menus: list[Wanted]) -> None:
    assert len(run(peer, menus)) == 7
    shelf = peer.menus
    assert len(shelf.menus) == len(shelf.pictures) == 3
    assert set(shelf.aliases) == {"sansiang-villager", "sansiang-volunteer", "sansiang-staff"}
    assert shelf.default == shelf.aliases["sansiang-villager"]
    assert {shelf.menus[key]["name"] for key in shelf.aliases.values()} == {one.menu["name"] for one in menus}
    before = dict(shelf.menus)
    assert run(peer, menus) == ["villager: unchanged", "volunteer: unchanged", "staff: unchanged"]
    assert set(peer.methods) == {"GET"}
    assert shelf.menus == before


def test_a_changed_menu_is_replaced_and_its_people_keep_one(peer: LinePeer, menus: list[Wanted]) -> None:
    members: dict[MenuRole, list[str]] = {"staff": [f"U{n}" for n in range(501)], "volunteer": ["Uv"]}
    run(peer, menus, members)
    old = dict(peer.menus.aliases)
    said = run(peer, changed(menus, "staff"), members)
    shelf = peer.menus
    assert len(shelf.menus) == 3
    assert old["sansiang-staff"] not in shelf.menus
    assert shelf.aliases["sansiang-volunteer"] == old["sansiang-volunteer"]
    assert {shelf.users[user] for user in members["staff"]} == {shelf.aliases["sansiang-staff"]}
    assert shelf.users["Uv"] == old["sansiang-volunteer"]
    assert "staff: 501 people have their menu" in said
    run(peer, changed(menus, "villager"), members)
    assert shelf.default == shelf.aliases["sansiang-villager"] in shelf.menus


def test_menus_of_others_stay(peer: LinePeer, menus: list[Wanted]) -> None:
    peer.menus.menus["richmenu-theirs"] = OTHERS
    peer.menus.menus["richmenu-nearly"] = {**OTHERS, "name": "sansiang staff of the shop"}
    run(peer, menus)
    run(peer, changed(menus, "staff"))
    assert {"richmenu-theirs", "richmenu-nearly"} < set(peer.menus.menus)
    assert len(peer.menus.menus) == 5


def test_a_dry_run_only_asks(peer: LinePeer, menus: list[Wanted]) -> None:
    said = run(peer, menus, dry=True)
    assert sum("created" in line for line in said) == 3
    assert set(peer.methods) == {"GET"}
    assert peer.menus.menus == {}
    run(peer, menus)
    run(peer, changed(menus, "staff"), {"staff": ["U1"]}, dry=True)
    assert set(peer.methods) == {"GET"}
    assert peer.menus.users == {}


def test_a_run_that_was_cut_off_is_taken_up(peer: LinePeer, menus: list[Wanted]) -> None:
    peer.script(fail=[{"path": "/content", "status": 500, "body": {"message": "oops"}}])
    with pytest.raises(Failed, match=r"^LINE: 500 oops$"):
        run(peer, menus)
    assert len(peer.menus.menus) == 1
    assert "villager: picture uploaded" in run(peer, menus)
    assert len(peer.menus.menus) == len(peer.menus.pictures) == 3


def test_what_is_refused_is_told_in_one_line(peer: LinePeer, menus: list[Wanted], desk: Desk) -> None:
    with LineApi(peer.url, peer.url, "another") as api, pytest.raises(Failed, match="LINE_CHANNEL_ACCESS_TOKEN"):
        install(api, menus, {}, lambda _: None)
    with pytest.raises(Failed, match=r"chatBarText: invalid"):
        run(peer, [replace(one, menu={**one.menu, "chatBarText": "x" * 15}) for one in menus])
    assert peer.menus.menus == {}
    nowhere = "http://127.0.0.1:9"
    with LineApi(nowhere, nowhere, LINE_TOKEN) as api, pytest.raises(Failed, match="no answer"):
        install(api, menus, {}, lambda _: None)


def test_content_makes_the_name(desk: Desk, menus: list[Wanted]) -> None:
    assert [one.menu["name"] for one in wanted(desk)] == [one.menu["name"] for one in menus]
    assert len({one.menu["name"] for one in menus}) == 3
