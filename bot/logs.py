"""Logs: ids and states to stderr, as lines for people or JSON for machines."""

from __future__ import annotations

import logging
import sys
import traceback
from pathlib import Path

import structlog

from bot.settings import Settings

LOUD = (
    *("httpx", "httpcore", "aiohttp", "telegram", "linebot", "alembic", "procrastinate", "psycopg.pool"),
    *("asyncio", "uvicorn.access"),
)


def set_up_logs(settings: Settings) -> None:
    """Send our own logs and the libraries' through structlog."""
    level = getattr(logging, settings.log_level.upper())
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        without_words,
    ]
    last: structlog.typing.Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if settings.log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, without_words, last],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    # Their lines at info level name addresses with tokens in them, or every request.
    for name in (
        "httpx",
        "httpcore",
        "aiohttp",
        "telegram",
        "linebot",
        "alembic",
        "procrastinate",
        "asyncio",
        "uvicorn.access",
    ):
        logging.getLogger(name).setLevel(logging.WARNING)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=False,
    )


def without_words(_logger: object, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Tell an exception by its type and where it was raised: its message may hold what somebody said."""
    given = event.pop("exc_info", None)
    error = given if isinstance(given, BaseException) else sys.exc_info()[1] if given is True else None
    if isinstance(given, tuple):
        error = given[1]
    if error is not None:
        frames = traceback.extract_tb(error.__traceback__)[-4:]
        event["error"] = type(error).__name__
        event["at"] = " > ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames)
    return event
