"""The commands that end what is kept: one person's data, and what has been kept long enough."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.commands.failed import Failed, one_line
from bot.commands.starting import say_line, start

DryRun = Annotated[bool, typer.Option("--dry-run", help="Only print what would go; write nothing.")]


def add_to(app: typer.Typer) -> None:
    """Let an application have these commands."""
    for command in (erase, retain):
        app.command()(command)


def erase(person: Annotated[int, typer.Option(help="row id of the person")], dry_run: DryRun = False) -> None:
    """Erase everything about a person from the live database, as that person can do in chat."""
    from bot.commands.keeping import erase_person, holdings_of, print_table  # noqa: PLC0415
    from bot.commands.opening import open_house  # noqa: PLC0415

    with one_line():
        house = open_house(start())
        found = holdings_of(house, person)
        if found is None:
            raise Failed(f"there is no person {person}, or they are erased already")
        print_table(("what", "rows"), [(name, str(count)) for name, count in found.items()])
        if dry_run:
            say_line("erase: nothing was written")
            return
        receipt, due = erase_person(house, person)
    say_line(f"erase: done; receipt {receipt}; delete the backups from before today by {due}")


def retain(dry_run: DryRun = False) -> None:
    """End what has been kept long enough; run it once a day."""
    from bot.clock import now  # noqa: PLC0415
    from bot.commands.keeping import print_table, retain_all  # noqa: PLC0415
    from bot.commands.opening import open_house  # noqa: PLC0415

    with one_line():
        house = open_house(start())
        rows = retain_all(house, now(), dry_run=dry_run)
    print_table(("what", "days", "rows", "why"), [(kind, str(days), str(n), why) for kind, days, n, why in rows])
    say_line("retain: nothing was written" if dry_run else f"retain: {sum(row[2] for row in rows)} rows ended")
