"""Replies as they lie in the outbox: JSON, written and read by the dataclasses' own types."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from pydantic import TypeAdapter

from handlers.messages import Incoming, Reply


@cache
def _replies() -> TypeAdapter[tuple[Reply, ...]]:
    return TypeAdapter(tuple[Reply, ...])


@cache
def _incoming() -> TypeAdapter[Incoming]:
    return TypeAdapter(Incoming)


def dump_replies(replies: Sequence[Reply]) -> bytes:
    """Replies as JSON, what is left at its default left out."""
    return _replies().dump_json(tuple(replies), exclude_defaults=True)


def load_replies(body: bytes) -> tuple[Reply, ...]:
    """Replies from JSON."""
    return _replies().validate_json(body)


def dump_incoming(incoming: Incoming) -> bytes:
    """An event of our own making, such as a timer or a local message, as JSON."""
    return _incoming().dump_json(incoming, exclude_defaults=True)


def load_incoming(payload: bytes) -> Incoming:
    """An event of our own making from JSON."""
    return _incoming().validate_json(payload)
