"""Which matters a report is likely about, also where it says none of the words of `matters.toml`: a linear model."""

from __future__ import annotations

import math
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from nlp.features import word_features

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from nlp.model import LinearModel

    Floats = NDArray[np.float32]

FILE = Path(__file__).parent / "model" / "matters.npz"
DIRECTION = 0.7
"""Length of the direction of a text's word vectors beside its words' features, which have length one."""


class MatterModelError(ValueError):
    """A file holds no model of matters, or one for other words; names the file and what to do."""


@dataclass(frozen=True, slots=True)
class MatterModel:
    """Weights: a row a feature of `rows`, then one each number of a word vector; a column a line of the table."""

    rows: Mapping[str, int]
    rarity: Floats
    weights: Floats
    bias: Floats
    made_with: int
    """The `fingerprint` of the word vectors it learned with; with others it is worse."""

    def shares(self, words: Sequence[str], language: LinearModel) -> Floats:
        """Return for each line of the table how likely a text is about it, from 0 to 1.

        Args:
            words: the text's, as `Words` has them.
            language: where word vectors come from.
        """
        import numpy as np  # noqa: PLC0415

        known = np.fromiter({self.rows[name] for name in word_features(words) if name in self.rows}, dtype=np.intp)
        margins: Floats = self.bias
        if known.size:
            rarity = self.rarity[known]
            rarity /= math.sqrt(rarity @ rarity)
            margins = margins + rarity @ self.weights[known]
        if language.vectors:
            direction = language.vectors.direction(words, language.word_rarity)
            margins = margins + DIRECTION * (direction @ self.weights[len(self.rows) :])
        shares: Floats = (1 / (1 + np.exp(-margins))).astype(np.float32)
        return shares


def fingerprint(language: LinearModel) -> int:
    """Return a number by which word vectors are known again, 0 where there are none."""
    return zlib.crc32(language.vectors.vectors.tobytes()) if language.vectors else 0


def load_matter_model(language: LinearModel, lines: int, file: Path = FILE) -> MatterModel:
    """Return the model in a file, for a table of so many lines and the word vectors of `language`.

    Raises:
        MatterModelError: there is none, or it was made for other lines or vectors.
    """
    import numpy as np  # noqa: PLC0415

    try:
        with np.load(file, allow_pickle=False) as arrays:
            names = bytes(arrays["names"]).decode("utf-8").split("\n")
            weights = arrays["weights"].astype(np.float32) * arrays["scale"]
            model = MatterModel(
                {name: row for row, name in enumerate(names)},
                arrays["rarity"].astype(np.float32),
                weights,
                arrays["bias"].astype(np.float32),
                int(arrays["made_with"]),
            )
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise MatterModelError(f"{file}: no model that can be read ({error})") from error
    size = language.vectors.size if language.vectors else 0
    if weights.shape != (len(names) + size, lines) or len(model.bias) != lines:
        raise MatterModelError(
            f"{file}: made for another table or other word vectors; run python -m nlp.matter_training"
        )
    return model


def save_matter_model(model: MatterModel, file: Path = FILE) -> None:
    """Write a model. Weights are kept in 8 bits, by column."""
    import numpy as np  # noqa: PLC0415

    scale = np.maximum(np.abs(model.weights).max(axis=0, initial=0.0), 1e-9) / 127
    np.savez_compressed(
        file,
        names=np.frombuffer("\n".join(sorted(model.rows, key=model.rows.__getitem__)).encode("utf-8"), dtype=np.uint8),
        weights=np.rint(model.weights / scale).astype(np.int8),
        scale=scale.astype(np.float32),
        rarity=model.rarity.astype(np.float32),
        bias=model.bias.astype(np.float32),
        made_with=np.int64(model.made_with),
    )
