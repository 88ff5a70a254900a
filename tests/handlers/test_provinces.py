from dataclasses import replace

import pytest

from handlers.provinces import Agency, Directory, Hotline, Province, ProvinceCategory


def category(slug: str, *core: str, also_core: tuple[str, ...] = ()) -> ProvinceCategory:
    return ProvinceCategory(
        slug=slug,
        name_th=f"หมวด {slug}",
        name_en=f"Category {slug}",
        description="",
        core=core,
        also_core=also_core,
        status="sourced",
        source="",
    )


def province(*categories: ProvinceCategory) -> Province:
    return Province(
        slug="chiang-rai",
        kind="province",
        abbr="ชร",
        code="57",
        name_th="เชียงราย",
        name_en="Chiang Rai",
        region="เหนือ",
        lead_agency="สปสช.",
        slogan="",
        amphoe=("เมืองเชียงราย",),
        categories=categories,
        list_status="",
        list_source="",
    )


WIDE = category("environment", "environment", "disaster_haze")
NARROW = category("waste", "environment/waste", also_core=("water", "health_service/queue_quality"))
PLACE = province(WIDE, NARROW)


@pytest.mark.parametrize(
    ("core", "sub", "expected"),
    [
        ("environment", "", "environment"),
        ("environment", "nuisance", "environment"),
        ("environment", "waste", "waste"),
        ("disaster_haze", "flood", "environment"),
    ],
)
def test_the_more_specific_claim_wins(core: str, sub: str, expected: str) -> None:
    found = PLACE.category_for(core, sub)
    assert found is not None
    assert found.slug == expected


@pytest.mark.parametrize(("core", "sub"), [("water", ""), ("water", "tap"), ("health_service", "queue_quality")])
def test_a_neighbouring_label_is_a_hint_and_maps_nothing(core: str, sub: str) -> None:
    assert PLACE.category_for(core, sub) is None


def test_a_claim_to_one_sub_topic_is_no_claim_to_the_whole() -> None:
    only_waste = province(NARROW)
    assert only_waste.category_for("environment") is None
    assert only_waste.category_for("environment", "nuisance") is None
    assert only_waste.category_for("environment", "waste") is NARROW


def test_a_new_list_relabels_history_without_classifying_again() -> None:
    stored = [("environment", "waste"), ("environment", "nuisance"), ("water", "tap")]

    def shown(place: Province) -> list[str | None]:
        return [found.slug if (found := place.category_for(*label)) else None for label in stored]

    before = shown(PLACE)
    after = shown(replace(PLACE, categories=(category("one-planet", "environment", "water"),)))
    assert before == ["waste", "environment", None]
    assert after == ["one-planet", "one-planet", "one-planet"]


def test_categories_that_a_label_touches_come_closest_first() -> None:
    network = province(WIDE, NARROW, category("litter", "environment/waste"))
    assert [one.slug for one in network.categories_for("environment", "waste")] == ["waste", "litter", "environment"]
    assert [one.slug for one in network.categories_for("environment")] == ["environment", "waste", "litter"]
    assert [one.slug for one in network.categories_for("environment", "nuisance")] == ["environment"]
    assert network.categories_for("water") == ()


def test_a_core_label_is_not_mistaken_for_another_that_begins_alike() -> None:
    assert province(category("a", "water/tap")).categories_for("wat") == ()


@pytest.mark.parametrize(
    ("lang", "expected"), [("th", "เชียงราย"), ("en", "Chiang Rai"), ("en-GB", "Chiang Rai"), ("", "เชียงราย")]
)
def test_names_speak_the_readers_language(lang: str, expected: str) -> None:
    assert PLACE.name(lang) == expected


def test_a_missing_english_name_falls_back_to_thai() -> None:
    assert replace(PLACE, name_en="").name("en") == "เชียงราย"
    assert WIDE.name("en") == "Category environment"
    assert WIDE.name("th") == "หมวด environment"


def test_the_directory_finds_by_code_abbreviation_and_number() -> None:
    network = replace(PLACE, slug="isan-20", kind="network", abbr="", code="", amphoe=())
    agency = Agency("สช.", "สำนักงานคณะกรรมการสุขภาพแห่งชาติ", "NHCO", "")
    hotline = Hotline("1669", "เจ็บป่วยฉุกเฉิน", ("health_service",), sourced=True, source="")
    directory = Directory({"chiang-rai": PLACE}, {"isan-20": network}, (agency,), (hotline,), ())
    assert directory.by_code("57") is PLACE
    assert directory.by_abbr("ชร") is PLACE
    assert directory.agency("สช.") is agency
    assert directory.hotline("1669") is hotline
    # A network is never a place: its empty code finds nothing.
    assert directory.by_code("") is None
    assert directory.by_abbr("") is None
    assert directory.by_code("99") is None
