"""What reports are compared by: where they are and what they are about, as rows of numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from nlp.anchors import Anchor, Anchors, Kind, Words, join
from nlp.features import word_feature
from nlp.geography import Local, beginnings
from nlp.matter_model import MatterModel
from nlp.matters import Matter, Matters
from nlp.naming import NAME, NAME_HERE, NO_NAME, Place, settle
from nlp.normalize import clean, fold
from nlp.tokenize import tokens
from nlp.whereabouts import Point, Whereabouts, gather

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from nlp.reader import Reader

    Floats = NDArray[np.float32]

_RARE, _SELDOM = 0.9, 0.75
"""A single word nearly as rare as the rarest, in shares of that, is a name; a less rare one only behind a marker."""
_REPEATED = 20
"""Two texts of the same words are one report where they have so many characters."""
_GIVEN = 200
"""Characters that are read of a place given beside a text."""
REMEMBERED, REMEMBERED_PROVINCES = 1024, 32
"""Texts, and lists of provinces, of which is kept what was made of them."""
_LONG = 5
"""Characters of a name that is looked for also in another province than its own."""


@dataclass(frozen=True, slots=True)
class Report:
    """A text and what else is known of its place, each '' or None where nothing is.

    `place` is any words that name it, `tambon_code` the official one of 6 digits, `pin` latitude and longitude.
    """

    text: str
    place: str = ""
    tambon: str = ""
    tambon_code: str = ""
    amphoe: str = ""
    village: str = ""
    pin: Point | None = None


@dataclass(frozen=True, slots=True)
class Marks:
    """What reports are compared by, a row a report: where they are, matters said and likely, shares of
    categories, directions.

    `repeats` has the same number for reports of the same words, -1 where they are too few to tell.
    """

    whereabouts: Whereabouts
    matters: Floats
    likely: Floats
    shares: Floats
    directions: Floats
    repeats: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.shares)

    def of(self, rows: Sequence[int]) -> Marks:
        """Return the marks of some of the reports."""
        return Marks(
            self.whereabouts.of(rows),
            self.matters[rows],
            self.likely[rows],
            self.shares[rows],
            self.directions[rows],
            self.repeats[rows],
        )


@dataclass(frozen=True, slots=True)
class _Heard:
    """A report's words, with those that tell its place behind the first `told` ones, and what they speak of."""

    words: Words
    told: int
    matters: list[Matter]
    shares: list[float]


