"""The commands. Exit codes: 0 done, 1 the work failed (one line on stderr says why), 2 wrong use."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.settings import Settings, SettingsError, load_settings

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)


class Failed(Exception):
    """The work of a command failed; the text says why and what to do, in one line."""


def main() -> None:
    """Run a command and turn what fails into one line and an exit code."""
    try:
        app()
    except (SettingsError, Failed) as error:
        typer.echo(f"sansiang: {error}", err=True)
        raise SystemExit(1) from None


def start(**overrides: Any) -> Settings:
    """Settings, and logs as they say."""
    from bot.logs import set_up_logs  # noqa: PLC0415

    settings = load_settings(**overrides)
    set_up_logs(settings)
    return settings


@app.command()
def run(
    no_worker: Annotated[bool, typer.Option("--no-worker", help="Only keep what comes in.")] = False,
    no_web: Annotated[bool, typer.Option("--no-web", help="Only work, without a web door.")] = False,
) -> None:
    """Serve: web door, workers, Telegram polling."""
    from bot.serve import serve  # noqa: PLC0415

    if no_worker and no_web:
        raise typer.BadParameter("--no-worker and --no-web together leave nothing to do")
    serve(start(), work=not no_worker, web=not no_web)


@app.command()
def demo() -> None:
    """Serve the local channel with sample data in a fresh scratch database."""
    from bot.serve import serve  # noqa: PLC0415

    with tempfile.TemporaryDirectory(prefix="sansiang-") as folder:
        settings = start(
            data_dir=Path(folder),
            database_url="",
            local_channel="on",
            line_channel_secret="",
            line_channel_access_token="",
            telegram_bot_token="",
        )
        serve(settings)


@app.command()
def migrate() -> None:
    """Upgrade the database to this release."""
    from bot.app import make_house  # noqa: PLC0415
    from storage.database import upgrade  # noqa: PLC0415

    upgrade(make_house(start()).engine)
    typer.echo("the database is up to date")


@app.command()
def invite(
    role: Annotated[str, typer.Option(help="staff, coordinator, volunteer or admin")],
    province: Annotated[str, typer.Option(help="slug, such as chiang-rai")],
    agency: Annotated[str, typer.Option(help="abbreviation, such as สปสช.")] = "",
    amphoe: Annotated[str, typer.Option(help="name; limits the role's area")] = "",
    sensitive: Annotated[bool, typer.Option("--sensitive", help="May see sensitive reports.")] = False,
) -> None:
    """Print a one-use code, good for seven days."""
    from bot.invites import make_invite  # noqa: PLC0415

    typer.echo(make_invite(start(), role, province, agency=agency, amphoe=amphoe, sensitive=sensitive))
