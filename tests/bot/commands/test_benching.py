from __future__ import annotations

from tests.bot.commands.conftest import ROOT, Installation
from tests.house.sources import ROOMS


def test_without_the_source_checkout_it_fails_and_says_where_to_go(bare: Installation) -> None:
    rooms = bare.folder / "installed"
    rooms.mkdir()
    for room in ROOMS:
        (rooms / room).symlink_to(ROOT / room)
    done = bare.bot("bench", env={"PYTHONPATH": str(rooms)}, anew=True)
    assert done.returncode == 1
    assert done.stderr.decode().splitlines() == [
        "sansiang: the benchmarks need the source checkout: run `make bench` there"
    ]
