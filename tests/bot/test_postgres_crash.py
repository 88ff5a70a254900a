"""A PostgreSQL server of our own that crashes under load, and one whose disk is really full."""

from __future__ import annotations

import asyncio
import contextlib
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.schema import migrate
from handlers.desk import Desk
from tests.bot.cluster import MISSING, Cluster, cluster, execute, programs
from tests.bot.process import Process, at_rest, handled_in_order, process, sent_once
from tests.peers import LinePeer
from tests.rig import engine_of

pytestmark = pytest.mark.long
CRASHES, MESSAGES = 3, 15
ROOM = 24  # megabytes


@pytest.fixture
def own() -> Iterator[Cluster]:
    found = programs()
    if found is None:
        pytest.skip(MISSING)
    with tempfile.TemporaryDirectory(prefix="sansiang-pg-") as folder, cluster(Path(folder), found) as made:
        yield made


def test_a_server_that_crashes_under_load_loses_and_doubles_nothing(desk: Desk, own: Cluster, tmp_path: Path) -> None:
    with engine_of(own.url) as engine:
        migrate(engine)

    async def speak(one: Process, user: str) -> None:
        for number in range(MESSAGES):
            await one.hear_until_kept(user, number)
            await asyncio.sleep(0.3)

    async def run(peer: LinePeer) -> None:
        async with process(desk, own.url, peer, tmp_path) as one, process(desk, own.url, peer, tmp_path) as other:
            doors = {"a": one, "b": one, "c": other, "d": other}
            speaking = [asyncio.create_task(speak(door, user)) for user, door in doors.items()]
            for pause in range(CRASHES):
                await asyncio.sleep(1.5)
                await asyncio.to_thread(own.stop, "immediate")
                await asyncio.sleep(pause * 2)
                await asyncio.to_thread(own.start)
            await asyncio.gather(*speaking)
            await at_rest(own.url, MESSAGES * 4, within=60)

    with LinePeer() as peer:
        asyncio.run(run(peer))
        handled_in_order(own.url)
        sent_once(peer, own.url)


def test_a_disk_that_is_really_full_is_waited_for(desk: Desk, own: Cluster, tmp_path: Path) -> None:
    """The inbox lies on a disk of its own, which something else fills; then that is removed."""
    disk = own.folder.parent / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={ROOM}m", "none", str(disk)], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip("nothing may be mounted here")
    with contextlib.ExitStack() as stack:
        stack.callback(subprocess.run, ["umount", "-l", str(disk)], check=True)
        lies = disk / "space"
        lies.mkdir()
        subprocess.run(["chown", "postgres:postgres", str(lies)], check=True)
        with engine_of(own.url) as engine:
            migrate(engine)
        execute(
            own.url,
            f"CREATE TABLESPACE small LOCATION '{lies}'",
            "ALTER TABLE inbox SET TABLESPACE small",
        )

        async def run(peer: LinePeer) -> None:
            async with process(desk, own.url, peer, tmp_path) as one:
                assert await one.hear("a", 0) == 200
                await at_rest(own.url, 1)
                with contextlib.suppress(OSError), (disk / "ballast").open("wb", buffering=0) as ballast:
                    while True:
                        ballast.write(b"x" * 4096)
                number = 1
                while await one.hear("b", number) == 200:  # what room its last page has
                    number += 1
                assert "its disk is full: make room" in await one.becomes(503, "full")
                (disk / "ballast").unlink()
                await one.becomes(200)
                await one.hear_until_kept("b", number)
                await at_rest(own.url, number + 1, within=60)

        with LinePeer() as peer:
            asyncio.run(run(peer))
            handled_in_order(own.url)
            sent_once(peer, own.url)
        execute(own.url, "ALTER TABLE inbox SET TABLESPACE pg_default", "DROP TABLESPACE small")
