"""The menu that goes with a reply on LINE: linked after the message, and never at its cost."""

import asyncio
import uuid
from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.channels.base import Parcel, SendFailed
from handlers.messages import Menu, Reply
from tests.bot.channels.test_line_sending import CHAT, HELLO, opened
from tests.peers import LinePeer


@pytest.fixture
def peer() -> Iterator[LinePeer]:
    with LinePeer() as peer:
        yield peer


def give(peer: LinePeer, *menus: Menu, chat: str = CHAT) -> None:
    """Send a message for each menu, all over one channel."""

    async def run() -> None:
        async with opened(peer.url) as channel:
            for menu in menus:
                await channel.send(Parcel(chat, (replace(HELLO, menu=menu),), str(uuid.uuid4())))

    asyncio.run(run())


def shelve(peer: LinePeer, **aliases: str) -> None:
    """Put menus under their aliases, as `setup-line` does."""
    for role, key in aliases.items():
        peer.menus.menus[key], peer.menus.pictures[key] = {}, b"png"
        peer.menus.aliases[f"sansiang-{role}"] = key


def test_a_new_role_changes_the_menu_after_the_message(peer: LinePeer) -> None:
    shelve(peer, staff="richmenu-s", volunteer="richmenu-v")
    give(peer, "volunteer", "")
    assert peer.menus.users == {CHAT: "richmenu-v"}
    assert [path.rpartition("/v2/bot/")[2] for path in peer.calls] == [
        "message/push",
        "richmenu/alias/sansiang-volunteer",
        f"user/{CHAT}/richmenu/richmenu-v",
        "message/push",
    ]
    give(peer, "staff", "villager")
    assert peer.menus.users == {}


def test_the_menu_is_looked_up_once_and_again_when_it_was_replaced(peer: LinePeer) -> None:
    shelve(peer, staff="richmenu-old")

    async def run() -> None:
        async with opened(peer.url) as channel:
            for _ in range(2):
                await channel.send(Parcel(CHAT, (replace(HELLO, menu="staff"),), str(uuid.uuid4())))
            peer.menus.menus.clear()
            peer.menus.pictures.clear()
            shelve(peer, staff="richmenu-new")
            await channel.send(Parcel(CHAT, (replace(HELLO, menu="staff"),), str(uuid.uuid4())))

    asyncio.run(run())
    assert peer.menus.users == {CHAT: "richmenu-new"}
    assert peer.calls.count("/v2/bot/richmenu/alias/sansiang-staff") == 2


def test_a_menu_that_cannot_be_given_does_not_fail_the_message(peer: LinePeer) -> None:
    give(peer, "staff")  # nobody has run `setup-line`
    shelve(peer, staff="richmenu-s")
    peer.script(fail=[{"path": "/richmenu", "status": 500, "times": 9}])
    give(peer, "staff", "villager")
    assert [sent["kind"] for sent in peer.accepted] == ["push"] * 3
    peer.script(fail=[])
    give(peer, "staff", chat="C8e0a5d1f3b7c49e2a6d4f8b0c1e3a5d7")
    assert peer.menus.users == {}  # groups have none


def test_a_menu_alone_says_nothing_and_is_tried_again(peer: LinePeer) -> None:
    shelve(peer, staff="richmenu-s")
    give(peer, "staff")
    back = Reply("", menu="villager")

    async def run() -> None:
        async with opened(peer.url) as channel:
            assert channel.pack([back, HELLO, back]) == [(HELLO,), (back,), (back,)]
            peer.script(fail=[{"path": "/richmenu", "status": 500, "times": 1}])
            with pytest.raises(SendFailed) as failed:
                await channel.send(Parcel(CHAT, (back,), str(uuid.uuid4())))
            assert failed.value.failure == "again"
            assert peer.menus.users == {CHAT: "richmenu-s"}
            await channel.send(Parcel(CHAT, (back,), str(uuid.uuid4())))

    asyncio.run(run())
    assert peer.menus.users == {}
    assert [sent["kind"] for sent in peer.accepted] == ["push"], "the first one alone"


def test_a_menu_alone_that_line_refuses_for_good_is_not_tried_for_a_day(peer: LinePeer) -> None:
    async def run() -> None:
        async with opened(peer.url) as channel:
            peer.script(fail=[{"path": "/richmenu", "status": 400, "times": 9}])
            await channel.send(Parcel(CHAT, (Reply("", menu="villager"),), str(uuid.uuid4())))

    asyncio.run(run())
    assert peer.accepted == []
