"""Rows made ready to learn from: labelled texts, and the words of the lists as texts of their own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from nlp.labels import LabelRow
from nlp.listening import Listener
from nlp.normalize import clean
from nlp.taxonomy import Taxonomy
from nlp.training import Prepared

LISTED = 0.1
"""Examples for which a word of the lists counts."""


def prepare(rows: Iterable[LabelRow], listener: Listener, weight: float = 1.0) -> Iterator[Prepared]:
    """Yield rows as they are heard; each counts for `weight` examples."""
    for row in rows:
        listened = listener.listen(clean(row.text))
        yield Prepared(row, listened.tokens, (*listened.topic, *listened.purpose), weight)


def prepare_lists(taxonomy: Taxonomy, listener: Listener) -> Iterator[Prepared]:
    """Yield the telling words of the lists, each as a message: what a flip chart says in a word is learned too."""
    for category in taxonomy.categories:
        words = dict.fromkeys((*category.keywords, *category.dialect, *category.added, *category.strong))
        rows = (LabelRow(word, (category.slug,)) for word in words if word not in category.weak)
        yield from prepare(rows, listener, LISTED)
