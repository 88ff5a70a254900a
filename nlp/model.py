"""The linear model of the understanding room: weights of features for several questions at once, kept in a folder.

One question ("head") is asked of a text per column block: its category, kind, urgency, sensitivity. A text's
features are looked up in one vocabulary, weighted by rarity, brought to length one at most, and multiplied by the
weights;
beside them stands the direction of its words' vectors.
"""

from __future__ import annotations

import json
import math
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nlp.features import word_feature, word_features
from nlp.tokenize import Tokens
from nlp.vectors import VectorsError, WordVectors, load_vectors, save_vectors

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Whole = NDArray[np.intp]

CARD = "model.json"
ARRAYS = "weights.npz"
DIRECTION = 0.7
"""Length of the direction of the vectors beside features of length one: measured, see model/README.md."""
SHORT = 35.0
"""Length of the features of a text of about six words. A shorter one says less and is not stretched to length one."""
FORM = 1
"""Version of the folder's form; another one is refused."""


class ModelError(ValueError):
    """A folder holds no model of this form; names the folder and what is wrong."""


@dataclass(frozen=True, slots=True)
class Head:
    """One question. `labels` are its answers, in order of columns; `slope` turns margins into log odds (Platt 1999)."""

    name: str
    labels: tuple[str, ...]
    slope: float


@dataclass(frozen=True, slots=True)
class Card:
    """What a model is: its version (a digest of its weights), what it came from, what each head
    scored on examples left out of its training."""

    version: str
    heads: tuple[Head, ...]
    sources: Mapping[str, int]
    scores: Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class LinearModel:
    """A model, loaded.

    `rarity` has a number a feature; `first` and `rest` a row a feature, then one each number of a vector, and a
    column an answer of the first head and of the others; `bias` a number an answer. The first head does not look at
    cues of purpose. `vectors` may be missing.
    """

    card: Card
    rows: Mapping[str, int]
    rarity: Floats
    first: Floats
    rest: Floats
    bias: Floats
    vectors: WordVectors | None
    word_rarity: Floats
    """How rare each word of `vectors` is: see `word_rarity`."""
    slopes: Floats
    """The slope of its head, for each column."""
    starts: Whole
    """The first column of each head."""
    widths: Whole
    """The columns of each head."""

    @property
    def labels(self) -> tuple[str, ...]:
        """The categories it knows."""
        return self.card.heads[0].labels

    def answer(
        self, tokens: Tokens, topic: Iterable[str] = (), purpose: Iterable[str] = ()
    ) -> dict[str, dict[str, float]]:
        """Return for each head its answers with their probabilities, which sum to 1.

        Args:
            tokens: a folded, tokenized text.
            topic: names of cues of what it is about.
            purpose: names of cues of what it is for.
        """
        import numpy as np  # noqa: PLC0415 — a tenth of a second, which commands that read no text need not pay

        known, length, direction = self._known(tokens, topic)
        also = self._rows(purpose)
        longer = math.sqrt(length**2 + self.rarity[also] @ self.rarity[also])
        stretch = 1 / max(longer, SHORT)
        rest = stretch * (self.rarity[known] @ self.rest[known] + self.rarity[also] @ self.rest[also])
        if direction is not None:
            rest = rest + DIRECTION * min(1.0, longer * stretch) * (direction @ self.rest[len(self.rows) :])
        odds = (np.concatenate([self._first(known, length, direction), rest]) + self.bias) * self.slopes
        powers = np.exp(odds - np.repeat(np.maximum.reduceat(odds, self.starts), self.widths))
        shares = iter((powers / np.repeat(np.add.reduceat(powers, self.starts), self.widths)).tolist())
        return {head.name: dict(zip(head.labels, shares, strict=False)) for head in self.card.heads}

    def likeliest(self, tokens: Tokens, topic: Iterable[str] = ()) -> str:
        """Return the likeliest answer of the first head."""
        margins = self._first(*self._known(tokens, topic)) + self.bias[: len(self.labels)]
        return self.labels[int(margins.argmax())]

    def _first(self, known: Whole, length: float, direction: Floats | None) -> Floats:
        stretch = 1 / max(length, SHORT)
        margins: Floats = stretch * (self.rarity[known] @ self.first[known])
        if direction is not None:
            margins += DIRECTION * min(1.0, length * stretch) * (direction @ self.first[len(self.rows) :])
        return margins

    def _known(self, tokens: Tokens, topic: Iterable[str]) -> tuple[Whole, float, Floats | None]:
        """Return the rows of a text's known features, their length, and the direction of its words."""
        known = self._rows((*word_features(tokens.words), *topic))
        rarity = self.rarity[known]
        direction = self.vectors.direction(tokens.words, self.word_rarity) if self.vectors else None
        return known, math.sqrt(rarity @ rarity), direction

    def _rows(self, names: Iterable[str]) -> Whole:
        import numpy as np  # noqa: PLC0415

        rows = self.rows
        return np.fromiter({rows[name] for name in names if name in rows}, dtype=np.intp)

    def strength(self, tokens: Tokens, label: str) -> list[tuple[float, int, int]]:
        """Return what words and neighbours speak for an answer of the first head: (weight, start, end), best first."""
        column = self.labels.index(label)
        spans = [*zip(tokens.starts, tokens.ends, strict=True), *zip(tokens.starts, tokens.ends[1:], strict=False)]
        found = [
            (float(self.first[row, column] * self.rarity[row]), start, end)
            for name, (start, end) in zip(word_features(tokens.words), spans, strict=True)
            if (row := self.rows.get(name)) is not None
        ]
        return sorted((item for item in found if item[0] > 0), reverse=True)


