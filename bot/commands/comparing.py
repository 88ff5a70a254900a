"""Whether two databases hold the same, table by table, in figures that a person can compare."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bot.commands.progress import progress
from storage import moving
from storage.moving import Fingerprint

if TYPE_CHECKING:
    from sqlalchemy import Connection

NAMED = 3  # tables in the one line that says what differs


@dataclass(frozen=True, slots=True)
class Compared:
    """A table on both sides."""

    name: str
    here: Fingerprint
    there: Fingerprint

    @property
    def same(self) -> bool:
        """Whether both hold the same rows."""
        return self.here == self.there

    def __str__(self) -> str:
        if self.here.rows != self.there.rows:
            return f"table {self.name} differs: {self.here.rows} rows here, {self.there.rows} there"
        return f"table {self.name} differs: as many rows, but not the same values"


def compare(here: Connection, there: Connection, folder: Path) -> list[Compared]:
    """Compare what moves of SQLite, with the sealed files in `folder`, and PostgreSQL."""
    with progress("check") as tell:
        add = adding(tell, 2 * (moving.count(here) + sum(1 for _ in files_of(folder))))
        compared = [
            Compared(table.name, moving.fingerprint(here, table, add), moving.fingerprint(there, table, add))
            for table in moving.tables()
        ]
        files, blobs = moving.fingerprint_of_files(files_of(folder), add), moving.fingerprint_of_blobs(there, add)
    return [*compared, Compared(moving.FILES, files, blobs)]


def differences(compared: Sequence[Compared]) -> str:
    """Which tables differ, in one line; '' when none does."""
    return ", ".join(str(one) for one in [one for one in compared if not one.same][:NAMED])


def files_of(folder: Path) -> Iterator[Path]:
    """Sealed files in the order of their names.

    All of them: messages that still wait may name some that no row tells of yet.
    """
    for shelf in sorted(folder.iterdir()) if folder.is_dir() else ():
        if shelf.is_dir():
            yield from sorted(path for path in shelf.iterdir() if len(path.name) == 64 and path.is_file())


def adding(tell: Callable[[int, float], None], total: int) -> Callable[[int], None]:
    """A function that is told how many more rows are done, and tells `tell` how many that makes, of how many."""
    done = 0

    def add(rows: int) -> None:
        nonlocal done
        done += rows
        tell(done, min(done / max(total, 1), 1.0))

    return add


def show(compared: Sequence[Compared]) -> None:
    """Both sides as a table on stdout."""
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    table = Table("table", "rows", "there", "SHA-256", "there", "same")
    for one in compared:
        here, there = one.here, one.there
        same = "yes" if one.same else "NO"
        table.add_row(one.name, str(here.rows), str(there.rows), here.sha256[:16], there.sha256[:16], same)
    Console(highlight=False).print(table)
