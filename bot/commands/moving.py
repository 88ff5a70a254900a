"""`move`: a whole installation from SQLite to PostgreSQL, verified.

Everything goes in one transaction, which is compared with its source before it is committed. So the new database holds
all or nothing however a move ends, and who repeats it need not know how far it came.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from bot.commands.comparing import Compared, adding, compare, differences, files_of, show
from bot.commands.failed import Failed, one_line
from bot.commands.progress import progress
from bot.settings import DATABASES, KEY_FILE, Settings, secret_of
from storage import moving
from storage.trouble import in_words, is_locked
from storage.vault import SealBroken, Vault

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

SHOWN = 20
OPTION = "--to"
NOT_MOVED = f"{OPTION}: that database is empty: nothing was moved there"


def move(settings: Settings, to: str, *, check: bool = False) -> list[Compared]:
    """Move, or with `check` only compare; tells on stdout what was compared. What is there already is not written.

    :raises Failed: a database cannot be read or written, holds what it should not, or both differ after all.
    :raises SettingsError: the installation is served, or its key does not fit.
    :raises typer.BadParameter: `to` is no address of a PostgreSQL database.
    """
    from bot.schema import migrate  # noqa: PLC0415
    from bot.serve import only_worker  # noqa: PLC0415
    from storage.database import make_engine  # noqa: PLC0415

    see_address(to)
    path = file_of(settings)
    if settings.sample:
        typer.echo("move: from the try-out database; set DATABASE_URL for real work", err=True)
    with telling_apart(), only_worker(settings):
        vault = Vault(secret_of(settings))
        # Without being told, the driver gives bytes for the texts of a database that keeps them as it likes.
        there = make_url(to).update_query_dict({"client_encoding": "utf8"}).render_as_string(hide_password=False)
        source, target = make_engine(settings.database), make_engine(there)
        try:
            _see_target(target, check=check)
            _see_source(source, path, vault)
            if not check:
                migrate(target)
            with source.connect() as here:  # its transaction keeps all others from writing, and is not committed
                compared = _move(here, target, settings.data_dir / "media", vault, check=check)
        finally:
            source.dispose()
            target.dispose()
    _tell_what_next(settings)
    return compared


def see_address(to: str) -> None:
    """See that an address is one of PostgreSQL.

    :raises typer.BadParameter: it is not.
    """
    try:
        url = make_url(to)
    except (ArgumentError, ValueError):  # a port that is no number
        url = None
    if url is None or url.drivername not in DATABASES or url.get_backend_name() != "postgresql" or not url.database:
        raise typer.BadParameter("must be written as postgresql://user@host/database", param_hint=OPTION)


def file_of(settings: Settings) -> Path:
    """The file that is moved.

    :raises Failed: there is none.
    """
    if settings.shared:
        raise Failed("DATABASE_URL: is PostgreSQL already; set it to the SQLite database that is to be moved")
    name = make_url(settings.database).database
    if not name or not Path(name).is_file():
        raise Failed(f"DATABASE_URL: there is no database at {settings.database}: nothing to move")
    return Path(name)


@contextmanager
def telling_apart() -> Iterator[None]:
    """Turn what a disk or a database refuses into one line that tells the new database from the old.

    :raises Failed: what was refused.
    """
    from storage.database import TooOld  # noqa: PLC0415

    with one_line():
        try:
            yield
        except DBAPIError as error:
            if not type(error.orig).__module__.startswith("psycopg"):
                raise
            if is_locked(error):
                raise Failed(f"{OPTION}: others are at work on that database: stop them first") from None
            raise Failed(f"{OPTION}: {in_words(error)}") from None
        except (TooOld, moving.DoesNotFit) as error:
            raise Failed(f"{OPTION}: {error}") from None


def _see_target(target: Engine, *, check: bool) -> None:
    """See that one may move there; who uses a database of ours already decides alone when it is upgraded."""
    from storage.database import schema_of  # noqa: PLC0415

    with target.connect() as connection:
        strangers, encoding = moving.strangers(connection), moving.encoding(connection)
    if strangers:
        names = ", ".join(strangers[:3]) + (" and others" if len(strangers) > 3 else "")
        raise Failed(f"{OPTION}: that database holds tables of something else ({names}): an empty one is needed")
    if encoding != "UTF8":
        raise Failed(f"{OPTION}: that database keeps texts as {encoding}: make it with ENCODING 'UTF8'")
    found = schema_of(target)
    if found == "behind":
        raise Failed(f"{OPTION}: that database is of an older release: run `python -m bot migrate` on it first")
    if found == "ahead":
        raise Failed(f"{OPTION}: a newer release has upgraded that database: move with the newer one")
    if check and found == "empty":
        raise Failed(NOT_MOVED)


def _see_source(source: Engine, path: Path, vault: Vault) -> None:
    """See that there is something to move, of this release and our key; an older file is upgraded as by any command."""
    from bot.schema import make_ready  # noqa: PLC0415
    from storage.database import make_sessions, schema_of  # noqa: PLC0415

    found = schema_of(source)
    if found == "empty":
        raise Failed(f"{path}: has no tables of ours: nothing to move")
    if found == "ahead":
        raise Failed(f"{path}: a newer release has upgraded it: move with the newer one")
    make_ready(source, make_sessions(source, vault))


def _move(here: Connection, target: Engine, folder: Path, vault: Vault, *, check: bool) -> list[Compared]:
    if not moving.filled(here):
        raise Failed("DATABASE_URL: the database holds nothing yet: start the new one empty")
    with target.connect().execution_options(isolation_level="REPEATABLE READ") as there:
        _see_key(here, there)
        filled = moving.filled(there)
        if check and not filled:
            raise Failed(NOT_MOVED)
        if filled:
            compared = compare(here, there, folder)
            _see_equal(compared, "" if check else "; an empty database is needed, or has it been used since the move?")
            _tell(compared, "nothing was written" if check else "moved before, nothing was written")
            _tell_lost(there)
            return compared
    with target.begin() as there:
        moving.take_hold(there)
        if name := moving.filled(there):
            raise Failed(f"{OPTION}: somebody else began to fill that database (table {name})")
        moving.begin_anew(there)
        mended, broken = _copy(here, there, folder, vault)
        compared = compare(here, there, folder)
        _see_equal(compared, "; nothing was kept")
    _tell(compared, "moved")
    if mended:
        typer.echo(f"move: {mended} rows held NUL characters, which PostgreSQL does not take: left out", err=True)
    _name(broken, "files do not open or are not what their names say; moved as they are")
    with target.connect() as there:
        _tell_lost(there)
    return compared


def _see_key(here: Connection, there: Connection) -> None:
    if not moving.same_key(here, there):
        raise Failed(f"{OPTION}: another SECRET_KEY seals that database: an empty one is needed")


def _copy(here: Connection, there: Connection, folder: Path, vault: Vault) -> tuple[int, list[str]]:
    """Write everything; returns how many rows had to be mended, and the names of files that do not open."""
    mended, broken = 0, []
    with progress("move") as tell:
        add = adding(tell, moving.count(here) + sum(1 for _ in files_of(folder)))
        for table in moving.tables():
            mended += moving.copy_rows(here, there, table, add)
        for path in files_of(folder):
            sealed = path.read_bytes()
            if not _is_whole(path.name, sealed, vault):
                broken.append(path.name)
            moving.copy_file(there, path.name, sealed)
            add(1)
        moving.number_on(there)
    return mended, broken


def _is_whole(name: str, sealed: bytes, vault: Vault) -> bool:
    try:
        return hashlib.sha256(vault.open_bytes(sealed, "media")).hexdigest() == name
    except SealBroken:
        return False


def _see_equal(compared: Sequence[Compared], hint: str) -> None:
    if different := differences(compared):
        show(compared)
        raise Failed(f"{OPTION}: {different}{hint}")


def _tell(compared: Sequence[Compared], what: str) -> None:
    show(compared)
    rows = sum(one.here.rows for one in compared if one.name != moving.FILES)
    files = sum(one.here.rows for one in compared if one.name == moving.FILES)
    typer.echo(f"move: {what}; {rows} rows and {files} files are the same on both sides")


def _tell_lost(there: Connection) -> None:
    lost = [f"{sha256} (medium {row})" for row, sha256 in moving.without_file(there)]
    _name(lost, "files of media are missing; they were missing before")


def _name(names: Sequence[str], what: str) -> None:
    if names:
        more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
        typer.echo(f"move: {len(names)} {what}: {', '.join(names[:SHOWN])}{more}", err=True)


def _tell_what_next(settings: Settings) -> None:
    given = settings.secret_key.get_secret_value()
    key = "as it is" if given else f"to what {settings.data_dir / KEY_FILE} holds"
    typer.echo(f"move: now set DATABASE_URL to the address of {OPTION}, and SECRET_KEY {key}: nothing opens without it")
