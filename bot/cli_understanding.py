"""The commands that show, make and measure what is understood of Thai."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.commands.failed import Failed, one_line
from bot.commands.starting import say_line, start


def add_to(app: typer.Typer) -> None:
    """Let an application have these commands."""
    for command in (classify, group, split, train, evaluate):
        app.command()(command)


def classify(province: Annotated[str, typer.Option(help="slug, such as chiang-rai")] = "") -> None:
    """Read messages from stdin, a line each or JSON lines, and say what is understood of each, as JSON lines."""
    from bot.commands.classifying import classify_lines  # noqa: PLC0415
    from bot.commands.opening import open_reader, province_of  # noqa: PLC0415

    reader, directory = open_reader(start())
    own = province_of(directory, province) if province else None
    if bad := classify_lines(typer.get_binary_stream("stdin"), say_line, reader, own):
        raise Failed(f"{bad} lines could not be read; each is named in the answer with its number")


def group(province: Annotated[str, typer.Option(help="slug, such as chiang-rai")] = "") -> None:
    """Read reports from stdin as JSON lines and say which are of one problem: the same number, as JSON lines."""
    from bot.commands.grouping import group_lines, open_likeness  # noqa: PLC0415
    from bot.commands.opening import open_reader, province_of  # noqa: PLC0415

    reader, directory = open_reader(start())
    own = province_of(directory, province) if province else None
    with one_line():
        likeness = open_likeness(reader)
    if bad := group_lines(typer.get_binary_stream("stdin"), say_line, likeness, directory, own):
        raise Failed(f"{bad} lines could not be read; each is named in the answer with its number")


def split(province: Annotated[str, typer.Option(help="slug, such as chiang-rai")] = "") -> None:
    """Read a forum note from stdin and print its header and issues as JSON."""
    from bot.commands.opening import open_reader, province_of  # noqa: PLC0415
    from bot.commands.splitting import split_note  # noqa: PLC0415

    reader, directory = open_reader(start())
    own = province_of(directory, province) if province else None
    say_line(split_note(typer.get_binary_stream("stdin").read(), reader, own))


def train(
    out: Annotated[Path, typer.Option(file_okay=False, help="folder to write the model into")],
    labels: Annotated[
        list[Path] | None,
        typer.Option(exists=True, dir_okay=False, help="CSV or JSON lines with text,label; may be given several times"),
    ] = None,
    alone: Annotated[bool, typer.Option("--alone", help="Leave the shipped examples out.")] = False,
) -> None:
    """Make a model from labelled rows and the shipped examples; print and write its score card."""
    from bot.commands import evaluating, training  # noqa: PLC0415
    from bot.commands.opening import open_directory  # noqa: PLC0415

    with one_line():
        directory = open_directory(start())
        rows = [row for path in labels or () for row in evaluating.read_rows(path, directory)]
        for path in labels or ():
            _name_unused(path)
        card = training.train_model(rows, alone, out, lambda line: typer.echo(line, err=True))
        training.print_card(card)


def evaluate(
    labels: Annotated[Path, typer.Option(exists=True, dir_okay=False, help="CSV or JSON lines with text,label")],
    model: Annotated[
        Path | None, typer.Option(exists=True, file_okay=False, help="folder of a model; the shipped one when left out")
    ] = None,
    out: Annotated[Path | None, typer.Option(dir_okay=False, help="where to write the card as JSON")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Measure a model on labelled rows; print the score card."""
    from bot.commands import evaluating  # noqa: PLC0415
    from bot.commands.opening import open_reader  # noqa: PLC0415
    from nlp.evaluate import score  # noqa: PLC0415

    with one_line():
        reader, directory = open_reader(start(), model)
        rows = evaluating.read_rows(labels, directory)
        _name_unused(labels)
        evaluating.check_labels(labels, rows, reader.model.labels)
        card = score(rows, reader)
        text = evaluating.dump(card)
        if out:
            out.write_text(text + "\n", "utf-8")
        if as_json:
            say_line(text)
        else:
            evaluating.print_card(card)


def _name_unused(labels: Path) -> None:
    from bot.commands.evaluating import unused_columns  # noqa: PLC0415

    if unused := unused_columns(labels):
        typer.echo(f"{labels.name}: not used: {', '.join(unused)}", err=True)
