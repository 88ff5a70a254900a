"""A rich menu's picture. Colours keep 4.5 to 1 between letters and ground (WCAG 2.2 AA), most of them far more."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

from bot.menus.layout import HEIGHT, MENUS, WIDTH, MenuRole, bounds
from bot.printing import icon, png
from handlers.texts import Texts

TEMPLATE = Path(__file__).parent / "menu.typ"
GROUND = "#e9f1ec"


@dataclass(frozen=True, slots=True)
class Paint:
    """The colours of a tile: its ground and edge, the disc below its icon, icon and letters."""

    fill: str
    edge: str
    disc: str
    line: str
    letters: str


FIRST = Paint("#0b5f46", "#0b5f46", "#ffd166", "#10382b", "#ffffff")
OTHERS = Paint("#ffffff", "#c4d9cd", "#e3f0e8", "#0b5f46", "#10382b")


def draw(texts: Texts, role: MenuRole) -> bytes:
    """A role's menu as a PNG of 2500 by 1686 pixels; the same bytes every time."""
    tiles = []
    for number, tile in enumerate(MENUS[role]):
        paint = FIRST if number == 0 else OTHERS
        words = texts.say("th", f"menu.{tile.does}")
        at = asdict(bounds(number, len(MENUS[role])))
        tiles.append(at | asdict(paint) | {"words": words, "icon": icon(tile.icon, paint.line)})
    return png(TEMPLATE, {"width": WIDTH, "height": HEIGHT, "ground": GROUND, "tiles": tiles})
