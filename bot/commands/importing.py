"""`import`: reports from a table, durable as it goes; a second import of the same rows adds nothing."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from bot.commands.columns import ColumnsError, Layout, Row, RowError, place_words, recognise
from bot.commands.failed import Failed
from bot.commands.progress import progress
from bot.commands.tables import Table, TableFileError, open_table

if TYPE_CHECKING:
    from bot.app import House
    from handlers.provinces import Province
    from nlp.reading import FoundPlace, Reading

    Locate = Callable[[str, str | None], FoundPlace | None]

BATCH = 500  # rows of one transaction: about a tenth of a second in which nobody else writes
SHOWN = 20


@dataclass(slots=True)
class Outcome:
    """What an import did. `errors` are lines of the file with what is wrong there."""

    read: int = 0
    new: int = 0
    errors: list[tuple[int, str]] = field(default_factory=list)
    repeats: list[int] = field(default_factory=list)  # lines whose id stands above in the same file

    def refuse(self, line: int, why: str) -> None:
        """Note a row that cannot be taken; the first are told at once."""
        self.errors.append((line, why))
        if len(self.errors) <= SHOWN:
            typer.echo(f"line {line}: {why}", err=True)

    def summary(self) -> str:
        """The counts in one line."""
        known = self.read - self.new - len(self.errors) - len(self.repeats)
        repeated = f"{len(self.repeats)} repeating an id above, " if self.repeats else ""
        return f"import: {self.read} rows, {self.new} new, {known} already there, {repeated}{len(self.errors)} left out"

    def repeated(self) -> str:
        """Which rows repeat an id, in one line: the first of an id stands."""
        count, lines = len(self.repeats), ", ".join(map(str, self.repeats[:SHOWN]))
        more = f" and {count - SHOWN} more" if count > SHOWN else ""
        if count == 1:
            return f"import: 1 row repeats an id that stands above: line {lines}; the first of an id stands"
        return f"import: {count} rows repeat an id that stands above: lines {lines}{more}; the first of an id stands"


def import_file(house: House, path: Path, province: Province, clock: Callable[[], datetime]) -> Outcome:
    """Import a table for a province.

    :raises Failed: the file is no table of reports, breaks off, or had rows that were left out.
    """
    outcome, locate = Outcome(), cache(house.desk.reader.locate)
    if house.settings.sample:
        typer.echo("import: into the try-out database, among its sample data; set DATABASE_URL for real work", err=True)
    try:
        with open_table(path) as table, progress("import") as tell:
            layout = recognise(table.header)
            _tell_unused(layout)
            rows = _keyed(table, layout, outcome)
            while batch := list(islice(rows, BATCH)):
                outcome.new += _store(house, province, batch, clock(), locate)
                tell(outcome.read, table.done())
    except (TableFileError, OSError) as error:
        raise Failed(f"{error}; {outcome.new} rows before it are kept") from None
    except ColumnsError as error:
        raise Failed(f"{path.name}: {error}") from None
    finally:
        if outcome.read:
            _note(house, province, outcome, clock())
            if outcome.repeats:
                typer.echo(outcome.repeated(), err=True)
            typer.echo(outcome.summary())
    if outcome.errors:
        raise Failed(_left_out(outcome, path, house.settings.data_dir))
    return outcome


def _tell_unused(layout: Layout) -> None:
    if names := layout.unused:
        many = len(names) > 1
        said = f"columns {', '.join(names)}" if many else f"column {names[0]}"
        typer.echo(f"import: {said} not used; {'they are' if many else 'it is'} kept with each row", err=True)


def _keyed(table: Table, layout: Layout, outcome: Outcome) -> Iterator[tuple[str, Row]]:
    """Good rows with their keys; the others are noted."""
    seen: Counter[bytes] = Counter()
    ids: set[str] = set()
    for record in table.records:
        outcome.read += 1
        try:
            row = layout.row(record)
        except RowError as error:
            outcome.refuse(record.line, str(error))
            continue
        occurrence = 0
        if not row.ticket:
            words = row.words
            occurrence = seen[words]
            seen[words] += 1
        key = row.key(occurrence)
        if row.ticket and key in ids:
            outcome.repeats.append(record.line)
            continue
        if row.ticket:
            ids.add(key)
        yield key, row


def _store(house: House, province: Province, batch: list[tuple[str, Row]], now: datetime, locate: Locate) -> int:
    """Understand a batch outside the transaction, and write what is new of it inside."""
    from handlers.filing import Filing, file_many  # noqa: PLC0415
    from storage import bulk  # noqa: PLC0415

    with house.readers() as session:
        known = bulk.known_keys(session, province.slug, [key for key, _ in batch])
    filings = [
        Filing(row.text, _reading(house, province, row, locate), row.told or now, row.source, key)
        for key, row in batch
        if key not in known
    ]
    if not filings:
        return 0
    with house.sessions.begin() as session:
        return file_many(session, province, filings, now)


def _reading(house: House, province: Province, row: Row, locate: Locate) -> Reading:
    """The text's reading; where it names no tambon, the row's own columns tell the place."""
    reading = house.desk.reader.read(row.text, province.code)
    here = reading.place if reading.place and reading.place.province_code == province.code else None
    if here is not None and here.tambon_code:
        return reading
    words = place_words(row, province.name_th)
    place = locate(words, province.code) if words else None
    if place is None or place.province_code != province.code or (here is not None and not place.tambon_code):
        return reading
    village = here.village if here is not None else ""
    return replace(reading, place=replace(place, village=village))


def _note(house: House, province: Province, outcome: Outcome, now: datetime) -> None:
    from storage import audit  # noqa: PLC0415

    with house.sessions.begin() as session:
        audit.note(
            session,
            "import",
            "province",
            now,
            province=province.slug,
            rows=outcome.read,
            new=outcome.new,
            left_out=len(outcome.errors),
        )


def _left_out(outcome: Outcome, path: Path, folder: Path) -> str:
    said = f"{len(outcome.errors)} of {outcome.read} rows were left out"
    if len(outcome.errors) <= SHOWN:
        return f"{said}, named above; mend them and import the file again: what is there stays"
    file = folder / f"import-errors-{path.name.partition('.')[0]}.csv"
    folder.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(("line", "error"))
        writer.writerows(outcome.errors)
    return f"{said}, all named in {file}; mend them and import the file again: what is there stays"
