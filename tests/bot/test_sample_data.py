import re
from datetime import UTC, datetime, timedelta
from itertools import combinations
from pathlib import Path

import geothai
import pytest

from bot.sample import SHIPPED, SampleFileError, SampleReport, read_samples

CODES = {"chiang-rai": "57", "khon-kaen": "40", "nakhon-sawan": "60", "phatthalung": "93", "trat": "23"}
GOOD = """
[[report]]
text = "ถนนพังที่ ต.ศิลา"
days_ago = 1
place = ["ต.ศิลา"]
[[report]]
text = "ไฟดับ"
days_ago = 2.5
via = "forum"
forum = "เวที"
"""


@pytest.fixture(scope="module")
def samples() -> list[SampleReport]:
    return read_samples(SHIPPED)


def of(samples: list[SampleReport], province: str) -> list[SampleReport]:
    return [report for report in samples if report.province == province]


def test_every_pilot_has_its_reports(samples: list[SampleReport]) -> None:
    assert {report.province for report in samples} == set(CODES)
    for province in CODES:
        reports = of(samples, province)
        assert 14 <= len(reports) <= 18
        assert 4 <= sum(report.via == "forum" for report in reports) <= 5
        assert {report.status for report in reports} == {"new", "accepted", "in_progress"}


@pytest.mark.parametrize("province", CODES)
def test_places_exist_in_their_province(samples: list[SampleReport], province: str) -> None:
    code = CODES[province]
    amphoe = {one.name_th for one in geothai.districts(code)}
    tambon = {sub.name_th for one in geothai.districts(code) for sub in geothai.subdistricts(one.code)}
    for report in of(samples, province):
        names = [re.sub(r"^(ต\.|อ\.)", "", word) for word in report.place]
        official = [name for name in names if name in amphoe | tambon]
        villages = [name for name in names if re.match("บ้าน|หมู่ ", name) and name not in official]
        assert official, report.text
        assert sorted(official + villages) == sorted(names), report.text


@pytest.mark.parametrize("hour", range(1, 7 * 24, 5))
def test_both_weeks_have_something_whenever_it_is_run(samples: list[SampleReport], hour: int) -> None:
    monday = datetime(2026, 11, 16, tzinfo=UTC)
    now = monday + timedelta(hours=hour)
    for province in CODES:
        written = [now - timedelta(days=report.days_ago) for report in of(samples, province)]
        assert any(at >= monday for at in written)
        assert sum(monday - timedelta(days=7) <= at < monday for at in written) >= 3


def test_no_two_reports_are_nearly_the_same(samples: list[SampleReport]) -> None:
    def pieces(text: str) -> set[str]:
        return {text[at : at + 3] for at in range(len(text) - 2)}

    cut = [(report, pieces(report.text)) for report in samples]
    for (one, left), (other, right) in combinations(cut, 2):
        # Jaccard over letter triples: the closest invented pair stands at 0.12, a copy with a changed word above 0.5.
        assert len(left & right) / len(left | right) < 0.25, (one.text, other.text)


def test_phone_numbers_are_of_the_agreed_unreal_kind(samples: list[SampleReport]) -> None:
    for report in samples:
        for number in re.findall(r"\d[\d-]{7,}", report.text):
            assert re.fullmatch(r"08\d-000-00\d\d", number)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('["ต.ศิลา"]', '["ต.ศีลา"]', "report[1].place: 'ต.ศีลา' does not stand in the text"),
        ('forum = "เวที"\n', "", 'report[2].forum: via = "forum" and the forum\'s name go together'),
        ('via = "forum"\n', "", 'report[2].forum: via = "forum" and the forum\'s name go together'),
        ("days_ago = 2.5", "days_ago = 14", "report[2].days_ago: should be at most 13"),
        ("days_ago = 2.5", "days_ago = -1", "report[2].days_ago: should be at least 0"),
        ("days_ago = 2.5", 'days_ago = "2"', "report[2].days_ago: should be a number"),
        ("days_ago = 2.5", "", "report[2].days_ago: is missing"),
        ('"ไฟดับ"', '"ถนนพังที่ ต.ศิลา"', "report[2].text: stands already at report[1]"),
        ('"ไฟดับ"', '""', "report[2].text: is empty"),
        ("days_ago = 2.5", 'days_ago = 2.5\nstaus = "x"', "report[2].staus: unknown key (did you mean 'status'?)"),
    ],
)
def test_a_wrong_sample_file_is_refused_by_file_and_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str, expected: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert old in GOOD
    (tmp_path / "khon-kaen.toml").write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(SampleFileError) as caught:
        read_samples(tmp_path)
    assert str(caught.value) == f"khon-kaen.toml: {expected}"


def test_the_oldest_report_comes_first(tmp_path: Path) -> None:
    (tmp_path / "khon-kaen.toml").write_text(GOOD, encoding="utf-8")
    assert [report.days_ago for report in read_samples(tmp_path)] == [2.5, 1.0]


def test_an_empty_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(SampleFileError, match="there are no sample files"):
        read_samples(tmp_path)
