"""`erase` and `retain`: the same functions that chat and timers use, by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.app import House


def holdings_of(house: House, person_id: int) -> dict[str, int] | None:
    """What is held about a person, by kind; None for nobody, and for who is erased."""
    from storage import holdings  # noqa: PLC0415
    from storage.models import Person  # noqa: PLC0415

    with house.readers() as session:
        person = session.get(Person, person_id)
        if person is None or person.erased_at is not None:
            return None
        return asdict(holdings.held(session, person_id))


def erase_person(house: House, person_id: int) -> tuple[str, str]:
    """Erase a person; the receipt and the ISO date by which backups are to be gone.

    Households that stood behind their reports are told at the next start, or at once by a program that runs.

    :raises Failed: somebody else erased them a moment ago.
    """
    from bot.app import make_channels  # noqa: PLC0415
    from bot.clock import now  # noqa: PLC0415
    from bot.commands.failed import Failed  # noqa: PLC0415
    from bot.pipeline import Pipeline  # noqa: PLC0415
    from handlers.desk import BANGKOK  # noqa: PLC0415
    from handlers.erasing import erase, receipt_of  # noqa: PLC0415

    at = now()
    pipeline = Pipeline(make_channels(house), house.desk)
    with house.sessions.begin() as session:
        done = erase(house.desk, session, person_id, at, inbox_id=None)
        if done is None:
            raise Failed(f"person {person_id} was erased by somebody else a moment ago")
        erasure, news = done
        pipeline.announce(session, news, at)
        return receipt_of(house.desk, "th", erasure), erasure.due_at.astimezone(BANGKOK).date().isoformat()


def retain_all(house: House, now: datetime, *, dry_run: bool) -> list[tuple[str, int, int, str]]:
    """End what has been kept long enough, page by page; kind, days, rows and reason of each rule."""
    from handlers.erasing import RECEIPT_STAYS  # noqa: PLC0415
    from storage import erasing, retaining  # noqa: PLC0415

    rows = []
    for rule in retaining.RULES:
        if dry_run:
            with house.readers() as session:
                ended = retaining.count(session, rule, now)
        else:
            ended = 0
            while True:
                with house.sessions.begin() as session:
                    page = retaining.page(session, rule, now)
                ended += page
                if page == 0:
                    break
        rows.append((rule.kind, rule.days, ended, rule.why))
    before = now - RECEIPT_STAYS * 2  # the timer has had its day
    ended = 0
    while True:
        with (house.readers if dry_run else house.sessions)() as session:
            left = erasing.unfinished(session, before, retaining.PAGE)
            ended += len(left)
            if dry_run or not left:
                break
            for erasure in left:
                erasing.last_traces(session, erasure, 0, now)
            session.commit()
    why = "last traces of erased people whose timer did not go off"
    return [*rows, ("erasures", 2, ended, why)]


def print_table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table on stdout."""
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    table = Table(*heads)
    for row in rows:
        table.add_row(*row)
    Console(highlight=False).print(table)
