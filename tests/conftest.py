"""What every room's tests share. Loading costs time, so what never changes is loaded once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from bot.provinces import SHIPPED, load_directory
from handlers.desk import Desk
from handlers.provinces import Directory
from handlers.texts import Texts, load_texts
from nlp.reader import Reader
from tests import rig


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
    return Reader.load()


@pytest.fixture(scope="session")
def directory(reader: Reader) -> Directory:
    """All the provinces that are shipped."""
    known = {category.slug: [sub.slug for sub in category.subs] for category in reader.taxonomy.categories}
    return load_directory(SHIPPED, known)


@pytest.fixture(scope="session")
def texts() -> Texts:
    return load_texts()


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return rig.make_template(tmp_path_factory.mktemp("database"))


@pytest.fixture
def database(empty_database: Path, tmp_path: Path) -> Iterator[rig.Database]:
    opened = rig.open_database(empty_database, tmp_path)
    yield opened
    opened.engine.dispose()


@pytest.fixture
def desk(reader: Reader, directory: Directory, texts: Texts) -> Desk:
    """A desk whose local channel belongs to Chiang Rai."""
    return rig.make_desk(reader, directory, texts, {"local": "chiang-rai"})


@pytest.fixture
def clock() -> rig.Clock:
    return rig.Clock()
