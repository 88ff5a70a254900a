"""`train`: a model of the understanding made from labelled rows, and its score card."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bot.commands.failed import Failed

SHOWN = 5
REAL = 3.0
"""Examples for which a labelled row counts: what people really sent and officers corrected is worth more."""

if TYPE_CHECKING:
    from nlp.labels import LabelRow
    from nlp.model import Card
    from nlp.taxonomy import Taxonomy


def train_model(rows: Sequence[LabelRow], alone: bool, out: Path, say: Callable[[str], None]) -> Card:
    """Write a model into `out` and return its card.

    :param rows: labelled rows, perhaps none. Where all their labels are core categories the shipped examples and the
        words of the lists are learned beside them.
    :param alone: learn from `rows` only.
    :param say: told what is being done, a line each.
    :raises Failed: there is too little to learn from, or some labels are core categories and others are not.
    """
    from nlp.examples import EXAMPLES, read_examples  # noqa: PLC0415
    from nlp.listening import Listener  # noqa: PLC0415
    from nlp.model import save_model  # noqa: PLC0415
    from nlp.preparing import prepare, prepare_lists  # noqa: PLC0415
    from nlp.reader import MODEL  # noqa: PLC0415
    from nlp.taxonomy import load_taxonomy  # noqa: PLC0415
    from nlp.training import TrainingError, fit  # noqa: PLC0415
    from nlp.vectors import VectorsError, load_vectors  # noqa: PLC0415

    out.mkdir(parents=True, exist_ok=True)  # what cannot be written is better known before the work than after
    taxonomy = load_taxonomy()
    foreign = _foreign(rows, taxonomy, alone)
    if foreign:
        say("the labels are no core categories: the shipped examples are left out")
    shipped = [] if alone or foreign else read_examples(EXAMPLES)
    listener = Listener(taxonomy)
    prepared = [*prepare(shipped, listener), *prepare(rows, listener, REAL if shipped else 1.0)]
    if shipped:
        prepared += prepare_lists(taxonomy, listener)
    try:
        model = fit(prepared, load_vectors(MODEL), {"examples": len(shipped), "labels": len(rows)}, say)
    except (TrainingError, VectorsError) as error:
        raise Failed(str(error)) from None
    save_model(model, out)
    return model.card


def _foreign(rows: Sequence[LabelRow], taxonomy: Taxonomy, alone: bool) -> bool:
    """Whether the labels are no core categories; a few among core ones are mistakes."""
    used = {label for row in rows for label in row.labels}
    odd = sorted(used - set(taxonomy.slugs))
    if odd and len(odd) < len(used) and not alone:
        raise Failed(
            f"labels that are no core categories: {', '.join(odd[:SHOWN])}; "
            f"there are {', '.join(taxonomy.slugs)}; --alone learns any labels"
        )
    return bool(odd)


def print_card(card: Card) -> None:
    """The card as a table on stdout: what each head scored on rows left out of its training."""
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    table = Table("asked", "answers", "macro-F1", "accepted", "in the first three", title=card.version)
    for head in card.heads:
        scores = card.scores[head.name]
        table.add_row(head.name, str(len(head.labels)), *(f"{value:.3f}" for value in scores.values()))
    Console(highlight=False).print(table)
