"""That a database of an earlier test is as a new one, or is not used again."""

from __future__ import annotations

import psycopg
import pytest

from storage import people
from tests import postgres
from tests.rig import WEDNESDAY, open_database
from tests.wiping import wiped


def fill(url: str) -> int:
    """Let somebody come; the row's number."""
    database = open_database(url)
    with database.sessions.begin() as session:
        number = people.person_of(session, "line", "U1", WEDNESDAY).id
    database.engine.dispose()
    return number


def test_nothing_is_left_and_numbers_begin_anew(server: postgres.Server) -> None:
    made = server.made
    for _ in range(3):
        with server.lent() as url:
            assert fill(url) == 1
            assert b"U1" not in postgres.raw(url)
    assert server.made <= made + 1
    with server.lent() as url:
        assert postgres.raw(url) == postgres.raw(server.address_of(server.empty))


@pytest.mark.parametrize(
    "change",
    [
        "DROP TABLE backing",
        "CREATE TABLE more (id int)",
        "ALTER TABLE person ADD COLUMN more int",
        "CREATE FUNCTION more() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "UPDATE alembic_version SET version_num = '0001'",
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET lock_timeout = 1', current_database()); END $$",
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I CONNECTION LIMIT 50', current_database()); END $$",
        "SELECT lo_create(0)",
        "INSERT INTO tombstone SELECT int4send(n), now() FROM generate_series(1, 99999) AS n",
    ],
)
def test_one_that_differs_in_more_than_rows_is_not_used_again(server: postgres.Server, change: str) -> None:
    with server.lent() as url:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(change)
        name = url.rpartition("/")[2]
    assert name not in server.spare


def test_one_where_somebody_still_is_is_not_used_again(server: postgres.Server) -> None:
    with server.database() as url:
        with psycopg.connect(url):
            assert not wiped(url, server.new)
        assert wiped(url, server.new)
