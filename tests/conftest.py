"""What every room's tests share. Loading costs time, so what never changes is loaded once."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from bot.provinces import SHIPPED, load_directory
from handlers.desk import Desk
from handlers.provinces import Directory
from handlers.texts import Texts, load_texts
from nlp.reader import Reader
from tests import postgres, rig

SYSTEMS = ("sqlite", "postgresql")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "sqlite: about SQLite as such; not run on PostgreSQL")
    config.addinivalue_line("markers", "postgresql: about PostgreSQL as such; not run on SQLite")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Whatever needs a database runs on every system there is.

    Without a server the tests of PostgreSQL are not made at all: one line at the end tells it, not a line for each.
    """
    if "system" not in metafunc.fixturenames:
        return
    meant = [name for name in SYSTEMS if metafunc.definition.get_closest_marker(name)] or list(SYSTEMS)
    there = [name for name in meant if name == "sqlite" or postgres.address()]
    skipped = pytest.param(meant[-1], marks=pytest.mark.skip(reason=postgres.MISSING))
    metafunc.parametrize("system", there or [skipped], indirect=True)


def pytest_report_header() -> str:
    return "PostgreSQL: every test of a database runs on it too" if postgres.address() else postgres.MISSING


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not postgres.address():
        terminalreporter.write_line(f"{postgres.MISSING}: tests of a database ran on SQLite only", yellow=True)


@pytest.fixture(scope="session", autouse=True)
def quiet_logs() -> None:
    """Logs as short lines: structlog's own default draws every local variable of a traceback, which takes seconds."""
    structlog.configure(
        processors=[
            structlog.stdlib.add_log_level,
            structlog.processors.format_exc_info,
            structlog.processors.KeyValueRenderer(),
        ],
        cache_logger_on_first_use=False,
    )


@pytest.fixture(scope="session")
def reader() -> Reader:
    return rig.shared_reader()


@pytest.fixture(scope="session")
def directory(reader: Reader) -> Directory:
    """All the provinces that are shipped."""
    known = {category.slug: [sub.slug for sub in category.subs] for category in reader.taxonomy.categories}
    return load_directory(SHIPPED, known)


@pytest.fixture(scope="session")
def texts() -> Texts:
    return load_texts()


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty SQLite database to copy from."""
    return rig.make_template(tmp_path_factory.mktemp("database"))


@pytest.fixture(scope="session")
def server() -> Iterator[postgres.Server]:
    """The PostgreSQL server."""
    if not postgres.address():
        pytest.skip(postgres.MISSING)
    with postgres.opened() as standing:
        yield standing


@pytest.fixture
def system(request: pytest.FixtureRequest) -> str:
    """Which database system this round of the test is for."""
    return str(request.param)


@pytest.fixture
def address(system: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """Where an empty database at the newest schema lies, for this test alone."""
    if system == "sqlite":
        shutil.copy(request.getfixturevalue("empty_file"), tmp_path / "sansiang.db")
        yield f"sqlite:///{tmp_path / 'sansiang.db'}"
    else:
        with request.getfixturevalue("server").lent() as url:
            yield url


@pytest.fixture
def blank_address(system: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """Where nothing lies yet: on SQLite not even a file, on PostgreSQL a database without a table."""
    if system == "sqlite":
        yield f"sqlite:///{tmp_path / 'data' / 'test.db'}"
    else:
        with request.getfixturevalue("server").database(blank=True) as url:
            yield url


@pytest.fixture
def fresh_address(system: str, request: pytest.FixtureRequest) -> str:
    """What a first start finds: on SQLite nothing, on PostgreSQL a database that somebody has migrated once."""
    return str(request.getfixturevalue("blank_address" if system == "sqlite" else "address"))


@pytest.fixture
def database(address: str) -> Iterator[rig.Database]:
    """The same, opened."""
    opened = rig.open_database(address)
    yield opened
    opened.engine.dispose()


@pytest.fixture
def desk(reader: Reader, directory: Directory, texts: Texts) -> Desk:
    """A desk whose local channel belongs to Chiang Rai."""
    return rig.make_desk(reader, directory, texts, {"local": "chiang-rai"})


@pytest.fixture
def clock() -> rig.Clock:
    return rig.Clock()
