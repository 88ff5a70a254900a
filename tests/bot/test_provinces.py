from pathlib import Path

import geothai
import pytest

from bot.provinces import SHIPPED, ProvinceFileError, inferred_categories, load_directory, unverified_hotlines
from handlers.provinces import Directory, Province
from nlp.taxonomy import load_taxonomy

# Enough core labels for the files written here; the shipped files are held against the real taxonomy.
KNOWN = {
    "land_housing": ["land_tenure"],
    "water": ["tap", "farm_water"],
    "disaster_haze": ["flood", "haze_fire"],
    "agriculture": ["wildlife"],
    "safety": ["road"],
}

PILOTS = {"chiang-rai": "ชร", "khon-kaen": "ขก", "nakhon-sawan": "นว", "phatthalung": "พท", "trat": "ตร"}

TRAT = """
slug = "trat"
kind = "province"
abbr = "ตร"
name_th = "ตราด"
name_en = "Trat"
iso = "TH-23"
list_status = "for the test"
amphoe = ["เมืองตราด"]
[[category]]
slug = "land"
name_th = "ที่ดิน"
name_en = "Land"
core = ["land_housing"]
status = "sourced"
source = "a page"
[[category]]
slug = "water-all"
name_th = "น้ำ"
name_en = "Water"
core = ["water", "disaster_haze/flood"]
also_core = ["agriculture"]
status = "inferred"
source = "ours"
[[contact]]
agency = "อบจ.ตราด"
serves = ["water"]
"""
AGENCIES = """
[[asa_agency]]
abbr = "นิด้า"
name_th = "สถาบันบัณฑิตพัฒนบริหารศาสตร์"
name_en = "NIDA"
lead_province = "trat"
[[mechanism]]
abbr = "พชอ."
role = "ระดับอำเภอ"
handles = ["*"]
[[hotline]]
number = "1669"
name_th = "เจ็บป่วยฉุกเฉิน"
for = ["safety"]
sourced = false
source = "general knowledge"
"""


@pytest.fixture(scope="module")
def taxonomy() -> dict[str, list[str]]:
    return {category.slug: [sub.slug for sub in category.subs] for category in load_taxonomy().categories}


@pytest.fixture(scope="module")
def shipped(taxonomy: dict[str, list[str]]) -> Directory:
    return load_directory(SHIPPED, taxonomy)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)  # so that the errors name the files as a person in that folder would
    place = tmp_path / "provinces"
    place.mkdir()
    (place / "trat.toml").write_text(TRAT, encoding="utf-8")
    (place / "agencies.toml").write_text(AGENCIES, encoding="utf-8")
    return place


