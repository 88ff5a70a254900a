"""Read a hand-written TOML file into a shape, and say what is wrong in one plain line: file, key, trouble.

The people who write these files are coordinators and officials, not programmers. Keys are written as in
'category[2].core'; entries are counted from 1, from the top of the file, as a person counts them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, TypeVar, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError


class TomlFileError(Exception):
    """A file that cannot be used as it is; the text is one line that names file, key and trouble."""


class Shape(BaseModel):
    """Base of what a file may hold: nothing unnamed, nothing converted (a number in quotes is text)."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, str_strip_whitespace=True)


def _filled(text: str) -> str:
    if not text:
        raise PydanticCustomError("plain", "is empty")
    return text


Words = Annotated[str, AfterValidator(_filled)]
ShapeT = TypeVar("ShapeT", bound=Shape)

_PLAIN = {
    "missing": "is missing",
    "string_type": "should be text in quotes",
    "list_type": "should be a list in square brackets",
    "bool_type": "should be true or false",
    "float_type": "should be a number",
    "model_type": "should be a table",
}
_BOUNDS = {"less_than_equal": "should be at most {le:g}", "greater_than_equal": "should be at least {ge:g}"}


def shown(path: Path) -> str:
    """Name a path as the reader would type it: from the working directory where it lies below, else in full."""
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.as_posix()


def hint(word: str, known: Iterable[str]) -> str:
    """Give " (did you mean 'water'?)" for a known word that is near to `word`, else ''."""
    near = get_close_matches(word, list(known), n=1)
    return f" (did you mean '{near[0]}'?)" if near else ""


def one_line(path: Path, troubles: list[str]) -> str:
    """Put the first trouble behind the file's name, with the number of the others."""
    more = f" (and {len(troubles) - 1} more)" if len(troubles) > 1 else ""
    return f"{shown(path)}: {troubles[0]}{more}"


def parse(path: Path, error: type[TomlFileError]) -> dict[str, Any]:
    """Read a TOML file as it stands; a byte-order mark, as some Windows editors write it, is overlooked.

    :raises TomlFileError: as `error`, for a file that is absent, is not UTF-8 or is not TOML (the line is named).
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise error(f"{shown(path)}: there is no such file") from None
    except UnicodeDecodeError:
        raise error(f"{shown(path)}: is not UTF-8 text: save it as UTF-8 and try again") from None
    except tomllib.TOMLDecodeError as broken:
        raise error(f"{shown(path)}: is not valid TOML: {broken}") from None


def check(path: Path, data: dict[str, Any], shape: type[ShapeT], error: type[TomlFileError]) -> ShapeT:
    """Hold what a file says against a shape.

    :raises TomlFileError: as `error`, naming the first key that does not fit.
    """
    try:
        return shape.model_validate(data)
    except ValidationError as wrong:
        raise error(one_line(path, [_plain(shape, detail) for detail in wrong.errors()])) from None


def _plain(shape: type[Shape], detail: ErrorDetails) -> str:
    key = _key(detail["loc"])
    if detail["type"] == "extra_forbidden":
        return f"{key}: unknown key{hint(str(detail['loc'][-1]), _keys_at(shape, detail['loc'][:-1]))}"
    if detail["type"] == "literal_error":
        # Pydantic lists the choices as "'a', 'b' or 'c'".
        choices = detail["ctx"]["expected"].replace("'", "").replace(" or ", ", ").split(", ")
        return f"{key}: '{detail['input']}' is not one of {', '.join(choices)}{hint(str(detail['input']), choices)}"
    if detail["type"] == "list_type" and isinstance(detail["input"], dict):
        return f"{key}: should be written in double brackets, [[{key}]]"
    if detail["type"] in _BOUNDS:
        return f"{key}: {_BOUNDS[detail['type']].format(**detail['ctx'])}"
    return f"{key}: {_PLAIN.get(detail['type'], detail['msg'])}"


def _key(loc: tuple[int | str, ...]) -> str:
    text = ""
    for part in loc:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}"
    return text.removeprefix(".")


def _keys_at(shape: type[BaseModel], loc: tuple[int | str, ...]) -> list[str]:
    for part in loc:
        for name, field in shape.model_fields.items():
            if part == (field.alias or name):
                inner = [arg for arg in get_args(field.annotation) if isinstance(arg, type)]
                shape = next((one for one in inner if issubclass(one, BaseModel)), shape)
                break
    return [field.alias or name for name, field in shape.model_fields.items()]
