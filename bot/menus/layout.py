"""What stands in LINE's rich menus: a menu for each role, six tiles each, as data and as LINE's JSON.

Limits: https://developers.line.biz/en/reference/messaging-api/#rich-menu-object (chat bar 14 letters, a tile's spoken
label 20, what it says or sends 300).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from handlers.desk import Desk

WIDTH, HEIGHT = 2500, 1686  # pixels: LINE's full-size menu
COLUMNS = 3
# They open in LINE's app on a phone, in a chat between two:
# https://developers.line.biz/en/docs/messaging-api/using-line-url-scheme/
PICKERS: Mapping[str, str] = {"camera": "https://line.me/R/nv/camera/", "location": "https://line.me/R/nv/location/"}
MenuRole = Literal["villager", "volunteer", "staff"]


DEFAULT: MenuRole = "villager"


def alias_of(role: str) -> str:
    """The alias under which the bot finds a role's menu at LINE."""
    return f"sansiang-{role}"


@dataclass(frozen=True, slots=True)
class Tile:
    """A tile: an icon of the pages, and what a tap does. Its words are the catalog's `menu.<does>`.

    `does` is one of the words that always work, or a picker of LINE's.
    """

    does: str
    icon: str


@dataclass(frozen=True, slots=True)
class Bounds:
    """Where a tile lies, in pixels of the picture."""

    x: int
    y: int
    width: int
    height: int


NEW, HELP = Tile("new", "new"), Tile("help", "help")
CAMERA, LOCATION = Tile("camera", "photo"), Tile("location", "place")
STATUS, DATA = Tile("status", "status"), Tile("data", "person")
FORUM, QUEUE = Tile("forum", "forum"), Tile("queue", "queue")
DIGEST, DIGEST_LAST = Tile("digest", "digest"), Tile("digest_last", "file")

# The first tile is what each came for.
MENUS: Mapping[MenuRole, tuple[Tile, ...]] = {
    "villager": (NEW, CAMERA, LOCATION, STATUS, DATA, HELP),
    "volunteer": (FORUM, NEW, CAMERA, STATUS, DATA, HELP),
    "staff": (QUEUE, DIGEST, DIGEST_LAST, FORUM, NEW, HELP),
}


def bounds(number: int, count: int) -> Bounds:
    """Where tile `number` (from 0) of `count` lies: rows of three that fill the picture without a gap."""
    rows = -(-count // COLUMNS)
    row, column = divmod(number, COLUMNS)
    left, right = column * WIDTH // COLUMNS, (column + 1) * WIDTH // COLUMNS
    top, bottom = row * HEIGHT // rows, (row + 1) * HEIGHT // rows
    return Bounds(left, top, right - left, bottom - top)


def rich_menu(desk: Desk, role: MenuRole, name: str) -> dict[str, Any]:
    """A role's menu as LINE's rich menu object. It speaks Thai: LINE shows one picture to everybody."""
    tiles = MENUS[role]
    areas = [
        {"bounds": _as_json(bounds(number, len(tiles))), "action": action(desk, tile)}
        for number, tile in enumerate(tiles)
    ]
    size = {"width": WIDTH, "height": HEIGHT}
    return {
        "size": size,
        "selected": True,
        "name": name,
        "chatBarText": desk.texts.say("th", "menu.bar"),
        "areas": areas,
    }


def action(desk: Desk, tile: Tile) -> dict[str, Any]:
    """What a tap does; `label` is what a screen reader speaks.

    A word is said as words: that works with every key and every release. Only telling something opens the keyboard,
    which LINE offers with a postback alone.
    """
    label = desk.texts.say("th", f"menu.{tile.does}")
    if tile.does in PICKERS:
        return {"type": "uri", "label": label, "uri": PICKERS[tile.does]}
    said = desk.texts.say("th", f"words.{tile.does}").split("|")[0]
    if tile.does != "new":
        return {"type": "message", "label": label, "text": said}
    told = {"data": desk.postback("menu.new"), "displayText": said, "inputOption": "openKeyboard"}
    return {"type": "postback", "label": label, **told}


def _as_json(at: Bounds) -> dict[str, int]:
    return {"x": at.x, "y": at.y, "width": at.width, "height": at.height}
