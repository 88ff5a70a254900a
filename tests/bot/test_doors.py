"""That the house which tests open is the program's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.app import House, make_house
from tests.bot.doors import Place, house_of, settings_for
from tests.rig import SECRET

ALONE = {"local_channel": "on", "public_url": "https://sansiang.example"}
LINE = {"line_channel_secret": "s", "line_channel_access_token": "t", "line_province": "trat"}


def told(house: House) -> list[object]:
    """What of a house can be compared."""
    desk, links = house.desk, house.links
    return [
        *(house.settings, house.secret, house.engine.url, type(house.store)),
        *(desk.homes, list(desk.directory.provinces), desk.texts, desk.reader.taxonomy, desk.reader.model.card),
        *(desk.signer.sign("a"), links.medium_of(desk.file_url(5).rpartition("/")[2])),
        *(links.report_of(desk.page_url(6).rpartition("/")[2]), desk.page_url(6)[:3], desk.file_url(5)[:7]),
        *(bool(desk.mine_url(channel, 7)) for channel in ("local", "line")),
        links.person_of(desk.mine_url("local", 7).rpartition("/")[2]),
    ]


@pytest.mark.parametrize("more", [ALONE, LINE])
def test_a_test_s_house_is_the_one_that_is_served(place: Place, more: dict[str, str]) -> None:
    settings = place.settings(provinces="chiang-rai,trat", **more)
    real, ours = make_house(settings), house_of(settings)
    assert told(ours) == told(real)
    with real.sessions() as session, ours.sessions() as other, ours.readers() as reading, real.readers() as looking:
        assert session.info.keys() == other.info.keys() == reading.info.keys() == looking.info.keys()
        assert session.info["vault"].open(other.info["vault"].seal("a", "text"), "text") == "a"
    for house in (real, ours):
        house.engine.dispose()


def test_another_secret_is_another_house(tmp_path: Path) -> None:
    one, other = (house_of(settings_for(tmp_path, secret_key=key)) for key in (SECRET, SECRET[::-1]))
    assert told(one)[1:] != told(other)[1:]
