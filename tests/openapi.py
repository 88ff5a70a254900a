"""A small check of JSON against an OpenAPI schema: what the platforms' interface files use, and no more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

_TYPES: dict[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
}


def faults(value: Any, schema: dict[str, Any], document: dict[str, Any], at: str = "body") -> Iterator[str]:
    """Name the places where a value breaks its schema. `document` is the whole file, for its references."""
    if "$ref" in schema:
        schema = _named(schema["$ref"], document)
    if "discriminator" in schema and isinstance(value, dict):
        kinds, key = schema["discriminator"]["mapping"], value.get(schema["discriminator"]["propertyName"])
        if key not in kinds:
            yield f"{at}: unknown kind {key!r}"
        else:
            yield from faults(value, {"$ref": kinds[key]}, document, at)
        return
    if "type" in schema and not isinstance(value, _TYPES[schema["type"]]):
        yield f"{at}: not of type {schema['type']}"
        return
    if value not in schema.get("enum", [value]):
        yield f"{at}: {value!r} is none of {schema['enum']}"
    if isinstance(value, str | list):
        most, least = ("maxLength", "minLength") if isinstance(value, str) else ("maxItems", "minItems")
        if not schema.get(least, 0) <= len(value) <= schema.get(most, len(value)):
            yield f"{at}: length {len(value)}"
    yield from _inside(value, schema, document, at)


def _inside(value: Any, schema: dict[str, Any], document: dict[str, Any], at: str) -> Iterator[str]:
    if isinstance(value, list):
        for n, one in enumerate(value):
            yield from faults(one, schema.get("items", {}), document, f"{at}[{n}]")
    if isinstance(value, dict):
        known = schema.get("properties", {})
        yield from (f"{at}: {name} is missing" for name in schema.get("required", []) if name not in value)
        for name, one in value.items():
            if name in known:
                yield from faults(one, known[name], document, f"{at}.{name}")
            elif schema.get("additionalProperties", True) is False:
                yield f"{at}: {name} is unknown"


def _named(reference: str, document: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = document
    for step in reference.removeprefix("#/").split("/"):
        found = found[step]
    return found
