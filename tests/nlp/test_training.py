from __future__ import annotations

import json
from pathlib import Path

import pytest

from nlp.labels import LabelRow
from nlp.listening import Listener
from nlp.model import ARRAYS, CARD, LinearModel, ModelError, load_model, save_model
from nlp.normalize import clean
from nlp.preparing import prepare
from nlp.reader import MODEL, Reader
from nlp.taxonomy import load_taxonomy
from nlp.training import Prepared, TrainingError, fit
from nlp.vectors import load_vectors

WATER = ["น้ำประปาไม่ไหล", "ก๊อกแห้งมาสามวัน", "ตุ่มไม่มีน้ำ", "น้ำขุ่นเป็นโคลน", "รอรถน้ำมาส่ง", "บ่อบาดาลเค็ม"]
ROADS = ["ถนนเป็นหลุม", "ทางเข้าหมู่บ้านพัง", "สะพานไม้ผุ", "ลูกรังฝุ่นตลบ", "หลุมกลางถนนลึก", "ไหล่ทางทรุด"]
KINDS = ("problem", "question")
GRAVE = (("น้ำ", WATER, "sexual"), ("ทาง", ROADS, "violence"))


@pytest.fixture(scope="module")
def listener() -> Listener:
    return Listener(load_taxonomy())


def prepared(listener: Listener, labels: tuple[str, str] = ("น้ำ", "ทาง")) -> list[Prepared]:
    rows = [
        LabelRow(text, (label,), kind=KINDS[number % 2])
        for label, texts in zip(labels, (WATER, ROADS), strict=True)
        for number, text in enumerate(texts)
    ]
    return [*prepare(rows, listener)]


def best(model: LinearModel, listener: Listener, text: str) -> str:
    found = listener.listen(clean(text))
    answers = model.answer(found.tokens, found.topic, found.purpose)["category"]
    assert model.likeliest(found.tokens, found.topic) == max(answers, key=answers.__getitem__)
    return model.likeliest(found.tokens, found.topic)


def test_any_labels_can_be_learned(listener: Listener) -> None:
    model = fit(prepared(listener), None, {"labels": 12})
    assert model.labels == ("ทาง", "น้ำ")
    assert [head.name for head in model.card.heads] == ["category", "kind"]
    assert best(model, listener, "น้ำไม่ไหลค่ะ") == "น้ำ"
    assert best(model, listener, "ถนนพังมาก") == "ทาง"


def test_probabilities_of_each_head_sum_to_one(listener: Listener) -> None:
    model = fit(prepared(listener), load_vectors(MODEL), {})
    for text in ("น้ำไม่ไหล", "", "🙂", "zzz"):
        found = listener.listen(clean(text))
        answers = model.answer(found.tokens, found.topic, found.purpose)
        assert [sum(head.values()) for head in answers.values()] == [pytest.approx(1), pytest.approx(1)]


def test_the_same_rows_give_the_same_model(listener: Listener) -> None:
    first, second = (fit(prepared(listener), None, {}) for _ in range(2))
    assert first.card == second.card


def test_a_model_is_read_back_as_it_was_written(listener: Listener, tmp_path: Path) -> None:
    model = fit(prepared(listener), load_vectors(MODEL), {"labels": 12})
    save_model(model, tmp_path)
    again = load_model(tmp_path)
    assert again.card == model.card
    for text in (*WATER, *ROADS):
        found = listener.listen(clean(text))
        one, other = (of.answer(found.tokens, found.topic, found.purpose)["category"] for of in (model, again))
        assert one == pytest.approx(other, abs=0.02)


def test_words_that_speak_for_an_answer_stand_in_the_text(listener: Listener) -> None:
    model = fit(prepared(listener), None, {})
    found = listener.listen("ถนนเป็นหลุมลึก")
    spans = model.strength(found.tokens, "ทาง")
    assert "หลุม" in {found.tokens.text[start:end] for _, start, end in spans}
    assert [weight for weight, _, _ in spans] == sorted((weight for weight, _, _ in spans), reverse=True)


def test_one_label_is_too_little(listener: Listener) -> None:
    with pytest.raises(TrainingError, match="two labels"):
        fit(prepared(listener, ("one", "one")), None, {})


def test_a_row_that_counts_more_pulls_harder(listener: Listener) -> None:
    odd = LabelRow("กะลาแตก", ("ทาง",), kind="problem")
    rows = [*prepared(listener), *prepare([LabelRow("กะลาแตก", ("น้ำ",), kind="problem")] * 2, listener)]
    light, heavy = (fit([*rows, *prepare([odd], listener, weight)], None, {}) for weight in (0.1, 20.0))
    assert (best(light, listener, "กะลาแตก"), best(heavy, listener, "กะลาแตก")) == ("น้ำ", "ทาง")


def test_of_grave_rows_alone_nothing_is_learned_about_what_is_grave(listener: Listener) -> None:
    rows = [LabelRow(text, (label,), sensitive=wrong) for label, texts, wrong in GRAVE for text in texts]
    assert [head.name for head in fit([*prepare(rows, listener)], None, {}).card.heads] == ["category"]


def test_a_model_of_other_labels_reads_every_text(listener: Listener, tmp_path: Path) -> None:
    save_model(fit(prepared(listener), None, {}), tmp_path)
    reader = Reader.load(tmp_path)
    for text in ("", "🙂", "...", "น้ำไม่ไหล", "อยากตาย", "สวัสดีค่ะ"):
        reading = reader.read(text)
        assert reading.category in {"น้ำ", "ทาง"}
        shares = [share for _, share in reading.alternatives]
        assert shares == sorted(shares, reverse=True)


def test_few_rows_are_too_little(listener: Listener) -> None:
    with pytest.raises(TrainingError, match="ten rows"):
        fit(prepared(listener)[:9], None, {})


def test_a_folder_without_a_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=str(tmp_path)):
        load_model(tmp_path)


def test_a_model_of_another_form_or_shape_is_refused(listener: Listener, tmp_path: Path) -> None:
    save_model(fit(prepared(listener), None, {}), tmp_path)
    card = json.loads((tmp_path / CARD).read_text("utf-8"))
    (tmp_path / CARD).write_text(json.dumps({**card, "form": 99}), "utf-8")
    with pytest.raises(ModelError, match="form 99"):
        load_model(tmp_path)
    (tmp_path / CARD).write_text(json.dumps({**card, "heads": card["heads"][:1]}), "utf-8")
    with pytest.raises(ModelError, match="shapes"):
        load_model(tmp_path)
    (tmp_path / CARD).write_text(json.dumps(card), "utf-8")
    (tmp_path / ARRAYS).write_bytes(b"PK broken")
    with pytest.raises(ModelError, match="no model that can be read"):
        load_model(tmp_path)


def test_the_shipped_model_is_small_and_complete() -> None:
    assert sum(path.stat().st_size for path in MODEL.iterdir()) <= 15_000_000
    model = load_model(MODEL)
    assert set(model.labels) == set(load_taxonomy().slugs)
    assert model.vectors is not None
    assert [head.name for head in model.card.heads] == ["category", "kind", "urgency", "sensitive"]
