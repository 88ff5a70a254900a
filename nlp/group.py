"""Which of many reports are of one problem: those that are alike on average, so that no single one bridges two."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from nlp.likeness import MOST, Likeness
from nlp.marking import Marks, Report

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_BLOCK = 256
"""Reports that are compared with all others at once."""
_MOST_TOGETHER = 2_000
"""Of reports that hang together so many are grouped at once: all pairs of them are held in memory."""


def group(likeness: Likeness, reports: Sequence[Report], provinces: Sequence[str] = ()) -> list[int]:
    """Return a number for each report, in order: the same for reports of one problem, counted from 0 as they come.

    Args:
        likeness: what compares them.
        reports: any texts; those that say nothing are of no group but their own.
        provinces: official 2-digit codes of the provinces they may be from, the likeliest first.
    """
    if not reports:
        return []
    marks = likeness.marks(reports, provinces)
    numbers = _same_words(marks)
    apart = sorted({*numbers})
    for together in _hanging_together(likeness, marks.of(apart)):
        members = [apart[number] for number in together]
        firsts = dict(zip(members, _grouped(likeness, marks, members), strict=True))
        numbers = [firsts.get(number, number) for number in numbers]
    first: dict[int, int] = {}
    return [first.setdefault(number, len(first)) for number in numbers]


def _same_words(marks: Marks) -> list[int]:
    """Return for each report the first one of the same words, pin and tambon."""
    first: dict[tuple[int, str], int] = {}
    where = [f"{pin} {code}" for pin, code in zip(marks.whereabouts.pins, marks.whereabouts.official, strict=True)]
    said = zip(marks.repeats.tolist(), where, strict=True)
    return [first.setdefault(key, number) if key[0] >= 0 else number for number, key in enumerate(said)]


def _grouped(likeness: Likeness, marks: Marks, members: list[int]) -> list[int]:
    """Return for each of some reports the first of its group; of very many, the groups of parts are grouped again."""
    firsts: list[int] = []
    for part in range(0, len(members), _MOST_TOGETHER):
        some = members[part : part + _MOST_TOGETHER]
        firsts += [some[number] for number in _on_average(likeness, marks.of(some))]
    chosen = sorted({*firsts})
    if len(members) <= _MOST_TOGETHER or len(chosen) == len(members):
        return firsts
    again = dict(zip(chosen, _grouped(likeness, marks, chosen), strict=True))
    return [again[first] for first in firsts]


def _hanging_together(likeness: Likeness, marks: Marks) -> Iterator[list[int]]:
    """Return the sets of two reports and more that likenesses of single pairs connect; no group goes beyond one."""
    import numpy as np  # noqa: PLC0415
    from scipy.sparse import csr_array  # noqa: PLC0415
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415

    total = len(marks)
    own = np.arange(total)
    labels: NDArray[np.int64] = own
    for start in range(0, total, _BLOCK):
        rows, columns = np.nonzero(likeness.log_odds(marks, slice(start, start + _BLOCK)) >= likeness.threshold)
        # What hangs together so far is carried on as one edge each, so that pairs never pile up.
        some, others = np.concatenate([own, rows + start]), np.concatenate([labels, columns])
        graph = csr_array((np.ones(len(some), dtype=np.int8), (some, others)), shape=(total, total))
        labels = connected_components(graph, directed=False)[1]
        labels = np.unique(labels, return_index=True)[1][labels]
    for label in np.flatnonzero(np.bincount(labels, minlength=total) > 1):
        yield np.flatnonzero(labels == label).tolist()


def _on_average(likeness: Likeness, marks: Marks) -> list[int]:
    """Return for each report the first one of its group, by average linkage (UPGMA)."""
    import numpy as np  # noqa: PLC0415
    from scipy.cluster.hierarchy import fcluster, linkage  # noqa: PLC0415

    distances = MOST - likeness.log_odds(marks, slice(0, len(marks)))
    above: NDArray[np.bool_] = np.triu(np.ones(distances.shape, dtype=np.bool_), 1)
    clusters = fcluster(linkage(distances[above], "average"), MOST - likeness.threshold, "distance").tolist()
    first: dict[int, int] = {}
    return [first.setdefault(cluster, number) for number, cluster in enumerate(clusters)]
