"""Which of many texts name one spot, one area, or different ones: for all pairs at once, in matrices."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from nlp.naming import LEAST_PART, Place

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Truths = NDArray[np.bool_]

Matrix = Any
"""A matrix of ones and zeros, a row a text: of many texts a sparse one of scipy's, of few an array of numpy's."""
FEW = 16_384
"""Cells of an array: below, making sparse matrices of the same takes ten times as long."""
NEAR, FAR = 0.5, 5.0
"""Kilometres within which two pins are one spot, and beyond which they are not."""
_DEGREE = 111.2
"""Kilometres of a degree of latitude."""

Point = tuple[float, float]
"""Latitude and longitude in degrees."""


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """The names of texts, a row a text and a column a name, and what is counted with them.

    `related` has also the names that are a part of a text's names or that these are a part of.
    `official` is the code of the tambon that was told beside a text, 0 for none.
    """

    names: Matrix
    related: Matrix
    spots: Matrix
    tambons: Matrix
    amphoe: Matrix
    within: Matrix
    numbered: Matrix
    numbers: Matrix
    pins: Floats
    official: NDArray[np.int64]

    def of(self, rows: Sequence[int]) -> Whereabouts:
        """Return the whereabouts of some of the texts."""
        return Whereabouts(**{field.name: getattr(self, field.name)[rows] for field in fields(self)})

    def signs(self, rows: slice) -> dict[str, Truths]:
        """Return what pairs have in common, a row a text of `rows` and a column a text.

        Every pair has exactly one of `same_spot`, `same_area`, `other_spot` (of one area), `no_place` (one names none
        that the other names) and `other_place`; `same_number` and `other_number` come on top.
        """
        import numpy as np  # noqa: PLC0415

        related_here, related_there = self.related[rows], self.related
        matched = _count(self.names[rows], related_there)
        matched_back = _count(related_here, self.names)
        left = _total(self.names)[rows, None] > matched
        left_back = _total(self.names)[None, :] > matched_back
        spots, spots_back = _count(self.spots[rows], related_there), _count(related_here, self.spots)
        spot = (spots > 0) | (spots_back > 0)
        spots_left = (_total(self.spots)[rows, None] > spots) & (_total(self.spots)[None, :] > spots_back)
        tambons, tambons_back = _count(self.tambons[rows], related_there), _count(related_here, self.tambons)
        tambons_left = (_total(self.tambons)[rows, None] > tambons) & (_total(self.tambons)[None, :] > tambons_back)
        holds = (_count(self.amphoe[rows], self.within) > 0) | (_count(self.within[rows], self.amphoe) > 0)
        amphoe = _count(self.within[rows], self.within)
        amphoe_left = (_total(self.within)[rows, None] > amphoe) & (_total(self.within)[None, :] > amphoe)
        numbered, number = _count(self.numbered[rows], self.numbered), _count(self.numbers[rows], self.numbers)
        near, far = self._distances(rows)
        told = (self.official[rows, None] > 0) & (self.official[None, :] > 0)
        same_tambon = told & (self.official[rows, None] == self.official[None, :])
        far = far | (told & ~same_tambon & ~near)
        same_spot = ((spot & ~amphoe_left) | near) & ~far
        same_area = ((matched > 0) | holds | same_tambon) & ~same_spot & ~far
        apart = spots_left | tambons_left | amphoe_left
        nowhere = ~same_spot & ~same_area
        # An official name alone, beside any other name, already tells two places apart.
        other = nowhere & ((left & left_back) | far)
        found = {
            "same_spot": same_spot,
            "same_area": same_area & ~apart,
            "other_spot": same_area & apart,
            "no_place": nowhere & ~other,
            "other_place": other,
            "same_number": number > 0,
            "other_number": numbered > number,
        }
        return {sign: np.asarray(truth) for sign, truth in found.items()}

    def _distances(self, rows: slice) -> tuple[Truths, Truths]:
        """Return which pairs have pins near each other, and which far; a text without a pin has neither."""
        import numpy as np  # noqa: PLC0415

        here, there = self.pins[rows, None], self.pins[None, :]
        north = (here[..., 0] - there[..., 0]) * _DEGREE
        east = (here[..., 1] - there[..., 1]) * _DEGREE * np.cos(np.radians(here[..., 0]))
        distance = np.hypot(north, east)
        return distance <= NEAR, distance > FAR


def gather(
    places: Sequence[Place],
    numbered: Sequence[Mapping[str, frozenset[str]]],
    pins: Sequence[Point | None],
    official: Sequence[str],
) -> Whereabouts:
    """Return the whereabouts of texts: their names, numbers of lanes and the like, pins, and told codes of tambons."""
    import numpy as np  # noqa: PLC0415

    relatives = _relatives({name for place in places for name in place.names})
    column = {name: number for number, name in enumerate(relatives)}

    def matrix(names_of: Callable[[Place], Iterable[str]]) -> Matrix:
        return _matrix([[column[name] for name in names_of(place)] for place in places], len(column))

    def codes(place: Place, digits: int) -> set[str]:
        return {code[:4] for named in place.names.values() for code in named.codes if len(code) >= digits}

    amphoe_column = _columns(codes(place, 4) for place in places)

    def amphoe(codes_of: Callable[[Place], Iterable[str]]) -> Matrix:
        return _matrix([[amphoe_column[code] for code in codes_of(place)] for place in places], len(amphoe_column))

    whats = [_numbers(place, own) for place, own in zip(places, numbered, strict=True)]
    kinds = [{what for what, _ in own} for own in whats]
    what_column = _columns(kinds)
    number_column = _columns(own for own in whats)
    return Whereabouts(
        names=matrix(lambda place: place.names),
        related=matrix(lambda place: {other for name in place.names for other in relatives[name]}),
        spots=matrix(lambda place: [name for name, named in place.names.items() if named.spot]),
        tambons=matrix(lambda place: [name for name, named in place.names.items() if _only_tambon(named.codes)]),
        amphoe=amphoe(lambda place: {c for named in place.names.values() for c in named.codes if len(c) == 4}),
        within=amphoe(lambda place: codes(place, 4)),
        numbered=_matrix([[what_column[what] for what in own] for own in kinds], len(what_column)),
        numbers=_matrix([[number_column[key] for key in own] for own in whats], len(number_column)),
        pins=np.array([pin or (np.nan, np.nan) for pin in pins], dtype=np.float32).reshape(-1, 2),
        official=np.array([int(code or 0) for code in official], dtype=np.int64),
    )


def _numbers(place: Place, numbered: Mapping[str, frozenset[str]]) -> set[tuple[str, str]]:
    found = {(what, number) for what, numbers in numbered.items() for number in numbers}
    return found | {(name, number) for name, named in place.names.items() for number in named.numbers}


def _relatives(names: Iterable[str]) -> dict[str, set[str]]:
    """Return for each name itself, those that are its beginning or end, and those it is the beginning or end of."""
    relatives = {name: {name} for name in names}
    for name, own in relatives.items():
        for length in range(LEAST_PART, len(name)):
            for part in (name[:length], name[-length:]):
                if part in relatives:
                    own.add(part)
                    relatives[part].add(name)
    return relatives


def _only_tambon(codes: Sequence[str]) -> bool:
    """Whether a name is a tambon's and no amphoe's too."""
    return bool(codes) and all(len(code) > 4 for code in codes)


def _columns(keys: Iterable[Iterable[Any]]) -> dict[Any, int]:
    columns: dict[Any, int] = {}
    for own in keys:
        for key in own:
            columns.setdefault(key, len(columns))
    return columns


def _matrix(rows: Sequence[Sequence[int]], width: int) -> Matrix:
    """Return a matrix with a one in each of the columns that are named for a row, each named once."""
    import numpy as np  # noqa: PLC0415

    lengths = [*map(len, rows)]
    columns = np.fromiter((column for row in rows for column in row), dtype=np.int64, count=sum(lengths))
    if len(rows) * width <= FEW:
        few = np.zeros((len(rows), max(1, width)), dtype=np.float32)
        few[np.repeat(np.arange(len(rows)), lengths), columns] = 1
        return few
    from scipy.sparse import csr_array  # noqa: PLC0415 — a tenth of a second

    ends = np.cumsum([0, *lengths])
    return csr_array((np.ones(len(columns), dtype=np.float32), columns, ends), shape=(len(rows), max(1, width)))


def _count(some: Matrix, others: Matrix) -> Floats:
    """Return how many columns each row of `some` and each row of `others` have in common."""
    import numpy as np  # noqa: PLC0415

    counted = some @ others.T
    return counted if isinstance(counted, np.ndarray) else counted.toarray()


def _total(matrix: Matrix) -> Floats:
    total: Floats = matrix.sum(axis=1)
    return total
