"""`digest`: the same figures that chat gives, as text, JSON or a workbook."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from bot.commands.cells import safe_cell
from bot.commands.days import named
from bot.commands.exporting import replacing

if TYPE_CHECKING:
    from bot.app import House
    from bot.commands.days import Question
    from storage.models import Digest

FORMATS = ("text", "json", "xlsx")
PLANNED = ("png", "pdf")


@dataclass(frozen=True, slots=True)
class Answer:
    """A digest in words and in figures."""

    text: str
    figures: dict[str, Any]


def answer(house: House, question: Question) -> Answer:
    """Count the days, keep the answer as a draft for review, and put it into words."""
    from bot.clock import now  # noqa: PLC0415
    from handlers.digest import card_of, compute  # noqa: PLC0415
    from handlers.turn import spoken  # noqa: PLC0415

    with house.sessions.begin() as session:
        digest = compute(session, house.desk, question.province, question.days, None, now(), **question.filters)
        card = card_of(session, house.desk, digest, "th", sensitive=False)
        words = tomllib.loads(files("bot.commands").joinpath("words.toml").read_text("utf-8"))["digest"]
        said = [words[name].format(name=value) for name, value in question.said.items() if name in words]
        text = spoken(replace(card, title=" ".join([card.title, *said])))
        return Answer(text, _figures(house, digest, question, _voices(house, session, digest)))


def _voices(house: House, session: Any, digest: Digest) -> dict[int, str]:
    """The summaries that may be quoted, by report id: nobody's who was erased, nothing sensitive."""
    from storage import paused, reports  # noqa: PLC0415

    found = (reports.by_id(session, group["voice"]) for group in digest.content["groups"])
    return {
        report.id: report.summary
        for report in found
        if report
        and report.erased_at is None
        and report.sensitive is None
        and not report.private
        and not paused.rests(session, report)
    }


def _figures(house: House, digest: Digest, question: Question, voices: dict[int, str]) -> dict[str, Any]:
    from handlers.digest import FEW  # noqa: PLC0415

    content = digest.content
    counts = {name: len(ids) for name, ids in content["figures"].items()}
    private = counts.pop("private")
    counts.pop("all")  # that is the total
    return {
        "id": digest.id,
        "province": digest.province,
        "from": digest.starts_on,
        "to": digest.ends_on,
        "filters": question.said,
        "status": digest.status,
        "sha256": digest.sha256,
        "total": content["total"],
        "before": content["before"],
        "groups": [
            {
                "slug": group["slug"],
                "label": group["label"],
                "count": len(group["ids"]),
                "before": group["before"],
                "voice": voices.get(group["voice"], ""),
            }
            for group in content["groups"]
        ],
        **counts,
        # Fewer than that could point at somebody: null says only that there are some.
        "private": private if private == 0 or private >= FEW else None,
        "amphoe": [{"name": named(house, place["code"]), "count": len(place["ids"])} for place in content["places"]],
    }


def check_format(form: str, out: Path | None) -> None:
    """Refuse a format that there is not, before anything is counted.

    :raises typer.BadParameter: naming those that there are.
    """
    if form not in FORMATS:
        yet = "not built yet" if form in PLANNED else "unknown"
        raise typer.BadParameter(f"'{form}' is {yet}; there are {', '.join(FORMATS)}", param_hint="--format")
    if form == "xlsx" and out is None:
        raise typer.BadParameter("a workbook needs a file to be written to", param_hint="--out")


def write(found: Answer, form: str, out: Path | None, say: Callable[[str], object]) -> None:
    """Give an answer in a format, to a file or by `say`.

    :raises OSError: the file cannot be written.
    """
    text = json.dumps(found.figures, ensure_ascii=False, indent=2) if form == "json" else found.text
    if out is None:
        say(text)
        return
    with replacing(out) as fresh:
        if form == "xlsx":
            _write_book(found.figures, fresh)
        else:
            fresh.write_text(text + "\n", "utf-8")


def _write_book(figures: dict[str, Any], path: Path) -> None:
    """The figures as a workbook: what was asked and counted, the groups, the places."""
    from openpyxl import Workbook  # noqa: PLC0415  # a fifth of a second

    book = Workbook(write_only=True)

    def sheet(name: str, rows: list[list[Any]]) -> None:
        page = book.create_sheet(name)
        for row in rows:
            page.append([safe_cell(cell) if isinstance(cell, str) else cell for cell in row])

    plain = [[name, value] for name, value in figures.items() if not isinstance(value, list | dict)]
    sheet("digest", [*plain, *([name, value] for name, value in figures["filters"].items())])
    sheet("groups", [["slug", "label", "count", "before", "voice"], *(list(g.values()) for g in figures["groups"])])
    sheet("amphoe", [["name", "count"], *(list(place.values()) for place in figures["amphoe"])])
    book.save(path)
