"""What stands in the way of the database, told from its errors: whether it passes, and in words for a person."""

from __future__ import annotations

import re

from sqlalchemy.exc import DBAPIError

# SQLite: https://www.sqlite.org/rescode.html
_PASSING = ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_FULL", "SQLITE_IOERR", "SQLITE_READONLY", "SQLITE_CANTOPEN")
_LOCKED = ("SQLITE_BUSY", "SQLITE_LOCKED")

# PostgreSQL, Appendix A: connection lost, no room or connections left, being stopped or started, read-only, undone in
# favour of another transaction, no lock in time, idle for too long because this process stood still.
_PASSING_STATES = ("08", "53", "57P0", "57014", "58030", "25006", "25P03", "25P04", "40001", "40P01", "55P03")
# Refused: who asks, the database or a table of it is not there, no right. Somebody must do something about it, and at a
# start that is said at once. Amid work it is still no fault of the work, which waits until they have.
_REFUSING_STATES = ("28", "3D000", "42501", "42P01")
_LOCKED_STATES = ("40001", "40P01", "55P03")

_WORDS = {
    "28P01": "the server refuses the password: correct it in the address",
    "28000": "the server refuses this user: correct the address, or make the user",
    "3D000": "there is no such database on the server: create it first",
    "42501": "this user may not do that there: give it the rights of the database's owner",
    "42P01": "a table is missing: run `python -m bot migrate`, or restore the database",
    "53100": "its disk is full: make room on it",
    "53300": "the server has no connection left: raise max_connections (or the limit of the database or the user)"
    " or run fewer processes",
    "57P01": "the server is being stopped",
    "57P02": "the server has crashed and starts again",
    "57P03": "the server is starting or stopping",
    "25006": "it is read-only: this is a standby, or default_transaction_read_only is on",
}
# Of a connection that is refused libpq gives no code, only the server's words.
_CODES = tuple(
    (re.compile(words), state)
    for words, state in (
        (r"too many connections for|too many clients|remaining connection slots", "53300"),
        (r"password authentication failed|no password supplied", "28P01"),
        (r'role ".*" does not exist|not permitted to log in|no pg_hba\.conf entry', "28000"),
        (r'database ".*" does not exist', "3D000"),
        (r"permission denied for database", "42501"),
        (r"the database system is|not currently accepting connections", "57P03"),
        (r"terminating connection due to administrator command", "57P01"),
    )
)


def state_of(error: BaseException) -> str:
    """The database's own name of an error: SQLite's, such as SQLITE_FULL, or a SQLSTATE; '' when it gives none."""
    original = getattr(error, "orig", None) or error
    given = str(getattr(original, "sqlite_errorname", "") or getattr(original, "sqlstate", "") or "")
    if given or not _is_postgresqls(original):
        return given
    said = str(original)
    return next((state for words, state in _CODES if words.search(said)), "")


def name_of(error: BaseException) -> str:
    """What to call an error in a log: the database's own name of it, else that of its class."""
    return state_of(error) or type(getattr(error, "orig", None) or error).__name__


def is_passing(error: BaseException) -> bool:
    """Whether it is the database's state, and not a piece of work, that stands in the way."""
    if not isinstance(error, DBAPIError) and not _is_postgresqls(error):
        return False
    state = state_of(error)
    if not state:  # a connection that could not be made, or broke
        return getattr(error, "connection_invalidated", False) or _is_lost(getattr(error, "orig", error))
    return state.startswith(_PASSING + _PASSING_STATES + _REFUSING_STATES)


def _is_postgresqls(error: BaseException | None) -> bool:
    return type(error).__module__.startswith("psycopg")


def _is_lost(error: BaseException | None) -> bool:
    return _is_postgresqls(error) and type(error).__name__ in ("OperationalError", "ConnectionTimeout", "PoolTimeout")


def is_locked(error: BaseException) -> bool:
    """Whether others stand in the way, so that the same work may be repeated as it is."""
    return isinstance(error, DBAPIError) and state_of(error).startswith(_LOCKED + _LOCKED_STATES)


def may_pass(error: BaseException) -> bool:
    """Whether waiting may help one who cannot reach the database: not where it refuses who asks, or has not what."""
    return is_passing(error) and not state_of(error).startswith(_REFUSING_STATES)


def in_words(error: BaseException) -> str:
    """What is wrong, for the person who runs the program; never a statement or its values."""
    original = getattr(error, "orig", None) or error
    state = state_of(original)
    if words := _WORDS.get(state):
        return words
    said = str(original).strip().partition("\n")[0]
    if not state and _is_lost(original):
        return f"the server cannot be reached ({said.rpartition('failed: ')[2] or said})"
    return f"{said} ({state})" if state else said or type(error).__name__