def complaint(folder: Path, only: list[str] | None = None) -> str:
    with pytest.raises(ProvinceFileError) as caught:
        load_directory(folder, KNOWN, only)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_well_kept_folder_loads(folder: Path) -> None:
    directory = load_directory(folder, KNOWN)
    trat = directory.provinces["trat"]
    assert (trat.code, trat.abbr, trat.amphoe) == ("23", "ตร", ("เมืองตราด",))
    assert [one.slug for one in trat.categories] == ["land", "water-all"]
    assert trat.contacts[0].agency == "อบจ.ตราด"
    assert directory.hotlines[0].serves == ("safety",)
    assert directory.mechanisms[0].handles == ("*",)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('["water", ', '["watr", ', "category[2].core: unknown core category 'watr' (did you mean 'water'?)"),
        (
            "haze/flood",
            "haze/flod",
            "category[2].core: unknown sub-topic 'flod' of 'disaster_haze' (did you mean 'flood'?)",
        ),
        ('["agriculture"]', '["zzz"]', "category[2].also_core: unknown core category 'zzz'"),
        (
            'serves = ["water"]',
            'serves = ["wat"]',
            "contact[1].serves: unknown core category 'wat' (did you mean 'water'?)",
        ),
        ('["land_housing"]', '["water"]', "category[2].core: 'water' is claimed already by 'land'"),
        ('["land_housing"]', "[]", "category[1].core: is empty, so that 'land' would never be used"),
        ('"water-all"', '"land"', "category[2].slug: 'land' stands already at category[1]"),
        (
            '"water-all"',
            '"Water all"',
            "category[2].slug: should be small Latin letters, digits and hyphens, like 'chiang-rai'",
        ),
        ('slug = "trat"', 'slug = "trad"', "slug: 'trad' should be the file's name, 'trat'"),
        (
            '"sourced"',
            '"sorced"',
            "category[1].status: 'sorced' is not one of sourced, partly, inferred, unverified"
            " (did you mean 'sourced'?)",
        ),
        ('kind = "province"', 'kind = "region"', "kind: 'region' is not one of province, network"),
        ('name_en = "Trat"', 'name_en = " "', "name_en: is empty"),
        ('name_th = "ที่ดิน"\n', "", "category[1].name_th: is missing"),
        ('abbr = "ตร"', 'abbr = "TR-1"', "abbr: 'TR-1' should be one to four Thai consonants, like 'ชร'"),
        ('iso = "TH-23"', 'iso = "23"', "iso: '23' should be 'TH-' and the province's two digits, like 'TH-57'"),
        ('["เมืองตราด"]', "[]", "amphoe: a province needs its list of amphoe"),
        ('kind = "province"', 'kind = "network"', "abbr: a network is no place and has none (and 2 more)"),
        ('name_en = "Trat"', 'name_en = "Trat"\nslogn = "x"', "slogn: unknown key (did you mean 'slogan'?)"),
        (
            'source = "a page"',
            'source = "a page"\nqoute = "x"',
            "category[1].qoute: unknown key (did you mean 'quote'?)",
        ),
        ('iso = "TH-23"', "iso = 23", "iso: should be text in quotes"),
        ('["เมืองตราด"]', '"เมืองตราด"', "amphoe: should be a list in square brackets"),
        ("[[contact]]", "[contact]", "contact: should be written in double brackets, [[contact]]"),
        ('["เมืองตราด"]', "[1]", "amphoe[1]: should be text in quotes"),
        ('iso = "TH-23"', 'iso = "TH-23', "is not valid TOML: Illegal character '\\n' (at line 7, column 13)"),
    ],
)
def test_a_wrong_province_file_is_refused_by_file_and_key(folder: Path, old: str, new: str, expected: str) -> None:
    assert old in TRAT
    (folder / "trat.toml").write_text(TRAT.replace(old, new, 1), encoding="utf-8")
    assert complaint(folder) == f"provinces/trat.toml: {expected}"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('"trat"', '"trad"', "asa_agency[1].lead_province: there is no province 'trad' (did you mean 'trat'?)"),
        ('["*"]', '["*", "wter"]', "mechanism[1].handles: unknown core category '*' (and 1 more)"),
        ('["safety"]', '["safty"]', "hotline[1].for: unknown core category 'safty' (did you mean 'safety'?)"),
        ('"1669"', '"1669 # 1"', "hotline[1].number: should be 3 to 10 digits without spaces, like '1669'"),
        ("sourced = false", 'sourced = "no"', "hotline[1].sourced: should be true or false"),
        ('for = ["safety"]\n', "", "hotline[1].for: is missing"),
        (
            "[[mechanism]]",
            AGENCIES.partition("[[mech")[0] + "[[mechanism]]",
            "asa_agency[2].abbr: 'นิด้า' stands already at asa_agency[1]",
        ),
    ],
)
def test_a_wrong_agencies_file_is_refused_by_file_and_key(folder: Path, old: str, new: str, expected: str) -> None:
    assert old in AGENCIES
    (folder / "agencies.toml").write_text(AGENCIES.replace(old, new, 1), encoding="utf-8")
    assert complaint(folder) == f"provinces/agencies.toml: {expected}"


