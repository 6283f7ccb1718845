"""Migrations under several starting servers."""

import asyncio
from pathlib import Path

import asyncpg
import pytest
from conftest import Cluster

from server.paths import MIGRATIONS
from server.store.migrate import migrate, pending


@pytest.fixture
async def empty(cluster: Cluster) -> str:
    admin = await asyncpg.connect(cluster.admin)
    await admin.execute("drop database if exists empty with (force)")
    await admin.execute("create database empty")
    await admin.close()
    return cluster.dsn("empty")


async def test_several_starting_servers_apply_each_migration_once(empty: str) -> None:
    outcomes = await asyncio.gather(*(migrate(empty, MIGRATIONS) for _ in range(4)))
    names = [path.stem for path in sorted(MIGRATIONS.glob("*.sql"))]
    assert sorted(outcomes) == [[], [], [], names]
    connection = await asyncpg.connect(empty)
    assert await pending(connection, MIGRATIONS) == []
    await connection.close()


async def test_a_concurrent_index_does_not_lock_the_others_out(empty: str, tmp_path: Path) -> None:
    (tmp_path / "0001_things.sql").write_text("-- migrate:up\ncreate table thing (id int);\n")
    index = "-- migrate:up transaction:false\ncreate index concurrently thing_id on thing (id);\n"
    (tmp_path / "0002_index.sql").write_text(index)
    async with asyncio.timeout(30):
        outcomes = await asyncio.gather(*(migrate(empty, tmp_path) for _ in range(3)))
    assert sorted(outcomes) == [[], [], ["0001_things", "0002_index"]]


async def test_a_failing_migration_leaves_nothing_behind(empty: str, tmp_path: Path) -> None:
    (tmp_path / "0001_bad.sql").write_text("-- migrate:up\ncreate table half (id int);\nselect wrong;\n")
    with pytest.raises(asyncpg.UndefinedColumnError):
        await migrate(empty, tmp_path)
    connection = await asyncpg.connect(empty)
    assert await connection.fetchval("select to_regclass('half')") is None
    assert await pending(connection, tmp_path) == ["0001_bad"]
    await connection.close()


async def test_a_file_without_its_header_is_refused(empty: str, tmp_path: Path) -> None:
    (tmp_path / "0001_plain.sql").write_text("create table plain (id int);\n")
    with pytest.raises(ValueError, match="does not begin with"):
        await migrate(empty, tmp_path)
