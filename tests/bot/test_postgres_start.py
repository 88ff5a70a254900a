"""A start with a PostgreSQL that is not there, refuses us, or is not ready: it waits, or says what is to be done."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from psycopg import sql
from psycopg.errors import FeatureNotSupported
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

from bot.schema import make_ready, wait_until_ready
from bot.settings import SettingsError
from storage.trouble import in_words, is_passing, may_pass
from tests.bot.old_server import server_of
from tests.bot.process import alter, end_connections, name_of, ruler
from tests.bot.proxy import proxied
from tests.rig import SECRET, Database, engine_of, open_database

pytestmark = pytest.mark.postgresql
ROOT = Path(__file__).parents[2]
NOBODY = "127.0.0.1"


class Tired(Exception):
    """Enough was waited."""


def ready(url: str, secret: str = SECRET) -> None:
    """Start with the database of an address; whoever has to wait gives up."""

    def tire(_seconds: float) -> None:
        raise Tired

    database = open_database(url, secret)
    try:
        wait_until_ready(database.engine, database.sessions, tire)
    finally:
        database.engine.dispose()


def at(url: str, **parts: Any) -> str:
    """An address with other parts."""
    return make_url(url).set(**parts).render_as_string(hide_password=False)


def deaf() -> Iterator[int]:
    """A port where somebody listens who never answers."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        yield door.getsockname()[1]


@contextmanager
def user(url: str, *grants: str) -> Iterator[str]:
    """An address of the same database for a user who may only do what is granted."""
    name = f"low_{name_of(url)}"
    with ruler(url) as keeper:
        keeper.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(name)))
    with engine_of(url) as engine, engine.begin() as connection:
        for grant in grants:
            connection.exec_driver_sql(f"GRANT {grant} TO {name}")
    try:
        yield at(url, username=name)
    finally:
        with engine_of(url) as engine, engine.begin() as connection:
            connection.exec_driver_sql(f"DROP OWNED BY {name}")
            connection.exec_driver_sql(f"DROP ROLE {name}")


def test_nobody_listens_so_it_waits_and_says_so(address: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(Tired):
        ready(at(address, port=1))
    said = capsys.readouterr().out
    assert "waiting for the database" in said
    assert "DATABASE_URL" in said
    assert "Connection refused" in said


def test_a_host_that_never_answers_is_waited_for(address: str, capsys: pytest.CaptureFixture[str]) -> None:
    for port in deaf():
        with pytest.raises(Tired):
            ready(at(address, port=port, query={"connect_timeout": "2"}))
    assert "the server cannot be reached" in capsys.readouterr().out


def test_a_name_that_nobody_knows_is_waited_for(address: str, capsys: pytest.CaptureFixture[str]) -> None:
    """As a container's is, until the other one has started."""
    with pytest.raises(Tired):
        ready(at(address, host="nowhere.invalid"))
    assert "nowhere.invalid" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({"database": "no_such_database"}, "no such database on the server: create it first"),
        ({"username": "no_such_user"}, "refuses this user"),
        ({"query": {"no_such_option": "1"}}, "no_such_option"),
    ],
    ids=["database", "user", "option"],
)
def test_what_waiting_does_not_mend_ends_it_with_one_line(address: str, parts: dict[str, Any], words: str) -> None:
    with pytest.raises(SettingsError, match=rf"^DATABASE_URL: .*{words}") as raised:
        ready(at(address, **parts))
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("said", "words", "waits"),
    [
        ('FATAL:  password authentication failed for user "x"', "refuses the password", False),
        ("fe_sendauth: no password supplied", "refuses the password", False),
        ('FATAL:  no pg_hba.conf entry for host "::1", user "x", database "y", no encryption', "refuses", False),
        ('FATAL:  permission denied for database "x"', "may not do that", False),
        ('FATAL:  too many connections for database "x"', "no connection left", True),
        ('FATAL:  too many connections for role "x"', "no connection left", True),
        ("FATAL:  sorry, too many clients already", "no connection left", True),
        ("FATAL:  the database system is starting up", "starting or stopping", True),
        ("server closed the connection unexpectedly", "cannot be reached", True),
    ],
)
def test_what_a_server_says_before_it_gives_codes_is_understood(said: str, words: str, waits: bool) -> None:
    import psycopg  # noqa: PLC0415

    plain = psycopg.OperationalError(f'connection failed: connection to server at "::1", port 5432 failed: {said}')
    error = OperationalError(None, None, plain)
    assert words in in_words(error)
    assert may_pass(error) is waits
    assert is_passing(error)  # amid work it is no fault of the work
    assert not is_passing(OperationalError(None, None, FeatureNotSupported("no")))


