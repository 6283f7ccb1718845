"""A PostgreSQL of the benchmark's own with fsync on, and a fresh database for each side."""

import asyncio
import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg

from server.actions.organisation import apply
from server.embedded import EmbeddedPostgres
from server.paths import DEMO_ORGANISATION, MIGRATIONS
from server.store.migrate import migrate
from server.store.pool import open_pool

_numbers = itertools.count(1)


class Database:
    def __init__(self, postgres: EmbeddedPostgres) -> None:
        self.postgres = postgres

    def fresh(self) -> str:
        """The address of a new database with the demo organisation."""
        name = f"side_{next(_numbers)}"
        self.execute(f"create database {name} template template_majlis", self.postgres.dsn)
        return self.postgres.dsn.replace("@/majlis?", f"@/{name}?")

    def execute(self, statement: str, dsn: str) -> None:
        asyncio.run(_execute(dsn, statement))

    def value(self, statement: str, dsn: str) -> int:
        return asyncio.run(_value(dsn, statement))


@contextmanager
def database() -> Iterator[Database]:
    folder = Path(tempfile.mkdtemp(prefix="majlis-benchmark-"))
    folder.chmod(0o711)
    postgres = EmbeddedPostgres(folder, options=("max_wal_size=4GB",))
    try:
        asyncio.run(_prepare(postgres))
        yield Database(postgres)
    finally:
        asyncio.run(postgres.stop())
        shutil.rmtree(folder, ignore_errors=True)


def postgres_cpu_seconds(postgres: EmbeddedPostgres) -> float:
    """CPU of every process of the server that lives now."""
    tick = os.sysconf("SC_CLK_TCK")
    total = 0.0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rsplit(")", 1)
        except OSError:
            continue
        if "(postgres" in fields[0]:
            parts = fields[1].split()
            total += (int(parts[11]) + int(parts[12])) / tick
    return total


async def _prepare(postgres: EmbeddedPostgres) -> None:
    await postgres.start()
    template = postgres.dsn.replace("@/majlis?", "@/template_majlis?")
    await _execute(postgres.dsn, "create database template_majlis")
    await migrate(template, MIGRATIONS)
    pool = await open_pool(template)
    await apply(pool, DEMO_ORGANISATION)
    await pool.close()


async def _execute(dsn: str, statement: str) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


async def _value(dsn: str, statement: str) -> int:
    connection = await asyncpg.connect(dsn)
    try:
        return int(await connection.fetchval(statement))
    finally:
        await connection.close()