class Marker:
    """Marks reports. Immutable after loading, so threads may share one; what was heard of the newest texts is kept.

    A report is compared with every one that is told after it: listening to it each time would be most of the work.
    """

    def __init__(self, reader: Reader, anchors: Anchors, matters: Matters, model: MatterModel) -> None:
        self._reader = reader
        self._anchors = anchors
        self._matters = matters
        self._model = model
        self._rarest = float(reader.model.rarity.max(initial=1.0))
        self._heard = lru_cache(REMEMBERED)(self._hear)
        self._known = lru_cache(REMEMBERED_PROVINCES)(self._local)
        self._found = lru_cache(REMEMBERED)(self._find)
        self._meaning = lru_cache(REMEMBERED)(self._mean)

    def mark(self, reports: Sequence[Report], provinces: Sequence[str]) -> Marks:
        """Return what reports are compared by; a name that is told apart in one of them is known in all.

        Args:
            reports: one at least.
            provinces: official 2-digit codes of the provinces they may be from, the likeliest first.
        """
        import numpy as np  # noqa: PLC0415

        local = self._known(tuple(provinces))
        said_only = [replace(report, pin=None) for report in reports]  # a pin tells a home, and is remembered of none
        heard = [self._heard(report) for report in said_only]
        words = [each.words for each in heard]
        found = [self._found(report, tuple(provinces)) for report in said_only]

        def telling(number: int, first: int, end: int) -> int:
            return self._telling(heard[number], first, end)

        places = settle(words, found, self._anchors, telling, local)
        said = [_without_names(each, place) for each, place in zip(heard, places, strict=True)]
        likely, directions = zip(*map(self._meaning, said), strict=True)
        return Marks(
            whereabouts=gather(
                places,
                [*map(self._anchors.numbered, words)],
                [report.pin for report in reports],
                [report.tambon_code if _is_code(report.tambon_code) else "" for report in reports],
            ),
            matters=_weights(self._matters, [each.matters for each in heard], places),
            shares=np.sqrt(np.array([each.shares for each in heard], dtype=np.float32).reshape(len(heard), -1)),
            likely=np.array(likely),
            directions=np.array(directions),
            repeats=_repeats([each.words.together for each in heard]),
        )

    def _local(self, provinces: Sequence[str]) -> Local:
        """Return the official names of provinces: all of the first, of others those too long to be met by chance."""
        amphoe: dict[str, tuple[str, ...]] = {}
        tambons: dict[str, tuple[str, ...]] = {}
        for place, province in enumerate(provinces):
            local = self._reader.local_names(province)
            levels = ((amphoe, local.amphoe), (tambons, local.tambons)) if local else ()
            for known, names in levels:
                for name, codes in names.items():
                    if not place or len(name) >= _LONG:
                        known[name] = (*known.get(name, ()), *codes)
        return Local(amphoe, tambons, beginnings((*amphoe, *tambons)))

    def _hear(self, report: Report) -> _Heard:
        found, shares = self._reader.topics(report.text)
        words = self._anchors.words(found)
        told: list[Words] = [words]
        given: tuple[tuple[Kind, str], ...] = (
            ("spot", report.place),
            ("spot", report.village),
            ("tambon", report.tambon or self._reader.place_names(report.tambon_code).tambon),
            ("amphoe", report.amphoe),
        )
        for kind, said in given:
            if said:
                told.append(self._anchors.in_place(kind, self._anchors.words(tokens(fold(clean(said[:_GIVEN]))))))
        return _Heard(join(told), len(words.words), self._matters.find(words), [*shares.values()])

    def _find(self, report: Report, provinces: tuple[str, ...]) -> list[Anchor]:
        """Return where a report may name a place."""
        return self._anchors.find(self._heard(report).words, self._known(provinces))

    def _mean(self, words: tuple[str, ...]) -> tuple[Floats, Floats]:
        """Return how likely words are about each line of the table, and the direction into which they point."""
        import numpy as np  # noqa: PLC0415

        model = self._reader.model
        nowhere = np.zeros(1, dtype=np.float32)
        direction = model.vectors.direction(words, model.word_rarity) if model.vectors else nowhere
        return self._model.shares(words, model), direction

    def _telling(self, heard: _Heard, first: int, end: int) -> int:
        """Return whether words look like a name: a single one by its rarity, several unless they are a matter's."""
        said = heard.words
        words = said.words[first:end]
        if len(words) == 1:
            rarity = 0.0 if words[0] in self._anchors.generic else self._rarity(words[0]) / self._rarest
            return NAME if rarity >= _RARE else NAME_HERE if rarity >= _SELDOM else NO_NAME
        start = said.starts[first]
        stop = said.starts[end - 1] + len(words[-1])
        return NO_NAME if any(matter.start <= start and stop <= matter.end for matter in heard.matters) else NAME

    def _rarity(self, word: str) -> float:
        row = self._reader.model.rows.get(word_feature(word))
        return self._rarest if row is None else float(self._reader.model.rarity[row])


def _is_code(said: str) -> bool:
    return len(said) == 6 and said.isascii() and said.isdigit()


def _without_names(heard: _Heard, place: Place) -> tuple[str, ...]:
    """Return the words of a report outside of its places' names."""
    said = zip(heard.words.words[: heard.told], heard.words.starts, strict=False)
    return tuple(word for word, at in said if not any(start <= at < end for start, end in place.spans))


def _weights(table: Matters, found: Sequence[Sequence[Matter]], places: Sequence[Place]) -> Floats:
    """Return how much each report says of each line of a table; words inside a place's name say nothing."""
    import numpy as np  # noqa: PLC0415

    weights = np.zeros((len(found), len(table.slugs)), dtype=np.float32)
    for row, own, place in zip(weights, found, places, strict=True):
        outside = (m for m in own if not any(start <= m.start and m.end <= end for start, end in place.spans))
        for column, weight in table.weights(outside).items():
            row[column] = weight
    return weights


def _repeats(texts: Sequence[str]) -> NDArray[np.int64]:
    import numpy as np  # noqa: PLC0415

    first: dict[str, int] = {}
    numbers = [first.setdefault(text, at) if len(text) >= _REPEATED else -1 for at, text in enumerate(texts)]
    return np.array(numbers, dtype=np.int64)