def test_two_provinces_may_not_share_abbreviation_or_code(folder: Path) -> None:
    second = TRAT.replace('slug = "trat"', 'slug = "utrat"')
    (folder / "utrat.toml").write_text(second, encoding="utf-8")
    assert complaint(folder) == "provinces/utrat.toml: abbr: 'ตร' is taken already by 'trat' (and 1 more)"
    (folder / "utrat.toml").write_text(second.replace('"ตร"', '"อต"'), encoding="utf-8")
    assert complaint(folder) == "provinces/utrat.toml: iso: 'TH-23' is taken already by 'trat'"


def test_a_file_from_a_windows_editor_loads_and_another_encoding_is_named(folder: Path) -> None:
    (folder / "trat.toml").write_bytes(b"\xef\xbb\xbf" + TRAT.replace("\n", "\r\n").encode())
    assert "trat" in load_directory(folder, KNOWN).provinces
    (folder / "trat.toml").write_bytes(TRAT.encode("tis-620"))
    assert complaint(folder) == "provinces/trat.toml: is not UTF-8 text: save it as UTF-8 and try again"


def test_a_missing_agencies_file_is_named(folder: Path) -> None:
    (folder / "agencies.toml").unlink()
    assert complaint(folder) == "provinces/agencies.toml: there is no such file"


def test_only_the_named_provinces_load_with_every_network(taxonomy: dict[str, list[str]]) -> None:
    directory = load_directory(SHIPPED, taxonomy, ["trat", "khon-kaen"])
    assert set(directory.provinces) == {"trat", "khon-kaen"}
    assert set(directory.networks) == {"isan-20", "localfund-plans", "south-localfund"}
    assert directory.by_code("57") is None


def test_a_province_that_is_not_there_is_named(folder: Path) -> None:
    assert complaint(folder, ["trad"]) == "provinces: there is no file 'trad.toml' (did you mean 'trat'?)"
    # The agencies' file is no province.
    assert complaint(folder, ["agencies"]) == "provinces: there is no file 'agencies.toml'"


def test_two_entries_of_a_network_may_share_a_label(shipped: Directory) -> None:
    plans = shipped.networks["localfund-plans"]
    assert [plan.slug for plan in plans.categories_for("drugs_alcohol", "alcohol_tobacco")] == [
        "alcohol",
        "tobacco",
        "drugs",
    ]


def test_the_shipped_folder_holds_the_pilots(shipped: Directory) -> None:
    assert {slug: one.abbr for slug, one in shipped.provinces.items()} == PILOTS
    assert len(shipped.agencies) == 9
    assert all(shipped.by_abbr(abbr) is shipped.provinces[slug] for slug, abbr in PILOTS.items())
    led = {agency.lead_province: agency.abbr for agency in shipped.agencies if agency.lead_province}
    assert led == {slug: one.lead_agency for slug, one in shipped.provinces.items()}


@pytest.mark.parametrize("slug", PILOTS)
def test_every_shipped_category_is_reached_by_its_labels(shipped: Directory, slug: str) -> None:
    place = shipped.provinces[slug]
    for category in place.categories:
        for entry in category.core:
            core, _, sub = entry.partition("/")
            assert place.category_for(core, sub) is category, entry


@pytest.mark.parametrize("slug", PILOTS)
def test_shipped_amphoe_are_the_official_ones(shipped: Directory, slug: str) -> None:
    place: Province = shipped.provinces[slug]
    official = geothai.province(place.code)
    assert official is not None
    assert official.name_th == place.name_th
    assert sorted(place.amphoe) == sorted(amphoe.name_th for amphoe in geothai.districts(place.code))


def test_doubts_are_listed_for_the_doctor(folder: Path) -> None:
    directory = load_directory(folder, KNOWN)
    assert [(one.slug, category.slug) for one, category in inferred_categories(directory)] == [("trat", "water-all")]
    assert [hotline.number for hotline in unverified_hotlines(directory)] == ["1669"]
