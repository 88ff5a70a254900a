"""The help of a command that reads a table: which columns it knows, as the table of names has them."""

from __future__ import annotations

from typing import Any

from typer.core import TyperCommand


class WithColumns(TyperCommand):
    """A command whose help ends with the columns that an import knows."""

    # Typer keeps the classes of the two to itself: they are click's, whole or as a copy.
    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        """Write the columns, read when somebody asks."""
        from bot.commands.columns import column_names  # noqa: PLC0415

        with formatter.section("Columns, by any of these names; text is needed, all others are kept too"):
            formatter.write_dl([(names[0], ", ".join(names[1:])) for names in column_names().values()])
