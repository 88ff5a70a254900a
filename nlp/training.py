"""Fitting the linear model: features, weights, and a slope that makes its probabilities mean something."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nlp.cues import PURPOSE
from nlp.features import word_features
from nlp.labels import LabelRow
from nlp.model import DIRECTION, SHORT, Card, Head, LinearModel, make_model, word_rarity
from nlp.tokenize import Tokens
from nlp.vectors import WordVectors

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FOLDS = 5
FEWEST = 2
"""Texts that a feature must stand in, and examples that an answer must have, to be learned."""
VECTORS_UP_TO = 30_000
"""Rows from which on word vectors are left out: words have been seen often enough, and time is finite."""
MANY = 5_000
"""Rows from which on there are the shipped examples among them."""
EASIER = 1.4
"""The category's slope is made so much steeper: what people send is plainer than the examples, which were written to be
hard. On real and held-out messages the probabilities are then as often right as they say (model/README.md)."""
NOT_SENSITIVE = "none"
USUAL = {"urgency": "normal", "sensitive": NOT_SENSITIVE}
"""The answer without which a head is not learned."""
STRENGTH = 0.5
"""Inverse strength of regularisation: 0.2 to 1.0 differ by less than their intervals."""


class TrainingError(ValueError):
    """There is not enough to learn from; says what is missing."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A row ready to learn from: its folded, tokenized text, all its cues, and as how many rows it counts."""

    row: LabelRow
    tokens: Tokens
    cues: tuple[str, ...]
    weight: float = 1.0


def fit(
    prepared: Sequence[Prepared],
    vectors: WordVectors | None,
    sources: Mapping[str, int],
    say: Callable[[str], None] = lambda _: None,
) -> LinearModel:
    """Return a model fitted to rows; the same rows give the same model.

    Args:
        prepared: at least ten rows with at least two different first labels.
        vectors: of words, to be kept with the model; none are used above `VECTORS_UP_TO` rows.
        sources: how many rows came from where, for the card.
        say: told what is being done, a line each.

    Raises:
        TrainingError: there are too few rows or labels.
    """
    import numpy as np  # noqa: PLC0415
    from scipy.sparse import diags  # noqa: PLC0415
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415 — a second to import

    counts = Counter(item.row.labels[0] for item in prepared)
    if len(prepared) < 10 or sum(count >= FEWEST for count in counts.values()) < 2:
        raise TrainingError("at least ten rows and two labels with two rows each are needed")
    vectorizer = TfidfVectorizer(analyzer=_names, binary=True, norm=None, min_df=FEWEST if len(prepared) > 100 else 1)
    sparse = vectorizer.fit_transform(prepared)
    say(f"{sparse.shape[0]} rows, {sparse.shape[1]} features")
    rarity = np.asarray(vectorizer.idf_, dtype=np.float32)
    rows = {name: int(row) for name, row in vectorizer.vocabulary_.items()}
    if vectors and sum(item.weight >= 1 for item in prepared) > VECTORS_UP_TO:
        say(f"more than {VECTORS_UP_TO:,} rows: without word vectors")
        vectors = None
    directions = _directions(prepared, vectors, word_rarity(vectors, rows, rarity)) if vectors else None
    topical = np.array([not name.startswith(PURPOSE) for name in vectorizer.get_feature_names_out()])
    about, whole = _stretched(sparse @ diags(topical.astype(float)), directions), _stretched(sparse, directions)
    heads: list[Head] = []
    scores: dict[str, dict[str, float]] = {}
    columns: list[Any] = []
    for name in ("category", "kind", "urgency", "sensitive"):
        fitted = _fit_head(name, about if name == "category" else whole, prepared, say)
        if fitted:
            head, weights, scores[name] = fitted
            heads.append(head)
            columns.append(weights)
    stacked = np.vstack(columns)
    version = f"linear-{hashlib.sha256(np.round(stacked, 4).tobytes()).hexdigest()[:8]}"
    card = Card(version, tuple(heads), dict(sources), scores)
    weights, bias = stacked[:, :-1].T.astype(np.float32), stacked[:, -1].astype(np.float32)
    return make_model(card, rows, rarity, weights, bias, vectors)


def _names(item: Prepared) -> list[str]:
    return [*word_features(item.tokens.words), *item.cues]


def _stretched(sparse: Any, directions: Any) -> Any:
    """Return features brought to length one at most, and beside them the directions of the vectors."""
    import numpy as np  # noqa: PLC0415
    from scipy.sparse import diags, hstack  # noqa: PLC0415

    lengths = np.sqrt(np.asarray(sparse.multiply(sparse).sum(axis=1))).ravel()
    matrix = diags(1 / np.maximum(lengths, SHORT)) @ sparse
    if directions is not None:
        matrix = hstack([matrix, diags(np.minimum(1.0, lengths / SHORT)) @ directions])
    return matrix.tocsr()


def _directions(prepared: Sequence[Prepared], vectors: WordVectors, rarity: NDArray[np.float32]) -> Any:
    import numpy as np  # noqa: PLC0415
    from scipy.sparse import csr_matrix  # noqa: PLC0415

    return csr_matrix(DIRECTION * np.vstack([vectors.direction(item.tokens.words, rarity) for item in prepared]))


