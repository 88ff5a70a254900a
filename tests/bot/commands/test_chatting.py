from __future__ import annotations

import socket
import time
import urllib.request
from collections.abc import Iterator

import pytest

from tests.bot.commands.conftest import Installation


@pytest.fixture
def port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as door:
        return str(door.getsockname()[1])


@pytest.fixture
def serving(here: Installation, port: str) -> Iterator[Installation]:
    running = here.start("run", env={"LOCAL_CHANNEL": "on", "PORT": port})
    deadline = time.monotonic() + 40
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2):
                break
        except OSError:
            time.sleep(0.1)
    yield here
    running.terminate()
    running.wait(20)


def test_a_talk_with_a_button_while_an_import_runs(serving: Installation, port: str) -> None:
    rows = [(f"T-{n}", f"ถนนพังช่วงที่ {n}", "", "", "", "", "") for n in range(3000)]
    bulk = serving.start("import", serving.table("a.csv", rows), "--province", "chiang-rai")
    said = "ถนนพังเป็นหลุมใหญ่ บ้านดอน ต.เวียง อ.เชียงของ\n1\nออก\nไม่ถึงบรรทัดนี้\n"
    done = serving.bot("chat", "--user", "u1", stdin=said.encode(), env={"PORT": port})
    assert done.returncode == 0, done.stderr.decode()
    out = done.stdout.decode()
    assert "ชร-" in out
    assert "[1]" in out
    answers = serving.rows("SELECT count(*) FROM inbox WHERE state = 'done'")
    assert answers == [(2,)], "the message and the button, and nothing after goodbye"
    assert bulk.wait(60) == 0
    assert serving.count() == 3001


def test_without_a_server_it_says_so(bare: Installation, port: str) -> None:
    done = bare.bot("chat", stdin="สวัสดี\n".encode(), env={"PORT": port})
    assert done.returncode == 1
    assert done.stderr.decode().splitlines() == [
        f"sansiang: no server answers at http://127.0.0.1:{port}: start one with `python -m bot run`"
    ]
