from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nlp.group import group
from nlp.likeness import Likeness
from nlp.marking import Report
from nlp.matter_model import MatterModelError, fingerprint, load_matter_model
from nlp.matters import Matters
from nlp.reader import Reader
from tests.nlp.duplicates import CODES, OWN, read_cases, score

CHIANG_RAI = ("57",)
DRY = "ประปาภูเขาบ้านแม่เลาะ ต.แม่ยาว ไม่ไหลมาสี่วันแล้ว"


@pytest.fixture(scope="module")
def likeness(reader: Reader) -> Likeness:
    return Likeness(reader)


def groups(likeness: Likeness, *texts: str | Report) -> list[int]:
    return group(likeness, [text if isinstance(text, Report) else Report(text) for text in texts], CHIANG_RAI)


@pytest.mark.parametrize("pooled", [False, True], ids=["by province", "all in one"])
@pytest.mark.parametrize(("part", "f1", "apart"), [("tune", 0.87, 0.91), ("unseen", 0.84, 0.88)])
def test_own_groups_are_found_and_near_misses_kept_apart(
    likeness: Likeness, part: str, f1: float, apart: float, pooled: bool
) -> None:
    found = score(likeness, read_cases(OWN, part), pooled=pooled)
    assert found.f1 >= f1
    assert found.kept_apart >= apart


def test_there_are_enough_own_groups_of_every_province() -> None:
    cases = read_cases(OWN)
    assert len({case.group for case in cases}) >= 100
    assert len({case.group for case in read_cases(OWN, "unseen")}) == 30
    assert {case.province for case in cases} == set(CODES.values())


def test_the_labelled_groups_are_found(likeness: Likeness, data: Path) -> None:
    found = score(likeness, read_cases(data / "duplicates_dev.jsonl"), pooled=False)
    assert found.f1 >= 0.78
    assert found.kept_apart >= 0.88


def test_other_words_of_one_problem_are_liker_than_another_place_or_problem(likeness: Likeness) -> None:
    one = Report(DRY)
    same, elsewhere, other = (
        likeness.compare(one, Report(text), CHIANG_RAI)
        for text in (
            "น้ำบ่มีอาบแล้วเจ้า บ้านแม่เลาะต้องลงไปตักน้ำห้วย",
            "ประปาภูเขาบ้านห้วยทรายขาว ต.แม่ยาว ไม่ไหลมาสี่วันแล้ว",
            "บ้านแม่เลาะ ต.แม่ยาว หมาจรจัดกัดเด็กสี่คน",
        )
    )
    assert same > 0.5 > max(elsewhere, other)
    assert likeness.compare(Report(DRY), Report(DRY), CHIANG_RAI) > 0.95


def test_the_likest_candidates_are_told_with_their_numbers(likeness: Likeness) -> None:
    candidates = [
        Report("ถนนเข้าบ้านแม่เลาะเป็นหลุมใหญ่ รถล้มทุกวัน"),
        Report("บ้านแม่เลาะ แม่ยาว น้ำประปาไม่ไหลเลย ต้องซื้อน้ำ"),
        Report("น้ำประปาบ้านดู่ไม่ไหลสี่วัน"),
    ]
    found = likeness.likest(Report(DRY), candidates, CHIANG_RAI)
    assert [number for number, _ in found] == [1]
    assert 0.5 <= found[0][1] <= 1
    assert likeness.likest(Report(DRY), [], CHIANG_RAI) == []


def test_a_lane_said_in_digits_or_words_is_one_and_another_lane_is_not(likeness: Likeness) -> None:
    texts = ("ไฟทางดับทั้งซอย 6 ชุมชนป่าแดง", "ซอยหก ชุมชนป่าแดงมืดหมด ไฟถนนไม่ติด", "ไฟทางดับทั้งซอย 7 ชุมชนป่าแดง")
    first, second, third = groups(likeness, *texts)
    assert first == second != third


