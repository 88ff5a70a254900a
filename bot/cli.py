"""The commands. Exit codes: 0 done, 1 the work failed (one line on stderr says why), 2 wrong use."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated

import typer

from bot import cli_keeping, cli_setup, cli_understanding
from bot.commands.column_help import WithColumns
from bot.commands.failed import Failed, one_line
from bot.commands.starting import say_line, start
from bot.settings import SettingsError

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
cli_understanding.add_to(app)
cli_keeping.add_to(app)
cli_setup.add_to(app)


def main() -> None:
    """Run a command and turn what fails into one line and an exit code."""
    try:
        app()
    except (SettingsError, Failed) as error:
        typer.echo(f"sansiang: {error}", err=True)
        raise SystemExit(1) from None


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
    from bot.schema import migrate as bring_up  # noqa: PLC0415

    with one_line():
        bring_up(make_house(start()).engine)
    typer.echo("the database is up to date")


@app.command()
def invite(
    role: Annotated[str, typer.Option(help="staff, coordinator, volunteer or admin")],
    province: Annotated[str, typer.Option(help="slug, such as chiang-rai")],
    agency: Annotated[str, typer.Option(help="abbreviation, as agencies.toml writes it")] = "",
    amphoe: Annotated[str, typer.Option(help="name; limits the role's area")] = "",
    sensitive: Annotated[bool, typer.Option("--sensitive", help="May see sensitive reports.")] = False,
) -> None:
    """Print a one-use code, good for seven days."""
    from bot.invites import InviteError, make_invite  # noqa: PLC0415

    settings = start()
    try:
        with one_line():
            code = make_invite(settings, role, province, agency=agency, amphoe=amphoe, sensitive=sensitive)
    except InviteError as error:
        raise typer.BadParameter(error.why, param_hint=error.option) from None
    if settings.sample:
        typer.echo("invite: for the sample database, because neither a platform nor DATABASE_URL is set", err=True)
    typer.echo(code)


@app.command()
def digest(
    province: Annotated[str, typer.Option(help="slug, such as chiang-rai")],
    week: Annotated[str, typer.Option(help="ISO week, such as 2026-W47; this week when left out")] = "",
    first: Annotated[str, typer.Option("--from", help="first day, such as 2026-11-16")] = "",
    last: Annotated[str, typer.Option("--to", help="last day")] = "",
    amphoe: Annotated[str, typer.Option(help="name")] = "",
    category: Annotated[str, typer.Option(help="core category, or one of the province's own")] = "",
    agency: Annotated[str, typer.Option(help="abbreviation of who holds the cases")] = "",
    form: Annotated[str, typer.Option("--format", help="text, json or xlsx")] = "text",
    out: Annotated[Path | None, typer.Option(dir_okay=False, help="file to write; needed for xlsx")] = None,
) -> None:
    """Count a week or a range of days, as chat does, and keep the answer as a draft."""
    from bot.clock import now  # noqa: PLC0415
    from bot.commands import days, digesting  # noqa: PLC0415
    from bot.commands.opening import open_house  # noqa: PLC0415
    from handlers.desk import BANGKOK  # noqa: PLC0415

    digesting.check_format(form, out)
    asked = days.days_of(week, first, last, now().astimezone(BANGKOK).date())
    with one_line():
        house = open_house(start())
        question = days.ask(house, province, asked, amphoe=amphoe, category=category, agency=agency)
        digesting.write(digesting.answer(house, question), form, out, say_line)


@app.command("import", cls=WithColumns)
def import_(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="CSV, CSV.gz or XLSX")],
    province: Annotated[str, typer.Option(help="slug of the province that owns the rows")],
) -> None:
    """Import reports; what is there already is left as it is."""
    from bot.clock import now  # noqa: PLC0415
    from bot.commands.importing import import_file  # noqa: PLC0415
    from bot.commands.opening import open_house, province_of  # noqa: PLC0415

    with one_line():
        house = open_house(start())
        import_file(house, file, province_of(house.desk.directory, province), now)


@app.command()
def export(
    province: Annotated[str, typer.Option(help="slug, such as chiang-rai")],
    out: Annotated[Path, typer.Option(dir_okay=False, help="file to write: .csv, .csv.gz or .xlsx")],
    sensitive: Annotated[bool, typer.Option("--sensitive", help="Write the words of private reports too.")] = False,
) -> None:
    """Write a province's reports as a table."""
    from bot.commands.exporting import ENDINGS, ending_of, export_file  # noqa: PLC0415
    from bot.commands.opening import open_house, province_of  # noqa: PLC0415

    if not ending_of(out):
        raise typer.BadParameter(f"'{out.name}' must end in {', '.join(ENDINGS)}", param_hint="--out")
    with one_line():
        house = open_house(start())
        count = export_file(house, out, province_of(house.desk.directory, province), sensitive=sensitive)
    typer.echo(f"export: {count} reports in {out}")


@app.command()
def move(
    to: Annotated[str, typer.Option(help="empty database, such as postgresql://user@host/sansiang")],
    check: Annotated[bool, typer.Option("--check", help="Compare only; write nothing.")] = False,
) -> None:
    """Move everything from SQLite to PostgreSQL and compare both; the old database stays as it is."""
    from bot.commands.moving import move as move_all  # noqa: PLC0415

    move_all(start(), to, check=check)


@app.command()
def doctor(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """Check settings, database, secret, disk, model, tokens and what is stuck; say what nobody has confirmed yet."""
    from bot.commands.doctoring import dump, examine, print_checks  # noqa: PLC0415

    checks = examine(start())
    if as_json:
        say_line(dump(checks))
    else:
        print_checks(checks)
    if wrong := [check.name for check in checks if check.state == "failure"]:
        raise Failed(f"wrong: {', '.join(dict.fromkeys(wrong))}; the answer says what to do")


@app.command()
def chat(user: Annotated[str, typer.Option(help="who speaks")] = "terminal") -> None:
    """Talk to a running `run` in the terminal."""
    from bot.commands.chatting import address_of, chat, prompted  # noqa: PLC0415

    chat(address_of(start()), user, prompted(), say_line)


@app.command()
def bench() -> None:
    """Measure this machine and print the benchmark table."""
    from bot.bench import run_benchmarks  # noqa: PLC0415

    raise typer.Exit(run_benchmarks())
