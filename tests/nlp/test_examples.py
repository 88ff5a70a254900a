"""The examples must be what the model's card says of them: enough, labelled, and none like another."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from nlp.examples import EXAMPLES, read_examples
from nlp.labels import LabelRow
from nlp.reading import Kind, Sensitive, Urgency
from nlp.taxonomy import load_taxonomy

ENOUGH = 200
RUN = 6
"""Letters of the runs by which texts are compared, spaces left out."""
AT_ONCE = 500
"""Texts that are compared with all others at once."""
ALIKE = 0.5
"""Share of the shorter text's runs which another text must not hold."""


@pytest.fixture(scope="module")
def rows() -> list[LabelRow]:
    return read_examples(EXAMPLES)


def test_there_are_enough_of_every_category_and_kind(rows: list[LabelRow]) -> None:
    categories = Counter(row.labels[0] for row in rows)
    kinds = Counter(row.kind for row in rows)
    assert {slug for slug in load_taxonomy().slugs if categories[slug] < ENOUGH} == set()
    assert {kind for kind in get_args(Kind) if kinds[kind] < ENOUGH} == set()


def test_every_label_is_a_known_one(rows: list[LabelRow]) -> None:
    known = set(load_taxonomy().slugs)
    for row in rows:
        assert row.text.strip(), row
        assert set(row.labels) <= known, row
        assert len(set(row.labels)) == len(row.labels), row
        assert row.kind in get_args(Kind), row
        assert row.urgency in get_args(Urgency), row
        assert row.sensitive in {"", *get_args(Sensitive)}, row
        assert (row.kind == "emergency") == (row.urgency == "emergency"), row
        assert all(secret in row.text for secret in row.personal), row


def test_none_is_like_another(rows: list[LabelRow]) -> None:
    texts = [row.text for row in rows]
    assert [(texts[one], texts[other]) for one, other in alike(texts, texts, ALIKE) if one < other] == []


def test_none_is_like_one_that_measures_them(rows: list[LabelRow], data: Path) -> None:
    measuring = [*measures(data)]
    assert [*alike([row.text for row in rows], measuring, ALIKE)] == []


def measures(data: Path) -> Iterator[str]:
    for name in ("statements_dev", "chat_dev", "forum_dev", "duplicates_dev"):
        for line in (data / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            yield from row.get("texts", ())
            yield from (issue["text"] for issue in row.get("issues", ()))
            if "issues" not in row and "text" in row:
                yield row["text"]


def alike(texts: list[str], others: list[str], share: float) -> Iterator[tuple[int, int]]:
    """Pairs of which the shorter's runs stand, to that share, in the longer."""
    own, theirs = [runs(text) for text in texts], [runs(text) for text in others]
    columns = {run: number for number, run in enumerate({*chain(*own, *theirs)})}
    holding = table(theirs, columns)
    lengths = np.array([len(found) for found in theirs])
    for start in range(0, len(own), AT_ONCE):
        some = own[start : start + AT_ONCE]
        common = (table(some, columns) @ holding.T).tocoo()  # how many runs two texts have in common
        enough = share * np.minimum(np.array([len(found) for found in some])[common.row], lengths[common.col])
        for place in np.flatnonzero(common.data >= enough):
            yield start + int(common.row[place]), int(common.col[place])


def table(found: list[set[str]], columns: dict[str, int]) -> csr_matrix:
    """A row for each text, a column for each run, 1 where the text has the run."""
    at = [columns[run] for one in found for run in one]
    ends = np.cumsum([0, *map(len, found)])
    return csr_matrix((np.ones(len(at), np.int32), at, ends), shape=(len(found), len(columns)))


def runs(text: str) -> set[str]:
    letters = re.sub(r"\s+", "", text)
    return {letters[at : at + RUN] for at in range(max(1, len(letters) - RUN + 1))}


def test_alike_texts_would_be_seen() -> None:
    one, same, other = "น้ำประปาไม่ไหลมาสามวันแล้วค่ะ", "น้ำประปาไม่ไหลมาสามวันแล้วครับ", "ถนนหน้าโรงเรียนเป็นหลุมลึกมาก"
    assert [*alike([one], [same, other], ALIKE)] == [(0, 0)]
