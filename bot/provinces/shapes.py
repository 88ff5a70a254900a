"""What a province's file and the agencies' file may hold, key by key. Docstrings are the description of the format."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from bot.provinces.toml_file import Shape, Words
from handlers.provinces import ProvinceKind, Standing


def _slug(text: str) -> str:
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", text):
        raise PydanticCustomError("plain", "should be small Latin letters, digits and hyphens, like 'chiang-rai'")
    return text


def _number(text: str) -> str:
    if not re.fullmatch(r"[0-9]{3,10}", text):
        raise PydanticCustomError("plain", "should be 3 to 10 digits without spaces, like '1669'")
    return text


Slug = Annotated[str, AfterValidator(_slug)]
Number = Annotated[str, AfterValidator(_number)]


class CategoryShape(Shape):
    """`[[category]]`: one entry of the province's list; `core` and `also_core` hold 'slug' or 'slug/sub'."""

    slug: Slug
    name_th: Words
    name_en: Words
    description: str = ""
    core: list[Words] = Field(default_factory=list)
    also_core: list[Words] = Field(default_factory=list)
    status: Standing
    source: Words
    quote: str = ""


class ContactShape(Shape):
    """`[[contact]]`: an office of the province; `serves` holds core slugs, empty for everything."""

    agency: Words
    role: str = ""
    serves: list[Words] = Field(default_factory=list)
    phone: str = ""
    url: str = ""
    source: str = ""


class ProvinceShape(Shape):
    """A province's file. `abbr`, `iso` ('TH-57') and `amphoe` are a province's alone: a network leaves them out."""

    slug: Slug
    kind: ProvinceKind
    abbr: str = ""
    name_th: Words
    name_en: Words
    iso: str = ""
    region: str = ""
    asa_pilot: bool = False
    lead_agency: str = ""
    lead_agency_source: str = ""
    slogan: str = ""
    list_status: Words
    list_source: str = ""
    notes: list[Words] = Field(default_factory=list)
    amphoe: list[Words] = Field(default_factory=list)
    category: list[CategoryShape]
    contact: list[ContactShape] = Field(default_factory=list)


class AgencyShape(Shape):
    """`[[asa_agency]]` of agencies.toml."""

    abbr: Words
    name_th: Words
    name_en: Words
    mandate: str = ""
    lead_province: Slug | Literal[""] = ""


class MechanismShape(Shape):
    """`[[mechanism]]` of agencies.toml; `handles` holds core slugs, or '*' alone."""

    abbr: Words
    role: Words
    handles: list[Words]
    provenance: str = ""


class HotlineShape(Shape):
    """`[[hotline]]` of agencies.toml; `sourced` false marks a number that a coordinator has yet to confirm."""

    number: Number
    name_th: Words
    serves: list[Words] = Field(alias="for")
    sourced: bool
    source: Words


class AgenciesShape(Shape):
    """agencies.toml: the partnership's agencies, the bodies of any province, and hotlines."""

    asa_agency: list[AgencyShape]
    mechanism: list[MechanismShape]
    hotline: list[HotlineShape]