def test_a_place_told_beside_the_text_counts(likeness: Likeness) -> None:
    text, again = "น้ำประปาไม่ไหลมาสามวันแล้วค่ะ เดือดร้อนมาก", "เปิดก๊อกไม่มีน้ำสักหยด ต้องซื้อน้ำใช้"
    here = Report(text, village="บ้านแม่เลาะ")
    assert groups(likeness, here, Report(again, place="บ้านแม่เลาะ ต.แม่ยาว")) == [0, 0]
    assert groups(likeness, here, Report(again, village="ห้วยทรายขาว")) == [0, 1]
    assert groups(likeness, Report(text, tambon_code="570106"), Report(again, tambon_code="570106")) == [0, 0]
    assert groups(likeness, Report(text, tambon_code="570106"), Report(again, tambon_code="570301")) == [0, 1]


def test_pins_are_one_spot_or_not(likeness: Likeness) -> None:
    text, again = "น้ำประปาไม่ไหลมาสามวันแล้วค่ะ เดือดร้อนมาก", "เปิดก๊อกไม่มีน้ำสักหยด ต้องซื้อน้ำใช้"
    one = Report(text, pin=(19.9105, 99.8406))
    assert groups(likeness, one, Report(again, pin=(19.9110, 99.8410))) == [0, 0]
    assert groups(likeness, one, Report(again, pin=(19.5105, 99.8406))) == [0, 1]
    assert groups(likeness, one, Report(text, pin=(19.5105, 99.8406))) == [0, 1]


def test_the_same_words_are_one_group_and_silence_is_none(likeness: Likeness) -> None:
    assert groups(likeness, DRY, DRY, "", "", "😀", "😀", f"{DRY} ") == [0, 0, 1, 2, 3, 4, 0]
    assert groups(likeness) == []


def test_a_report_between_two_problems_does_not_bridge_them(likeness: Likeness) -> None:
    dry = (DRY, "บ้านแม่เลาะน้ำไม่ไหล ต้องตักน้ำห้วยมาใช้", "แม่เลาะไม่มีน้ำใช้ ประปาหมู่บ้านหยุดไหล")
    dogs = ("หมาจรจัดบ้านแม่เลาะกัดเด็ก", "แม่เลาะหมาเยอะ ไล่กัดคนเดินผ่านทุกวัน", "ฝูงหมาที่แม่เลาะกัดไปสามคนแล้ว")
    found = groups(likeness, *dry, "แม่เลาะน้ำไม่ไหลแถมหมาจรจัดกัดคน", *dogs)
    assert len({*found[:3]}) == len({*found[4:]}) == 1
    assert found[0] != found[4]


def test_more_reports_of_one_problem_than_are_held_at_once_stay_together(likeness: Likeness) -> None:
    flood = [f"น้ำท่วมบ้านแม่เลาะ ต.แม่ยาว เข้าบ้านเลขที่ {number} แล้ว ขอเรือด่วน" for number in range(2_100)]
    assert len({*groups(likeness, *flood)}) <= 3


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.one_of(
            st.text(max_size=60),
            st.text(alphabet="กขค่ะ็ๆ ำเแ 0123456789.\u200b\ud800😀", max_size=80),
            st.sampled_from(["บ้าน", "ต.", "ซอย 6", "บ้าน" * 5_000, "ก" * 20_000, "หนอง ๆ" * 900, "\x00\x07", DRY]),
        ),
        max_size=8,
    )
)
def test_any_texts_are_grouped(likeness: Likeness, texts: list[str]) -> None:
    found = groups(likeness, *texts)
    assert len(found) == len(texts)
    assert sorted({*found}) == [*range(len({*found}))]
    assert found == groups(likeness, *texts)
    given_places = [Report(DRY, place=text, village=text, amphoe=text, tambon=text, tambon_code=text) for text in texts]
    assert len(groups(likeness, *given_places)) == len(texts)


def test_the_model_of_matters_is_made_for_the_shipped_vectors_and_table(reader: Reader) -> None:
    model = load_matter_model(reader.model, len(Matters().slugs))
    assert model.made_with == fingerprint(reader.model), "run python -m nlp.matter_training"


def test_a_model_of_another_table_or_none_is_refused(reader: Reader, tmp_path: Path) -> None:
    with pytest.raises(MatterModelError, match="matter_training"):
        load_matter_model(reader.model, 3)
    (tmp_path / "m.npz").write_bytes(b"no model")
    for file in (tmp_path / "m.npz", tmp_path / "none.npz"):
        with pytest.raises(MatterModelError, match="no model that can be read"):
            load_matter_model(reader.model, len(Matters().slugs), file)
