from __future__ import annotations

from copy import deepcopy

import pytest

from nlp.tables import TableError, read_table
from nlp.taxonomy import load_taxonomy


def test_there_are_eighteen_categories_and_other() -> None:
    taxonomy = load_taxonomy()
    assert len(taxonomy.slugs) == 19
    assert taxonomy.slugs[-1] == taxonomy.fallback == "other"


def test_every_category_has_names_owners_and_hotlines() -> None:
    for category in load_taxonomy().categories:
        assert category.name_th
        assert category.name_en
        assert category.default_agency
        assert all(number.isdigit() for number in category.hotlines)
        assert category.hotlines


def test_every_sub_topic_has_names() -> None:
    assert all(sub.name_th and sub.name_en for category in load_taxonomy().categories for sub in category.subs)


def test_a_missing_key_is_named_with_its_file_and_category() -> None:
    table = deepcopy(read_table("taxonomy.toml"))
    del table["category"][3]["keywords"]
    with pytest.raises(TableError, match=r"taxonomy\.toml: category mental_health: keywords"):
        load_taxonomy(table)


def test_a_list_of_the_wrong_shape_is_named() -> None:
    table = deepcopy(read_table("taxonomy.toml"))
    table["urgency_common"]["high"] = "ด่วน"
    with pytest.raises(TableError, match=r"taxonomy\.toml: high: a list of non-empty texts"):
        load_taxonomy(table)


def test_a_slug_may_not_stand_twice() -> None:
    table = deepcopy(read_table("taxonomy.toml"))
    table["category"][1]["slug"] = table["category"][0]["slug"]
    with pytest.raises(TableError, match="a slug stands twice"):
        load_taxonomy(table)


def test_a_weak_word_must_stand_in_a_list() -> None:
    table = deepcopy(read_table("taxonomy.toml"))
    table["category"][0]["weak"].append("คำที่ไม่มี")
    with pytest.raises(TableError, match="คำที่ไม่มี stands in no other list"):
        load_taxonomy(table)


def test_a_missing_file_is_named() -> None:
    with pytest.raises(TableError, match=r"nowhere\.toml"):
        read_table("nowhere.toml")
