"""Areas of roles and digests: every amphoe that a province file names is found by its name."""

from __future__ import annotations

from handlers.desk import Desk


def test_every_amphoe_of_the_pilots_has_its_code(desk: Desk) -> None:
    missing = [
        (province.slug, name)
        for province in desk.directory.provinces.values()
        for name in province.amphoe
        if desk.amphoe_code(province, name)[:2] != province.code
    ]
    assert missing == []


def test_an_amphoe_of_another_province_has_none(desk: Desk) -> None:
    assert desk.amphoe_code(desk.directory.provinces["trat"], "แม่สรวย") == ""