def test_a_user_without_rights_is_told_which_ones(address: str) -> None:
    with user(address) as low, pytest.raises(SettingsError, match=r"^DATABASE_URL: .*rights of the database's owner"):
        ready(low)
    reading = ("SELECT ON ALL TABLES IN SCHEMA public",)
    with (
        user(address, *reading) as low,
        pytest.raises(SettingsError, match=r"^DATABASE_URL: .*rights of the database's owner"),
    ):
        ready(low)


def test_no_connection_left_is_waited_for(address: str, capsys: pytest.CaptureFixture[str]) -> None:
    with user(address, "ALL ON ALL TABLES IN SCHEMA public") as low, ruler(address) as keeper:
        alter(keeper, address, "CONNECTION LIMIT 0")
        with pytest.raises(Tired):
            ready(low)
        assert "the server has no connection left" in capsys.readouterr().out
        alter(keeper, address, "CONNECTION LIMIT -1")
        ready(low)


def test_a_first_start_on_a_read_only_database_waits_until_it_may_write(
    address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with ruler(address) as keeper:
        alter(keeper, address, "SET default_transaction_read_only = on")
        with pytest.raises(Tired):
            ready(address)
        assert "it is read-only" in capsys.readouterr().out
        alter(keeper, address, "RESET default_transaction_read_only")
        ready(address)


def test_it_goes_on_as_soon_as_the_server_is_back(database: Database) -> None:
    with proxied(database.url) as wire:
        wire.cut()
        opened = open_database(wire.address_of(database.url))
        waited: list[float] = []

        def mend(seconds: float) -> None:
            waited.append(seconds)
            if len(waited) == 3:
                wire.restore()

        wait_until_ready(opened.engine, opened.sessions, mend)
        assert len(waited) == 3
        assert 0.5 < max(waited) < 10
        with ruler(database.url) as keeper:  # a connection that ended while it lay idle is not used again
            end_connections(keeper, database.url)
        make_ready(opened.engine, opened.sessions)
        opened.engine.dispose()


@pytest.mark.parametrize("version", ["9.6.24", "12.22"])
def test_a_server_that_is_too_old_is_named(version: str) -> None:
    words = rf"^DATABASE_URL: .*PostgreSQL {version.partition('.')[0]}, and 13 is the oldest"
    with server_of(version) as port, pytest.raises(SettingsError, match=words):
        ready(f"postgresql://postgres@127.0.0.1:{port}/x?sslmode=disable")


def test_thirteen_is_young_enough() -> None:
    """That it is empty is another matter."""
    with server_of("13.0") as port, pytest.raises(SettingsError, match="the database is empty"):
        ready(f"postgresql://postgres@127.0.0.1:{port}/x?sslmode=disable")


def started(url: str, folder: Path, **environment: str) -> subprocess.Popen[str]:
    """A real start."""
    own = {"DATABASE_URL": url, "SECRET_KEY": SECRET, "DATA_DIR": str(folder), "PORT": "0", "LOCAL_CHANNEL": "on"}
    return subprocess.Popen(
        [sys.executable, "-m", "bot", "run"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "HOME": str(folder), **own, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("name", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_waiting_without_a_word(address: str, tmp_path: Path, name: signal.Signals) -> None:
    with started(at(address, port=1), tmp_path) as running:
        assert running.stderr is not None
        assert "waiting for the database" in running.stderr.readline()
        began = time.monotonic()
        running.send_signal(name)
        out, errors = running.communicate(timeout=20)
        assert time.monotonic() - began < 5
    assert running.returncode == 0
    assert out == ""
    assert {line.partition("]")[2].strip().partition("  ")[0] for line in errors.splitlines()} <= {
        "waiting for the database"
    }


def test_a_start_that_cannot_be_ends_with_one_line(address: str, tmp_path: Path) -> None:
    for url, key, words in (
        (at(address, database="no_such_database"), SECRET, "sansiang: DATABASE_URL: there is no such database"),
        (address, "", "sansiang: SECRET_KEY: must be set with PostgreSQL"),
    ):
        with started(url, tmp_path, SECRET_KEY=key) as running:
            out, errors = running.communicate(timeout=30)
        assert running.returncode == 1
        assert out == ""
        assert errors.startswith(words)
        assert len(errors.splitlines()) == 1
