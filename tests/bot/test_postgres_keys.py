"""The key on PostgreSQL: given, the same for every process, and agreed upon by who comes first."""

from __future__ import annotations

import shlex
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from sqlalchemy import delete

from bot.schema import make_ready, wait_until_ready
from bot.settings import SettingsError, secret_of
from storage import people
from storage.models import Mark
from tests.bot.doors import settings_for
from tests.rig import SECRET, WEDNESDAY, Database, open_database

pytestmark = pytest.mark.postgresql
OTHER = "another secret, long enough"
SEALED = r"^SECRET_KEY: the database was sealed with another key; set the one it was made with"


def start(url: str, secret: str) -> None:
    database = open_database(url, secret)
    try:
        wait_until_ready(database.engine, database.sessions)
    finally:
        database.engine.dispose()


def test_without_a_key_nothing_starts_and_how_to_draw_one_is_said(address: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"^SECRET_KEY: must be set with PostgreSQL") as raised:
        secret_of(settings_for(tmp_path, database_url=address))
    command = shlex.split(str(raised.value).partition("kept apart from the database: ")[2])
    drawn = subprocess.check_output([sys.executable, *command[1:3]], text=True).strip()
    assert secret_of(settings_for(tmp_path, database_url=address, secret_key=drawn)) == drawn


def test_another_key_than_the_first_is_refused_also_before_anybody_spoke(address: str) -> None:
    start(address, SECRET)
    with pytest.raises(SettingsError, match=SEALED):
        start(address, OTHER)
    start(address, SECRET)


def test_a_database_of_before_there_were_marks_is_known_by_its_accounts(database: Database) -> None:
    with database.sessions.begin() as session:
        people.person_of(session, "line", "U1", WEDNESDAY)
        session.execute(delete(Mark))
    with pytest.raises(SettingsError, match=SEALED):
        start(database.url, OTHER)
    start(database.url, SECRET)


def test_of_two_who_start_at_the_same_moment_with_different_keys_one_wins(address: str) -> None:
    refused: list[str] = []
    ready = threading.Barrier(4)

    def begin(secret: str) -> None:
        database = open_database(address, secret)
        with database.engine.connect():
            ready.wait()
        try:
            make_ready(database.engine, database.sessions)
        except SettingsError:
            refused.append(secret)
        finally:
            database.engine.dispose()

    keys = [f"{number} is a key for this test" for number in range(4)]
    threads = [threading.Thread(target=begin, args=(key,)) for key in keys]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (winner,) = set(keys) - set(refused)
    start(address, winner)
