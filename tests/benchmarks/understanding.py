"""`python -m tests.benchmarks.understanding`: what the understanding decides on examples that it has not learned.

The shipped examples are cut into five parts; each is read by a model of the other four, and by the rules. The figures
are those of `nlp/model/README.md`. It takes some minutes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rich.console import Console
from rich.table import Table
from sklearn.metrics import f1_score
from sklearn.model_selection import StratifiedKFold

from nlp.decide import Decision, decide
from nlp.evaluate import Share
from nlp.examples import EXAMPLES, read_examples
from nlp.labels import LabelRow
from nlp.listening import Listener
from nlp.normalize import clean
from nlp.preparing import prepare, prepare_lists
from nlp.reader import MODEL
from nlp.taxonomy import load_taxonomy
from nlp.training import fit
from nlp.vectors import load_vectors

PARTS = 5
GRAVE = {"self_harm", "violence", "abuse_child", "sexual", "drugs_tip", "corruption_tip"}
Pairs = list[tuple[LabelRow, Decision]]


def decided() -> Pairs:
    """Return every example with the decision of a model that has not learned it."""
    taxonomy, vectors, rows = load_taxonomy(), load_vectors(MODEL), read_examples(EXAMPLES)
    listener = Listener(taxonomy)
    heard = [listener.listen(clean(row.text)) for row in rows]
    prepared, lists = [*prepare(rows, listener)], [*prepare_lists(taxonomy, listener)]
    pairs: Pairs = []
    folds = StratifiedKFold(PARTS, shuffle=True, random_state=1)
    for learned, unseen in folds.split(prepared, [row.labels[0] for row in rows]):
        model = fit([*(prepared[at] for at in learned), *lists], vectors, {})
        for at in unseen:
            own = heard[at]
            answers = model.answer(own.tokens, own.topic, own.purpose)
            pairs.append((rows[at], decide(own, answers, taxonomy.fallback)))
    return pairs


def by_answer(title: str, pairs: Pairs, said: Callable[[LabelRow], str], got: Callable[[Decision], str]) -> Table:
    """Return a table of F1 by answer, the mean and the accuracy last."""
    truth, guess = [said(row) for row, _ in pairs], [got(decision) for _, decision in pairs]
    answers = sorted(set(truth))
    table = Table(title, "examples", "F1")
    for answer, f1 in zip(answers, f1_score(truth, guess, average=None, labels=answers, zero_division=0), strict=True):
        table.add_row(answer, str(truth.count(answer)), f"{f1:.3f}")
    table.add_row("mean", str(len(truth)), f"{f1_score(truth, guess, average='macro', labels=answers):.3f}")
    right = Share(sum(one == other for one, other in zip(truth, guess, strict=True)), len(truth))
    table.add_row("accuracy", str(len(truth)), str(right))
    return table


def found(name: str, truth: Sequence[bool], guess: Sequence[bool]) -> tuple[str, str, str, str]:
    """Return recall, precision and false alarms of a yes-or-no."""
    both = sum(one and other for one, other in zip(truth, guess, strict=True))
    return (
        name,
        str(Share(both, sum(truth))),
        str(Share(both, sum(guess))),
        str(Share(sum(guess) - both, len(truth) - sum(truth))),
    )


def main() -> None:
    """Print the tables."""
    pairs, console = decided(), Console(width=130)
    console.print(by_answer("category", pairs, lambda row: row.labels[0], lambda decision: decision.category))
    accepted = Share(sum(decision.category in row.labels for row, decision in pairs), len(pairs))
    first = Share(sum(any(s in row.labels for s, _ in d.ranked[:3]) for row, d in pairs), len(pairs))
    console.print(f"any accepted label {accepted}; among the first three {first}")
    console.print(by_answer("kind", pairs, lambda row: row.kind or "", lambda decision: decision.kind))
    table = Table("found", "recall", "precision", "false alarms")
    emergency = [row.urgency == "emergency" for row, _ in pairs], [d.urgency == "emergency" for _, d in pairs]
    table.add_row(*found("emergency", *emergency))
    for name in sorted(GRAVE):
        table.add_row(
            *found(name, [row.sensitive == name for row, _ in pairs], [d.sensitive == name for _, d in pairs])
        )
    grave = [row.sensitive in GRAVE for row, _ in pairs], [d.sensitive in GRAVE for _, d in pairs]
    table.add_row(*found("any of these wrongs", *grave))
    either = [[one or other for one, other in zip(*of, strict=True)] for of in zip(emergency, grave, strict=True)]
    table.add_row(*found("emergency or wrong", *either))
    console.print(table)


if __name__ == "__main__":
    main()
