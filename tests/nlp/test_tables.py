"""What is wrong in a table is named: the file, the key, and why."""

from __future__ import annotations

import pytest

from nlp.tables import TableError, pattern


def test_a_pattern_is_compiled() -> None:
    assert pattern({"water": "น้ำ(ไม่)?ไหล"}, "water", "x.toml").search("น้ำไม่ไหล")


@pytest.mark.parametrize(("table", "said"), [({"water": "น้ำ("}, "unterminated"), ({}, "a text is needed")])
def test_what_is_no_pattern_is_named(table: dict[str, str], said: str) -> None:
    with pytest.raises(TableError, match=rf"x\.toml: water: .*{said}"):
        pattern(table, "water", "x.toml")
