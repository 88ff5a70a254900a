from __future__ import annotations

import json
from pathlib import Path

import pytest

from nlp.evaluate import Share, score
from nlp.labels import LabelError, LabelRow, read_labels
from nlp.reader import Reader

PROVINCES = {"chiangrai": "57", "khonkaen": "40", "nakhonsawan": "60", "trat": "23", "phatthalung": "93"}


def test_a_share_knows_its_interval() -> None:
    low, high = Share(8, 10).interval
    # Wilson's interval for 8 of 10 at 95 %.
    assert (round(low, 2), round(high, 2)) == (0.49, 0.94)


def test_lists_in_a_csv_are_joined(tmp_path: Path) -> None:
    csv = tmp_path / "rows.csv"
    csv.write_text("text,label,also,pii\nลุงมีบอกว่าถนนพัง,infrastructure,safety|water,ลุงมี\n", encoding="utf-8")
    row = read_labels(csv)[0]
    assert (row.labels, row.personal) == (("infrastructure", "safety", "water"), ("ลุงมี",))


def test_csv_and_json_lines_say_the_same(tmp_path: Path) -> None:
    csv, jsonl = tmp_path / "rows.csv", tmp_path / "rows.jsonl"
    csv.write_text("text,label\nถนนพัง,infrastructure|safety\n", encoding="utf-8")
    jsonl.write_text(json.dumps({"text": "ถนนพัง", "label": "infrastructure", "also": ["safety"]}), encoding="utf-8")
    assert read_labels(csv) == read_labels(jsonl) == [LabelRow("ถนนพัง", ("infrastructure", "safety"))]


@pytest.mark.parametrize(("line", "why"), [("{", "line 2"), ("[]", "line 2"), ('{"text": "ก"}', "row 2")])
def test_a_bad_row_is_named(tmp_path: Path, line: str, why: str) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"text": "ก", "label": "water"}\n' + line, encoding="utf-8")
    with pytest.raises(LabelError, match=f"rows.jsonl: {why}"):
        read_labels(path)


def test_right_and_wrong_rows_are_counted(reader: Reader) -> None:
    card = score(
        [
            LabelRow("น้ำประปาไม่ไหล", ("water",), kind="problem", urgency="normal", sensitive="", tambon_code=""),
            LabelRow("ถนนพัง ต.แม่ยาว", ("infrastructure",), province="57", tambon_code="570106"),
            LabelRow("ไฟทางดับ โทร 0812345678", ("water",), personal=("0812345678",)),
        ],
        reader,
    )
    assert (card.rows, card.accepted.hits, card.accepted.of) == (3, 2, 3)
    assert (card.kind.of, card.urgency.of, card.sensitive.of) == (1, 1, 1)
    assert (card.tambon_right.value, card.tambon_precision.value, card.masked.value) == (1.0, 1.0, 1.0)
    assert card.f1 == {"infrastructure": pytest.approx(2 / 3), "water": pytest.approx(2 / 3)}


def test_an_empty_file_scores_nothing(reader: Reader) -> None:
    assert score([], reader).rows == 0
    assert score([], reader).lines()


def test_statements_are_read_as_well_as_by_their_own_words(reader: Reader, data: Path) -> None:
    card = score(read_labels(data / "statements_dev.jsonl"), reader)
    assert card.macro_f1 >= 0.73
    assert card.accepted.value >= 0.83
    assert card.top3.value >= 0.87


def test_chat_messages_are_read_well(reader: Reader, data: Path) -> None:
    card = score(read_labels(data / "chat_dev.jsonl", PROVINCES), reader)
    assert card.macro_f1 >= 0.75
    assert card.accepted.value >= 0.85
    assert card.kind.value >= 0.85
    assert card.emergency_recall.value == 1.0
    assert card.sensitive.value >= 0.9
    assert card.masked.value == 1.0
    assert card.tambon_right.value >= 0.9
    assert card.tambon_precision.value == 1.0
