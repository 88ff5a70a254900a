from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

import bot.provinces
from tests.bot.commands.conftest import Installation

FIELDS = [
    "id",
    "category",
    "sub",
    "province_category",
    "confidence",
    "alternatives",
    "kind",
    "urgency",
    "sensitive",
    "place",
    "masked_text",
    "summary",
    "evidence",
]
KINDS = {"problem", "proposal", "asset", "question", "thanks", "chitchat", "spam", "emergency"}


def classify(here: Installation, stdin: bytes) -> tuple[int, list[dict[str, Any]], str]:
    done = here.bot("classify", "--province", "chiang-rai", stdin=stdin)
    return done.returncode, [json.loads(line) for line in done.stdout.decode().splitlines()], done.stderr.decode()


def test_plain_lines_get_their_number_and_the_whole_vocabulary(bare: Installation) -> None:
    text = "น้ำประปาไม่ไหล ต.เวียง อ.เชียงของ โทร 081-234-5678\n\nช่วยด้วย ไฟไหม้บ้าน มีคนติดอยู่ข้างใน\n"
    code, answers, _ = classify(bare, text.encode())
    assert code == 0
    assert [answer["id"] for answer in answers] == [1, 2, 3]
    assert all(list(answer) == FIELDS for answer in answers)
    first, empty, fire = answers
    assert (first["category"], first["province_category"]) == ("water", "land-water-forest")
    assert first["place"] == {"tambon_code": "570301", "amphoe": "เชียงของ", "village": ""}
    assert "081" not in first["masked_text"] + first["summary"]
    assert len(first["alternatives"]) == 3
    assert first["alternatives"][0] == ["water", first["confidence"]]
    assert empty["category"] == "other"
    assert empty["province_category"] is None
    assert (fire["kind"], fire["urgency"]) == ("emergency", "emergency")
    assert {answer["kind"] for answer in answers} <= KINDS
    shipped = tomllib.loads((Path(bot.provinces.SHIPPED) / "chiang-rai.toml").read_text("utf-8"))
    assert first["province_category"] in {category["slug"] for category in shipped["category"]}
    assert not (bare.folder / "data").exists(), "no database, no secret"


def test_a_bad_line_is_named_and_the_rest_go_on(bare: Installation) -> None:
    code, answers, said = classify(bare, "ถนนพัง\n".encode() + b"\xb6\xb9\n" + "ไฟดับ\n".encode())
    assert code == 1
    assert [sorted(answer) == ["error", "id"] for answer in answers] == [False, True, False]
    assert answers[1]["id"] == 2
    assert len(said.splitlines()) == 1


def test_json_lines_keep_their_ids_and_half_a_line_is_never_a_message(bare: Installation) -> None:
    lines = [
        '{"id": "a", "text": "ถนนพัง"}',
        '{"id": "b", "text": ',
        'ext": "ถนนพัง"}',
        '{"id": "c"}',
        '{"id": {"x": 1}, "text": "ไฟดับ \\ud800"}',
        "[" * 100_000,
    ]
    code, answers, _ = classify(bare, "\n".join(lines).encode())
    assert code == 1
    assert [answer["id"] for answer in answers] == ["a", 2, 3, "c", {"x": 1}, 6]
    assert ["error" in answer for answer in answers] == [False, True, True, True, False, True]


def test_split_gives_header_and_issues(bare: Installation) -> None:
    note = "ประชาคมบ้านดอยงาม วันที่ 5 ต.ค. 2568 ศาลาหมู่บ้าน ผู้เข้าร่วม 42 คน\n1. น้ำประปาไม่ไหล\n2. ถนนเข้าหมู่บ้านเป็นหลุม\n"
    done = bare.bot("split", "--province", "chiang-rai", stdin=note.encode())
    assert done.returncode == 0, done.stderr.decode()
    found = json.loads(done.stdout)
    assert found["header"]["date_iso"] == "2025-10-05"
    assert found["header"]["participants"] == 42
    assert found["issues"] == [
        {"text": "น้ำประปาไม่ไหล", "category": "water"},
        {"text": "ถนนเข้าหมู่บ้านเป็นหลุม", "category": "infrastructure"},
    ]
    assert bare.bot("split", "--province", "chiang-rai", stdin=b"\xb6\xb9").returncode == 1


def test_evaluate_prints_and_writes_the_card(bare: Installation) -> None:
    labels = bare.table("l.csv", [("น้ำประปาไม่ไหล", "water"), ("ถนนเป็นหลุม", "water|infrastructure")], ("text", "label"))
    out = bare.folder / "card.json"
    done = bare.bot("evaluate", "--labels", labels, "--json", "--out", out)
    assert done.returncode == 0, done.stderr.decode()
    card = json.loads(done.stdout)
    assert card["accepted"] == {"value": 1.0, "hits": 2, "of": 2, "interval": [0.3424, 1.0]}
    assert card["tambon_right"]["value"] is None
    assert json.loads(out.read_text("utf-8")) == card
    assert b"macro_f1" in bare.bot("evaluate", "--labels", labels).stdout


