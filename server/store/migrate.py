"""Applies `migrations/NNNN_name.sql` in order, once each, safe under several starting processes.

The files keep dbmate's format (`-- migrate:up`, optionally `transaction:false`), forward only.
"""

import asyncio
import re
from pathlib import Path

import asyncpg

from server.store.pool import Connection

_LOCK = 7_305_814_001
_HEADER = re.compile(r"\A\s*-- migrate:up(?P<options>[^\n]*)\n")


async def migrate(dsn: str, folder: Path) -> list[str]:
    """Applies what is missing and returns the names applied."""
    connection = await asyncpg.connect(dsn)
    try:
        # Polled: a session blocked in pg_advisory_lock holds a snapshot that CREATE INDEX CONCURRENTLY waits for.
        while not await connection.fetchval("select pg_try_advisory_lock($1)", _LOCK):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        return await _apply_missing(connection, folder)
    finally:
        await connection.close()


async def pending(connection: Connection, folder: Path) -> list[str]:
    """The names not yet applied; all of them when the database is empty."""
    known = await connection.fetchval("select to_regclass('schema_migrations') is not null")
    applied = {row[0] for row in await connection.fetch("select version from schema_migrations")} if known else set()
    return [path.stem for path in sorted(folder.glob("*.sql")) if path.stem.split("_")[0] not in applied]


async def is_empty(connection: Connection) -> bool:
    """Whether nobody made any table yet."""
    return not await connection.fetchval("select count(*) from pg_tables where schemaname = 'public'")


async def _apply_missing(connection: Connection, folder: Path) -> list[str]:
    await connection.execute("create table if not exists schema_migrations (version text primary key)")
    names = await pending(connection, folder)
    for name in names:
        text = (folder / f"{name}.sql").read_text(encoding="utf-8")
        header = _HEADER.match(text)
        if header is None:
            raise ValueError(f"{name}.sql does not begin with '-- migrate:up'")
        if "transaction:false" in header["options"]:
            await connection.execute(text)
            await _record(connection, name)
        else:
            async with connection.transaction():
                await connection.execute(text)
                await _record(connection, name)
    return names


async def _record(connection: Connection, name: str) -> None:
    await connection.execute("insert into schema_migrations values ($1)", name.split("_")[0])
