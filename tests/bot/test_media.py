"""What a message brings along: fetched, tried again, given up aloud, and never kept against somebody's wish."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot import media
from bot.channels.base import Fetched, FetchFailed
from bot.media import TRIES, MediaStore
from handlers.desk import Desk
from handlers.messages import Media
from storage import media as media_rows
from storage import reports
from storage.models import Medium, Report
from tests.bot.wire import Line, line, said
from tests.pictures import plain
from tests.rig import Clock, Database

PICTURE = plain()
WATER = "น้ำประปาไม่ไหลมาสามวันแล้ว ต.แม่ยาว อ.เมืองเชียงราย"


@pytest.fixture
def store(database: Database, tmp_path: Path) -> MediaStore:
    return MediaStore(tmp_path / "media", database.vault)


@pytest.fixture
def way(desk: Desk, database: Database, clock: Clock) -> Line:
    """A report that came with one picture, still to be fetched."""
    opened = line(desk, database, clock)
    (handled,) = opened.take(replace(said(WATER), media=(Media("photo", "ref-1", "รูป.jpg"),)))
    assert len(handled.media) == 1
    return opened


@pytest.fixture
def fetch(way: Line, store: MediaStore) -> Callable[[], timedelta | None]:
    """One try."""

    def once() -> timedelta | None:
        with way.database.readers() as session:
            wanted = media_rows.to_fetch(session, 1)
        assert wanted is not None
        result = asyncio.run(media.fetch(way.wire, store, wanted))
        with way.database.sessions.begin() as session:
            return media.settle(session, store, wanted, result, way.clock())

    return once


def medium(way: Line) -> Medium:
    with way.database.readers() as session:
        return session.query(Medium).one()


def files(store: MediaStore, tmp_path: Path) -> list[Path]:
    return [path for path in (tmp_path / "media").rglob("*") if path.is_file()]


def test_a_picture_is_kept_sealed_under_the_hash_of_its_bytes(
    way: Line, store: MediaStore, tmp_path: Path, fetch: Callable[[], timedelta | None]
) -> None:
    way.wire.files["ref-1"] = Fetched(PICTURE, "image/jpeg")
    assert fetch() is None
    kept = medium(way)
    assert (kept.state, kept.size, kept.media_type) == ("kept", len(PICTURE), "image/jpeg")
    assert store.load(kept.sha256) == PICTURE
    (path,) = files(store, tmp_path)
    assert PICTURE not in path.read_bytes()


def test_what_cannot_be_had_is_noted_on_the_report_which_stands(
    way: Line, fetch: Callable[[], timedelta | None]
) -> None:
    assert fetch() is None
    assert (medium(way).state, medium(way).error) == ("failed", "gone: 404")
    with way.database.readers() as session:
        report = session.query(Report).one()
        assert report.status == "received"
        assert "medium_lost" in [event.kind for event in reports.timeline(session, report.id, public_only=True)]
    way.take(said(report.code, 2))
    assert "ส่งใหม่ได้" in way.told()[-1]


def test_what_is_not_there_yet_is_tried_again_at_growing_distances(
    way: Line, store: MediaStore, fetch: Callable[[], timedelta | None]
) -> None:
    way.wire.files["ref-1"] = Fetched(PICTURE)
    way.wire.fetching += [FetchFailed("202", again=True), FetchFailed("time-out", again=True)]
    assert [fetch(), fetch()] == [timedelta(seconds=2), timedelta(seconds=4)]
    assert medium(way).state == "waiting"
    assert fetch() is None
    assert medium(way).state == "kept"


def test_trying_ends(way: Line, fetch: Callable[[], timedelta | None]) -> None:
    way.wire.fetching += [FetchFailed("503", again=True)] * 20
    waits = []
    while (wait := fetch()) is not None:
        waits.append(wait)
    assert len(waits) == TRIES - 1
    assert medium(way).state == "failed"


def test_an_empty_file_is_lost(way: Line, fetch: Callable[[], timedelta | None]) -> None:
    way.wire.files["ref-1"] = Fetched(b"")
    assert fetch() is None
    assert medium(way).state == "failed"


def test_a_picture_taken_back_while_it_is_fetched_leaves_no_file(way: Line, store: MediaStore, tmp_path: Path) -> None:
    with way.database.readers() as session:
        wanted = media_rows.to_fetch(session, 1)
    assert wanted is not None
    way.wire.files["ref-1"] = Fetched(PICTURE)
    result = asyncio.run(media.fetch(way.wire, store, wanted))
    assert len(files(store, tmp_path)) == 1
    way.take(said("", 2, kind="unsend", target="M1", message_id=""))
    with way.database.sessions.begin() as session:
        assert media.settle(session, store, wanted, result, way.clock()) is None
    assert medium(way).state == "removed"
    assert files(store, tmp_path) == []


def test_a_picture_taken_back_later_loses_its_file(
    way: Line, store: MediaStore, tmp_path: Path, fetch: Callable[[], timedelta | None]
) -> None:
    way.wire.files["ref-1"] = Fetched(PICTURE)
    fetch()
    way.take(said("", 2, kind="unsend", target="M1", message_id=""))
    with way.database.sessions.begin() as session:
        media_rows.forget_files(session, store.remove)
    assert files(store, tmp_path) == []


def test_a_file_that_cannot_be_removed_is_asked_for_again(
    way: Line, store: MediaStore, tmp_path: Path, fetch: Callable[[], timedelta | None]
) -> None:
    way.wire.files["ref-1"] = Fetched(PICTURE)
    fetch()
    way.take(said("", 2, kind="unsend", target="M1", message_id=""))

    def refuses(_digest: str) -> None:
        raise PermissionError("the disk is read-only")

    with pytest.raises(PermissionError), way.database.sessions.begin() as session:
        media_rows.forget_files(session, refuses)
    with way.database.sessions.begin() as session:
        assert media_rows.has_forgotten_files(session)
        assert len(media_rows.forget_files(session, store.remove)) == 1
    assert files(store, tmp_path) == []


def test_a_file_that_went_before_its_row_told_of_it_is_fetched_again(
    way: Line, store: MediaStore, fetch: Callable[[], timedelta | None]
) -> None:
    way.wire.files["ref-1"] = Fetched(PICTURE)
    with way.database.readers() as session:
        wanted = media_rows.to_fetch(session, 1)
    assert wanted is not None
    result = asyncio.run(media.fetch(way.wire, store, wanted))
    assert isinstance(result, media.Kept)
    store.remove(result.digest)  # the same picture was taken back in another chat
    with way.database.sessions.begin() as session:
        assert media.settle(session, store, wanted, result, way.clock()) == timedelta(0)
    assert fetch() is None
    assert store.load(medium(way).sha256) == PICTURE


def test_what_the_platform_s_library_throws_is_tried_again(way: Line, fetch: Callable[[], timedelta | None]) -> None:
    way.wire.files["ref-1"] = Fetched(PICTURE)
    way.wire.fetching += [KeyError("file_path")]
    assert fetch() == timedelta(seconds=2)
    assert medium(way).error == "KeyError"
    assert fetch() is None
    assert medium(way).state == "kept"


def test_the_newest_medium_is_fetched_at_once_however_many_wait(way: Line) -> None:
    with way.database.sessions.begin() as session:
        report = session.query(Report).one()
        for number in range(250):
            media_rows.promise(session, report, "photo", "wire", f"old-{number}", way.clock())
    (handled,) = way.take(replace(said("", 2), media=(Media("photo", "new"),)))
    with way.database.readers() as session:
        assert [media_rows.to_fetch(session, one) for one in handled.media] == [
            media_rows.to_fetch(session, 252)  # the first came with the report
        ]


def test_many_who_write_the_same_picture_at_once_leave_one_whole_file(store: MediaStore, tmp_path: Path) -> None:
    picture = PICTURE * 1_000
    with ThreadPoolExecutor(8) as pool:
        (digest,) = set(pool.map(lambda _: store.keep(picture), range(16)))
    assert len(files(store, tmp_path)) == 1
    assert store.load(digest) == picture


def test_the_same_bytes_are_one_file(store: MediaStore, tmp_path: Path) -> None:
    assert store.keep(PICTURE) == store.keep(PICTURE)
    assert len(files(store, tmp_path)) == 1
    store.remove(store.keep(PICTURE))
    store.remove("0" * 64)
    assert files(store, tmp_path) == []
    with pytest.raises(FileNotFoundError):
        store.load("0" * 64)