def word_rarity(vectors: WordVectors | None, rows: Mapping[str, int], rarity: Floats) -> Floats:
    """Return how rare each word of the vectors is; one that no feature knows is as rare as the rarest feature."""
    import numpy as np  # noqa: PLC0415

    words = vectors.rows if vectors else {}
    known = (rows.get(word_feature(word), -1) for word in words)
    return np.append(rarity, rarity.max(initial=1.0))[np.fromiter(known, dtype=np.intp, count=len(words))]


def make_model(
    card: Card, rows: Mapping[str, int], rarity: Floats, weights: Floats, bias: Floats, vectors: WordVectors | None
) -> LinearModel:
    """Return a model of its parts; `weights` has a column an answer of all heads."""
    import numpy as np  # noqa: PLC0415

    widths = np.array([len(head.labels) for head in card.heads], dtype=np.intp)
    return LinearModel(
        card=card,
        rows=rows,
        rarity=rarity,
        first=np.ascontiguousarray(weights[:, : widths[0]]),
        rest=np.ascontiguousarray(weights[:, widths[0] :]),
        bias=bias,
        vectors=vectors,
        word_rarity=word_rarity(vectors, rows, rarity),
        slopes=np.repeat(np.array([head.slope for head in card.heads], dtype=np.float32), widths),
        starts=np.cumsum(widths) - widths,
        widths=widths,
    )


def load_model(folder: Path) -> LinearModel:
    """Return the model in `folder`.

    Raises:
        ModelError: there is none, or it is of another form.
    """
    import numpy as np  # noqa: PLC0415

    try:
        said = json.loads((folder / CARD).read_text(encoding="utf-8"))
        if said.get("form") != FORM:
            raise ModelError(f"{folder}: a model of form {said.get('form')}, not {FORM}; train it anew")
        card = Card(
            version=said["version"],
            heads=tuple(Head(row["name"], tuple(row["labels"]), row["slope"]) for row in said["heads"]),
            sources=said["sources"],
            scores=said["scores"],
        )
        with np.load(folder / ARRAYS, allow_pickle=False) as arrays:
            names = bytes(arrays["names"]).decode("utf-8").split("\n")
            weights = arrays["weights"].astype(np.float32) * arrays["scale"]
            rarity, bias = arrays["rarity"].astype(np.float32), arrays["bias"].astype(np.float32)
    except (
        OSError,
        EOFError,
        KeyError,
        TypeError,
        AttributeError,
        ValueError,
        zipfile.BadZipFile,
        zlib.error,
    ) as error:
        if isinstance(error, ModelError):
            raise
        raise ModelError(f"{folder}: no model that can be read ({type(error).__name__}: {error})") from error
    try:
        vectors = load_vectors(folder) if said["vectors"] else None
    except (VectorsError, KeyError) as error:
        raise ModelError(f"{folder}: {error}") from error
    columns = sum(len(head.labels) for head in card.heads)
    if (
        weights.shape != (len(names) + (vectors.size if vectors else 0), columns)
        or bias.shape != (columns,)
        or rarity.shape != (len(names),)
    ):
        raise ModelError(f"{folder}: the shapes of {ARRAYS} and {CARD} differ")
    rows = {name: row for row, name in enumerate(names)}
    return make_model(card, rows, rarity, weights, bias, vectors)


def save_model(model: LinearModel, folder: Path) -> None:
    """Write a model into `folder`, which is made where it is missing. Weights are kept in 8 bits, by column."""
    import numpy as np  # noqa: PLC0415

    folder.mkdir(parents=True, exist_ok=True)
    names = "\n".join(sorted(model.rows, key=model.rows.__getitem__)).encode("utf-8")
    weights = np.hstack([model.first, model.rest])
    scale = np.maximum(np.abs(weights).max(axis=0, initial=0.0), 1e-9) / 127
    np.savez_compressed(
        folder / ARRAYS,
        names=np.frombuffer(names, dtype=np.uint8),
        weights=np.rint(weights / scale).astype(np.int8),
        scale=scale.astype(np.float32),
        rarity=model.rarity.astype(np.float32),
        bias=model.bias.astype(np.float32),
    )
    if model.vectors:
        save_vectors(model.vectors, folder)
    said: dict[str, Any] = {"form": FORM, "vectors": model.vectors is not None, **asdict(model.card)}
    (folder / CARD).write_text(json.dumps(said, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
