"""PostgreSQL that takes nothing for a while: read-only, full, without a connection to spare, without rights."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from handlers.desk import Desk
from tests.bot.process import alter, at_rest, end_connections, handled_in_order, process, ruler, sent_once
from tests.peers import LinePeer
from tests.postgres import plain
from tests.rig import engine_of

pytestmark = pytest.mark.postgresql
Do = Callable[[psycopg.Connection[Any], str], None]

FULL = """
CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$;
CREATE TRIGGER full_disk BEFORE INSERT ON inbox EXECUTE FUNCTION full_disk();
"""


def execute(url: str, words: str) -> None:
    with engine_of(url) as engine, engine.begin() as connection:
        connection.exec_driver_sql(words)


def read_only(keeper: psycopg.Connection[Any], url: str) -> None:
    alter(keeper, url, "SET default_transaction_read_only = on")
    end_connections(keeper, url)


def writable(keeper: psycopg.Connection[Any], url: str) -> None:
    alter(keeper, url, "RESET default_transaction_read_only")
    end_connections(keeper, url)


def fill(_keeper: psycopg.Connection[Any], url: str) -> None:
    execute(url, FULL)


def make_room(_keeper: psycopg.Connection[Any], url: str) -> None:
    execute(url, "DROP FUNCTION full_disk CASCADE")


def shut(keeper: psycopg.Connection[Any], url: str) -> None:
    alter(keeper, url, "WITH ALLOW_CONNECTIONS false")
    end_connections(keeper, url)


def open_again(keeper: psycopg.Connection[Any], url: str) -> None:
    alter(keeper, url, "WITH ALLOW_CONNECTIONS true")


def lose_table(_keeper: psycopg.Connection[Any], url: str) -> None:
    execute(url, "ALTER TABLE inbox RENAME TO away")


def find_table(_keeper: psycopg.Connection[Any], url: str) -> None:
    execute(url, "ALTER TABLE away RENAME TO inbox")


@pytest.fixture
def peer() -> Iterator[LinePeer]:
    with LinePeer() as line:
        yield line


@pytest.mark.parametrize(
    ("spoil", "mend", "words"),
    [
        (read_only, writable, "it is read-only"),
        (fill, make_room, "its disk is full: make room"),
        (shut, open_again, "the server is starting or stopping"),
        pytest.param(lose_table, find_table, "a table is missing", marks=pytest.mark.long),
    ],
    ids=["read-only", "full", "shut", "table"],
)
def test_what_cannot_be_kept_now_is_sent_again_and_handled_once_in_order(
    desk: Desk, address: str, peer: LinePeer, tmp_path: Path, spoil: Do, mend: Do, words: str
) -> None:
    async def run() -> None:
        async with process(desk, address, peer, tmp_path) as one:
            assert await one.hear("a", 0) == 200
            with ruler(address) as keeper:
                await asyncio.to_thread(spoil, keeper, address)
                assert await one.hear("a", 1) == 503
                assert words in await one.becomes(503, words)
                await asyncio.to_thread(mend, keeper, address)
            assert await one.becomes(200) == "ok"
            for number in (1, 2):
                await one.hear_until_kept("a", number)
            await at_rest(address, 3)

    asyncio.run(run())
    handled_in_order(address)
    sent_once(peer, address)


def test_a_right_that_is_taken_away_parks_nothing(desk: Desk, address: str, peer: LinePeer, tmp_path: Path) -> None:
    """Else every message of that time would be one that could not be handled, and its sender apologised to."""
    low = sql.Identifier(f"low_{address.rpartition('/')[2]}")

    async def run() -> None:
        with psycopg.connect(plain(address), autocommit=True) as owner:
            owner.execute(sql.SQL("CREATE ROLE {} LOGIN").format(low))
            owner.execute(sql.SQL("GRANT ALL ON ALL TABLES IN SCHEMA public TO {}").format(low))
            owner.execute(sql.SQL("GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO {}").format(low))
            url = address.replace("postgres@", f"{low.as_string().strip(chr(34))}@")
            try:
                async with process(desk, url, peer, tmp_path) as one:
                    owner.execute(sql.SQL("REVOKE INSERT ON person, outbox FROM {}").format(low))
                    assert await one.hear("a", 0, 1) == 200
                    await asyncio.sleep(1)
                    owner.execute(sql.SQL("REVOKE INSERT ON inbox FROM {}").format(low))
                    assert await one.hear("a", 2) == 503
                    assert "rights of the database's owner" in (await one.readiness())[1]
                    owner.execute(sql.SQL("GRANT ALL ON ALL TABLES IN SCHEMA public TO {}").format(low))
                    await one.hear_until_kept("a", 2)
                    await at_rest(address, 3)
            finally:
                owner.execute(sql.SQL("DROP OWNED BY {}").format(low))
                owner.execute(sql.SQL("DROP ROLE {}").format(low))

    asyncio.run(run())
    handled_in_order(address)
    sent_once(peer, address)
