"""Word vectors: what kind of thing a word is, also where no example ever used it."""

from __future__ import annotations

import math
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FILE = "vectors.npz"


class VectorsError(ValueError):
    """A file holds no word vectors; names the file and what is wrong."""


@dataclass(frozen=True, slots=True)
class WordVectors:
    """Vectors of words: `vectors` has a row a word, in 8 bits; only directions and proportions mean something."""

    rows: Mapping[str, int]
    vectors: NDArray[np.int8]

    @property
    def size(self) -> int:
        """Numbers in a vector."""
        return int(self.vectors.shape[1])

    def direction(self, words: Iterable[str], rarity: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the direction, of length 1, into which the words of a text point together.

        Each counts as it is rare: `rarity` has a number a word of `rows`. A text without a known word gives zeros.
        """
        import numpy as np  # noqa: PLC0415 — a tenth of a second, which commands that read no text need not pay

        rows = self.rows
        known = np.fromiter({rows[word] for word in words if word in rows}, dtype=np.intp)
        total: NDArray[np.float32] = rarity[known] @ self.vectors[known].astype(np.float32)
        length = math.sqrt(total @ total)
        return total / np.float32(length) if length else total


def load_vectors(folder: Path) -> WordVectors:
    """Return the word vectors kept in `folder`.

    Raises:
        VectorsError: there are none that can be read.
    """
    import numpy as np  # noqa: PLC0415

    try:
        with np.load(folder / FILE, allow_pickle=False) as arrays:
            words = bytes(arrays["words"]).decode("utf-8").split("\n")
            vectors = arrays["vectors"]
    except (OSError, EOFError, KeyError, ValueError, zipfile.BadZipFile, zlib.error) as error:
        raise VectorsError(f"{folder / FILE}: no word vectors that can be read ({error})") from error
    if vectors.ndim != 2 or vectors.dtype != np.int8 or len(vectors) != len(words):
        raise VectorsError(
            f"{folder / FILE}: {len(words)} words, but vectors of shape {vectors.shape}, {vectors.dtype}"
        )
    return WordVectors({word: row for row, word in enumerate(words)}, vectors)


def in_8_bits(vectors: NDArray[np.float32]) -> NDArray[np.int8]:
    """Return vectors scaled to 8 bits, the largest number to 127."""
    import numpy as np  # noqa: PLC0415

    scaled: NDArray[np.int8] = np.rint(vectors * (127 / np.abs(vectors).max())).astype(np.int8)
    return scaled


def save_vectors(vectors: WordVectors, folder: Path) -> None:
    """Write vectors into `folder`, which is made where it is missing."""
    import numpy as np  # noqa: PLC0415

    folder.mkdir(parents=True, exist_ok=True)
    words = "\n".join(sorted(vectors.rows, key=vectors.rows.__getitem__)).encode("utf-8")
    np.savez_compressed(folder / FILE, words=np.frombuffer(words, dtype=np.uint8), vectors=vectors.vectors)
