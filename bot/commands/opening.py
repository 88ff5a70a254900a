"""What every command over provinces opens: the house with its database up to date, or only the understanding."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from bot.commands.failed import Failed

if TYPE_CHECKING:
    from bot.app import House
    from bot.settings import Settings
    from handlers.provinces import Directory, Province
    from nlp.reader import Reader


def open_house(settings: Settings) -> House:
    """The house, its database up to date.

    :raises SettingsError: naming what is wrong with the settings.
    """
    from bot.app import make_house  # noqa: PLC0415
    from bot.schema import make_ready  # noqa: PLC0415

    house = make_house(settings)
    make_ready(house.engine, house.sessions)
    return house


def open_reader(settings: Settings, model: Path | None = None) -> tuple[Reader, Directory]:
    """The understanding and the provinces; no database is opened.

    :param model: the folder of a model, the shipped one when None.
    :raises Failed: there is no model in the folder.
    :raises SettingsError: a province that is set has no file, or a file is wrong.
    """
    from bot.app import make_directory  # noqa: PLC0415
    from nlp.model import ModelError  # noqa: PLC0415
    from nlp.reader import MODEL, Reader  # noqa: PLC0415

    try:
        reader = Reader.load(model or MODEL)
    except ModelError as error:
        raise Failed(str(error)) from None
    return reader, make_directory(settings, reader)


def open_directory(settings: Settings) -> Directory:
    """The provinces.

    :raises SettingsError: a province that is set has no file, or a file is wrong.
    """
    return open_reader(settings)[1]


def province_of(directory: Directory, slug: str) -> Province:
    """The province of a slug.

    :raises typer.BadParameter: there is none.
    """
    found = directory.provinces.get(slug)
    if found is None:
        raise unknown("--province", slug, directory.provinces)
    return found


def unknown(option: str, value: str, known: Iterable[str]) -> typer.BadParameter:
    """The complaint about a word that is none of those known."""
    return typer.BadParameter(f"there is no '{value}'; there are {', '.join(known)}", param_hint=option)
