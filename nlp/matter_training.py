"""Making `model/matters.npz`: `python -m nlp.matter_training`, anew whenever examples, matters or vectors changed.

Nobody labelled the shipped examples by matter: the table's words do it. Each line's model sees those examples twice,
as they are and without the very words that put them into the line, so that it learns in what company the matter comes.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nlp.anchors import Anchors, Words
from nlp.examples import EXAMPLES, read_examples
from nlp.features import word_features
from nlp.likeness import FILE as TABLE
from nlp.matter_model import DIRECTION, MatterModel, fingerprint, save_matter_model
from nlp.matters import Matter, Matters
from nlp.normalize import clean, fold
from nlp.reader import Reader
from nlp.tables import read_table
from nlp.tokenize import tokens

if TYPE_CHECKING:
    from nlp.model import LinearModel

LEAST_USED = 6
"""A feature that fewer examples have is left out."""
LEAST_EXAMPLES = 12
"""A line that fewer examples are in is never thought likely."""
MOST_OTHERS = 6_000
"""So many examples outside of a line are held against those in it."""
BALANCE = 0.1
"""What those outside weigh together, in shares of those in it, where they are more."""
PENALTY = 3e-5
PASSES = 15
_NEVER = -9.0

Sparse = Any
"""A matrix of scipy's, a row a text."""


@dataclass(frozen=True, slots=True)
class Example:
    """A shipped example: its words, and the words of the table among them."""

    words: Words
    found: list[Matter]

    def without(self, line: int) -> list[str]:
        """Return the words outside of those that put it into a line."""
        hidden = [(matter.start, matter.end) for matter in self.found if line in matter.lines]
        pairs = zip(self.words.words, self.words.starts, strict=True)
        return [word for word, at in pairs if not any(start <= at < end for start, end in hidden)]


class _Features:
    """Turns texts into rows of a matrix: features by rarity, brought to length one, and the words' direction."""

    def __init__(self, examples: Sequence[Example], language: LinearModel) -> None:
        import numpy as np  # noqa: PLC0415

        used = Counter(name for example in examples for name in {*word_features(example.words.words)})
        names = [name for name, count in used.items() if count >= LEAST_USED]
        self.rows = {name: row for row, name in enumerate(names)}
        self.rarity = np.log(len(examples) / np.array([used[name] for name in names], dtype=np.float32))
        self._language = language

    def matrix(self, texts: Sequence[Sequence[str]]) -> Sparse:
        import numpy as np  # noqa: PLC0415
        from scipy.sparse import csr_matrix, hstack  # noqa: PLC0415

        known = [sorted({self.rows[name] for name in word_features(text) if name in self.rows}) for text in texts]
        values = [self.rarity[row] / max(1e-9, float(np.linalg.norm(self.rarity[row]))) for row in known]
        ends = np.cumsum([0, *map(len, known)])
        columns = np.concatenate([np.array(row, dtype=np.intp) for row in known])
        words = csr_matrix((np.concatenate(values), columns, ends), shape=(len(texts), len(self.rows)))
        vectors, rarity = self._language.vectors, self._language.word_rarity
        if vectors is None:
            return words
        return hstack([words, csr_matrix(DIRECTION * np.array([vectors.direction(t, rarity) for t in texts]))]).tocsr()


def train_matters(reader: Reader, matters: Matters) -> MatterModel:
    """Return a model of the lines of a table, learned from the shipped examples."""
    import numpy as np  # noqa: PLC0415

    examples = [*_examples(matters)]
    features = _Features(examples, reader.model)
    everything = features.matrix([example.words.words for example in examples])
    weights = np.zeros((everything.shape[1], len(matters.slugs)), dtype=np.float32)
    bias = np.full(len(matters.slugs), _NEVER, dtype=np.float32)
    for line in range(len(matters.slugs)):
        inside = [n for n, example in enumerate(examples) if any(line in matter.lines for matter in example.found)]
        if len(inside) < LEAST_EXAMPLES:
            continue
        hidden = features.matrix([examples[number].without(line) for number in inside])
        weights[:, line], bias[line] = _line(everything, hidden, inside, line)
    return MatterModel(features.rows, features.rarity, weights, bias, fingerprint(reader.model))


def _examples(matters: Matters) -> Sequence[Example]:
    anchors = Anchors(read_table(TABLE), TABLE)
    texts = (anchors.words(tokens(fold(clean(row.text)))) for row in read_examples(EXAMPLES))
    return [Example(words, matters.find(words)) for words in texts]


def _line(everything: Sparse, hidden: Sparse, inside: list[int], line: int) -> tuple[Any, float]:
    """Return the weights and bias of one line."""
    import numpy as np  # noqa: PLC0415
    from scipy.sparse import vstack  # noqa: PLC0415
    from sklearn.linear_model import SGDClassifier  # noqa: PLC0415

    taken = {*inside}
    others = [number for number in range(everything.shape[0]) if number not in taken]
    others = sorted(random.Random(line).sample(others, min(MOST_OTHERS, len(others))))  # noqa: S311 — no secret
    rows = vstack([hidden, everything[inside], everything[others]])
    labels = np.array([1] * (2 * len(inside)) + [0] * len(others))
    weight = max(1.0, BALANCE * len(others) / (2 * len(inside)))
    model = SGDClassifier(
        loss="log_loss", alpha=PENALTY, class_weight={1: weight, 0: 1.0}, max_iter=PASSES, tol=None, random_state=0
    ).fit(rows, labels)
    return model.coef_[0], float(model.intercept_[0])


if __name__ == "__main__":
    save_matter_model(train_matters(Reader.load(), Matters()))