def test_evaluate_names_columns_that_it_does_not_know_and_goes_on(bare: Installation) -> None:
    labels = bare.table("l.csv", [("น้ำประปาไม่ไหล", "water", "x")], ("text", "label", "ผู้จด"))
    done = bare.bot("evaluate", "--labels", labels)
    assert done.returncode == 0
    assert done.stderr.decode().splitlines() == ["l.csv: not used: ผู้จด"]


def test_evaluate_names_what_is_missing(bare: Installation) -> None:
    done = bare.bot("evaluate", "--labels", bare.table("l.csv", [("ก", "ข")], ("text", "topic")))
    assert done.returncode == 1
    assert done.stderr.decode().splitlines() == ["sansiang: l.csv: no column label; the columns are text, topic"]
    assert bare.bot("evaluate", "--labels", bare.folder / "none.csv").returncode == 2


@pytest.mark.parametrize("name", ["l.csv", "l.jsonl"])
def test_evaluate_names_a_label_that_there_is_not_with_its_line(bare: Installation, name: str) -> None:
    rows = [("น้ำประปาไม่ไหล\nสองบรรทัด", "water"), ("ถนนพัง", "raod"), ("ไฟดับ", "water|road")]
    if name == "l.csv":
        labels = bare.table(name, rows, ("text", "label"))
        raw = labels.read_text("utf-8").replace("raod\n", "raod\n\n")
        lines = (4, 6)
    else:
        labels = bare.folder / name
        raw = "\n\n".join(json.dumps({"text": text, "label": label}) for text, label in rows)
        lines = (3, 5)
    labels.write_text(raw, "utf-8")
    done = bare.bot("evaluate", "--labels", labels)
    assert done.returncode == 1
    said = done.stderr.decode().splitlines()
    assert len(said) == 1
    assert said[0].startswith(
        f"sansiang: {name}: labels that the model does not know: line {lines[0]}: 'raod', line {lines[1]}: 'road'; "
    )
    assert "infrastructure" in said[0]
    assert done.stdout == b""


def test_evaluate_names_the_first_of_many_wrong_labels(bare: Installation) -> None:
    labels = bare.table("l.csv", [("ก", f"no{n}") for n in range(9)], ("text", "label"))
    said = bare.bot("evaluate", "--labels", labels).stderr.decode()
    assert "line 6: 'no4' and 4 more;" in said


def test_train_makes_a_model_of_any_labels_and_evaluate_reads_it(bare: Installation) -> None:
    rows = [(f"น้ำไม่ไหล {n} วัน", "น้ำ") for n in range(8)] + [(f"ถนนเป็นหลุม {n} แห่ง", "ทาง") for n in range(8)]
    labels, model = bare.table("l.csv", rows, ("text", "label")), bare.folder / "model"
    done = bare.bot("train", "--labels", labels, "--out", model)
    assert done.returncode == 0, done.stderr.decode()
    assert b"category" in done.stdout
    assert "no core categories" in done.stderr.decode()
    assert json.loads((model / "model.json").read_text("utf-8"))["scores"]["category"]["macro_f1"] == 1.0
    card = json.loads(bare.bot("evaluate", "--labels", labels, "--model", model, "--json").stdout)
    assert card["macro_f1"] == 1.0
    other = bare.bot("evaluate", "--labels", labels)
    assert other.returncode == 1
    assert "labels that the model does not know" in other.stderr.decode()


@pytest.mark.long
def test_corrections_are_learned_beside_the_examples(bare: Installation) -> None:
    rows = [("กะลาแตกเจ็ดใบที่ศาลากลาง", "rights_status")] * 12
    labels, model = bare.table("l.csv", rows, ("text", "label")), bare.folder / "model"
    done = bare.bot("train", "--labels", labels, "--out", model)
    assert done.returncode == 0, done.stderr.decode()
    sources = json.loads((model / "model.json").read_text("utf-8"))["sources"]
    assert sources["labels"] == 12
    assert sources["examples"] > 1000
    before, after = (
        json.loads(bare.bot("evaluate", "--labels", labels, "--json", *more).stdout)["accepted"]["value"]
        for more in ((), ("--model", model))
    )
    assert (before, after) == (0.0, 1.0)


def test_train_and_evaluate_say_in_one_line_what_is_wrong(bare: Installation) -> None:
    few = bare.table("few.csv", [("ก", "water")], ("text", "label"))
    wrong = bare.table("wrong.csv", [("ก", "water")], ("message", "topic"))
    empty = bare.folder / "empty"
    empty.mkdir()
    for arguments, said in (
        (("train", "--labels", few, "--out", bare.folder / "m", "--alone"), "ten rows"),
        (("train", "--labels", wrong, "--out", bare.folder / "m"), "no column text and label"),
        (("evaluate", "--labels", few, "--model", empty), "no model that can be read"),
    ):
        done = bare.bot(*arguments)
        assert done.returncode == 1
        assert said in done.stderr.decode().splitlines()[-1]
        assert "Traceback" not in done.stderr.decode()