def _fit_head(
    name: str, matrix: Any, prepared: Sequence[Prepared], say: Callable[[str], None]
) -> tuple[Head, Any, dict[str, float]] | None:
    """Return a head, its weights (answers × features and a bias) and its scores, or None where rows lack answers."""
    import numpy as np  # noqa: PLC0415

    answers = [_answers(name, item.row) for item in prepared]
    counts = Counter(own[0] for own in answers if own)
    rows = [row for row, own in enumerate(answers) if own and counts[own[0]] >= FEWEST]
    labels = tuple(sorted({answers[row][0] for row in rows}))
    if len(labels) < 2 or USUAL.get(name, labels[0]) not in labels:
        return None  # of rows that say only what is grave nothing is learned about what is not
    if rare := sorted(label for label, count in counts.items() if count < FEWEST):
        say(f"{name}: seen only once and not learned: {', '.join(rare)}")
    x, y = matrix[rows], np.array([labels.index(answers[row][0]) for row in rows])
    right = np.zeros((len(rows), len(labels)), dtype=bool)
    for at, row in enumerate(rows):
        right[at, [labels.index(label) for label in answers[row] if label in labels]] = True
    weights = np.array([prepared[row].weight for row in rows])
    margins = _out_of_fold(x, y, weights)
    whole = weights >= 1.0  # scores are those of messages, not of the lists' words
    slope, offsets = _calibrated(margins[whole], y[whole])
    scores = _scores(margins[whole], y[whole], right[whole])
    say(f"{name}: {int(whole.sum())} rows, {len(labels)} answers; out of fold {scores}")
    fitted = _weights(_machine().fit(x, y, weights), len(labels))
    fitted[:, -1] += offsets
    steeper = EASIER if name == "category" and len(rows) >= MANY else 1.0
    return Head(name, labels, slope * steeper), fitted, scores


def _answers(name: str, row: LabelRow) -> tuple[str, ...]:
    """Return a row's answers to a head, the main one first; none where the row does not say."""
    if name == "category":
        return row.labels
    said = {
        "kind": row.kind,
        "urgency": row.urgency,
        "sensitive": NOT_SENSITIVE if row.sensitive == "" else row.sensitive,
    }
    own = said[name]
    return (own,) if own else ()


def _machine() -> Any:
    from sklearn.svm import LinearSVC  # noqa: PLC0415

    # One answer against the rest with a squared hinge: on short texts better and faster than a logistic loss.
    # Balanced, because what is rare (a cry for help) must not be drowned by what is common.
    return LinearSVC(C=STRENGTH, class_weight="balanced", random_state=0)


def _weights(machine: Any, answers: int) -> NDArray[np.float64]:
    """Return weights with a row an answer and the bias last; of two answers scikit-learn keeps one row."""
    import numpy as np  # noqa: PLC0415

    weights = np.hstack([machine.coef_, machine.intercept_[:, None]])
    stacked: NDArray[np.float64] = np.vstack([-weights, weights]) if answers == 2 else weights
    return stacked


def _out_of_fold(x: Any, y: NDArray[np.intp], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return each row's margins by a machine that has not seen it."""
    import numpy as np  # noqa: PLC0415
    from sklearn.model_selection import StratifiedKFold  # noqa: PLC0415

    answers = int(y.max()) + 1
    margins = np.zeros((len(y), answers))
    folds = StratifiedKFold(min(FOLDS, int(np.bincount(y).min())), shuffle=True, random_state=0)
    for seen, unseen in folds.split(x, y):
        fitted = _weights(_machine().fit(x[seen], y[seen], weights[seen]), answers)
        margins[unseen] = x[unseen] @ fitted[:, :-1].T + fitted[:, -1]
    return margins


def _scores(margins: NDArray[np.float64], y: NDArray[np.intp], right: NDArray[np.bool_]) -> dict[str, float]:
    """Return macro-F1 over main labels, and how often the best and one of the three best is any of the right ones."""
    import numpy as np  # noqa: PLC0415
    from sklearn.metrics import f1_score  # noqa: PLC0415

    order = np.argsort(-margins, axis=1)
    hits = np.take_along_axis(right, order[:, :3], axis=1)
    figures = {
        "macro_f1": f1_score(y, order[:, 0], average="macro", zero_division=0.0),
        "accepted": hits[:, 0].mean(),
        "top3": hits.any(axis=1).mean(),
    }
    return {name: round(float(value), 4) for name, value in figures.items()}


def _calibrated(margins: NDArray[np.float64], y: NDArray[np.intp]) -> tuple[float, NDArray[np.float64]]:
    """Return the slope, and what is added to each answer's margin first, under which probabilities fit best.

    The likelihood of the main answers is made largest (vector scaling with one slope, Guo et al. 2017).
    """
    import numpy as np  # noqa: PLC0415
    from scipy.optimize import minimize  # noqa: PLC0415

    own = np.arange(len(y))

    def loss(tried: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        shifted = margins + tried[1:]
        odds = tried[0] * shifted
        odds -= odds.max(axis=1, keepdims=True)
        powers = np.exp(odds)
        shares = powers / powers.sum(axis=1, keepdims=True)
        likelihood = -np.log(np.maximum(shares[own, y], 1e-12)).mean()
        shares[own, y] -= 1
        slope = (shares * shifted).sum() / len(y)
        return float(likelihood), np.concatenate([[slope], tried[0] * shares.mean(axis=0)])

    start = np.concatenate([[3.0], np.zeros(margins.shape[1])])
    bounds = [(0.1, 8.0), *[(-2.0, 2.0)] * margins.shape[1]]
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds).x
    return float(found[0]), found[1:]
