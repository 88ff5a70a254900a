"""The rich menus' pictures: within LINE's limits, the same every time, and readable at arm's length."""

from __future__ import annotations

from io import BytesIO
from typing import get_args

import numpy as np
import pytest
from PIL import Image, ImageColor

from bot.menus.drawing import FIRST, OTHERS, Paint, draw
from bot.menus.layout import HEIGHT, MENUS, WIDTH, MenuRole, action, bounds, rich_menu
from bot.printing import icon
from handlers.desk import Desk
from handlers.texts import Texts
from tests.limits import rich_menu_faults

ROLES: tuple[MenuRole, ...] = get_args(MenuRole)


def luminance(colour: str) -> float:
    """WCAG's relative luminance."""
    parts = [part / 255 for part in ImageColor.getrgb(colour)[:3]]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("role", ROLES)
def test_a_picture_is_what_line_takes_and_always_the_same(texts: Texts, role: MenuRole) -> None:
    made = draw(texts, role)
    assert len(made) <= 1_000_000
    picture = Image.open(BytesIO(made))
    assert (picture.format, picture.size) == ("PNG", (WIDTH, HEIGHT))
    assert draw(texts, role) == made


@pytest.mark.parametrize("role", ROLES)
def test_words_are_large_and_whole_on_a_phone(texts: Texts, role: MenuRole) -> None:
    """On a screen of 375 points the words of a tile are 15 points high at least, and clear of its edges."""
    picture = np.asarray(Image.open(BytesIO(draw(texts, role))).convert("RGB"))
    for number in range(len(MENUS[role])):
        at, paint = bounds(number, len(MENUS[role])), FIRST if number == 0 else OTHERS
        tile = picture[at.y + 380 : at.y + at.height - 40, at.x + 40 : at.x + at.width - 40]
        there = (tile == ImageColor.getrgb(paint.letters)).all(axis=2)
        rows, columns = np.flatnonzero(there.any(axis=1)), np.flatnonzero(there.any(axis=0))
        assert (rows[-1] - rows[0]) * 375 / WIDTH >= 15
        assert rows[0] > 0
        assert rows[-1] < there.shape[0] - 1
        assert columns[0] > 0
        assert columns[-1] < there.shape[1] - 1


@pytest.mark.parametrize("paint", [FIRST, OTHERS])
def test_letters_and_icons_stand_out(paint: Paint) -> None:
    assert contrast(paint.letters, paint.fill) >= 7
    assert contrast(paint.line, paint.disc) >= 4.5
    assert contrast("#777777", "#ffffff") < 4.5  # the measure measures


@pytest.mark.parametrize("role", ROLES)
def test_a_menu_is_what_line_takes(desk: Desk, role: MenuRole) -> None:
    menu = rich_menu(desk, role, "name")
    assert rich_menu_faults(menu) == []
    assert len(menu["areas"]) == len(MENUS[role]) <= 6
    assert sum(area["bounds"]["width"] * area["bounds"]["height"] for area in menu["areas"]) == WIDTH * HEIGHT
    labels = [area["action"]["label"] for area in menu["areas"]]
    assert len(set(labels)) == len(labels)  # each is spoken, and tells the tiles apart


def test_every_tile_says_a_word_that_is_understood(desk: Desk) -> None:
    for tiles in MENUS.values():
        for tile in tiles:
            does = action(desk, tile)
            if does["type"] == "uri":
                assert does["uri"] == f"https://line.me/R/nv/{tile.does}/"
            else:
                assert desk.texts.word(does.get("text") or does["displayText"]) == tile.does
            if does["type"] == "postback":
                assert desk.open_postback(does["data"]) == ["menu.new"]
                assert does["inputOption"] == "openKeyboard"


def test_an_icon_that_is_not_there_is_named() -> None:
    with pytest.raises(KeyError, match="unicorn"):
        icon("unicorn", "#000000")
