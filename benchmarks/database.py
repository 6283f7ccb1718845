"""A PostgreSQL of the benchmark's own with fsync on, and a fresh database for each side."""

import asyncio
import itertools
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import asyncpg

from server.actions.organisation import apply
from server.embedded import EmbeddedPostgres
from server.paths import DEMO_ORGANISATION, MIGRATIONS
from server.store.migrate import migrate
from server.store.pool import open_pool

_numbers = itertools.count(1)

# Waits for our end, whatever ended us, and then ends the server.
_SITTER = """
import os, shutil, signal, sys, time
sys.stdin.read()
try:
    pid = int(open(sys.argv[1] + "/postmaster.pid").readline())
    os.kill(pid, signal.SIGINT)
    for _ in range(100):
        os.kill(pid, 0)
        time.sleep(0.1)
except (OSError, ValueError):
    pass
shutil.rmtree(sys.argv[2], ignore_errors=True)
"""


class Database:
    def __init__(self, postgres: EmbeddedPostgres) -> None:
        self.postgres = postgres

    def fresh(self) -> str:
        """The address of a new database with the demo organisation."""
        name = f"side_{next(_numbers)}"
        self.execute(f"create database {name} template template_majlis", self.postgres.dsn)
        return self.postgres.dsn.replace("@/majlis?", f"@/{name}?")

    def drop(self, dsn: str) -> None:
        """So that the next side does not share the disk with this one's vacuum."""
        name = dsn.split("@/", 1)[1].split("?", 1)[0]
        self.execute(f"drop database {name} with (force)", self.postgres.dsn)

    def execute(self, statement: str, dsn: str) -> None:
        asyncio.run(_execute(dsn, statement))

    def cpu_seconds(self) -> float:
        """What the server's processes that live now have used so far."""
        postmaster = (self.postgres.folder / "postmaster.pid").read_text().split()[0]
        total = 0
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            if fields[1] == postmaster:
                total += int(fields[11]) + int(fields[12])
        return total / os.sysconf("SC_CLK_TCK")

    def value(self, statement: str, dsn: str) -> Any:
        return asyncio.run(_value(dsn, statement))


@contextmanager
def database() -> Iterator[Database]:
    folder = Path(tempfile.mkdtemp(prefix="majlis-benchmark-"))
    folder.chmod(0o711)
    postgres = EmbeddedPostgres(folder, options=("max_wal_size=4GB",))
    sitter = subprocess.Popen(
        [sys.executable, "-c", _SITTER, str(postgres.folder), str(folder)],
        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        asyncio.run(_prepare(postgres))
        yield Database(postgres)
    finally:
        asyncio.run(postgres.stop())
        sitter.communicate()


async def _prepare(postgres: EmbeddedPostgres) -> None:
    await postgres.start()
    template = postgres.dsn.replace("@/majlis?", "@/template_majlis?")
    await _execute(postgres.dsn, "create database template_majlis")
    await migrate(template, MIGRATIONS)
    pool = await open_pool(template)
    await apply(pool, DEMO_ORGANISATION)
    await pool.close()
    # Every hour of the week: what a message writes must not depend on when the benchmark runs.
    await _execute(template, _ALWAYS_OPEN)


_ALWAYS_OPEN = """
update calendar set definition = definition || jsonb_build_object('holidays', '[]'::jsonb, 'hours', (
    select jsonb_agg(jsonb_build_object('weekday', day, 'opens', '00:00:00', 'closes', '00:00:00'))
    from generate_series(0, 6) as day
))
"""


async def _execute(dsn: str, statement: str) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


async def _value(dsn: str, statement: str) -> Any:
    connection = await asyncpg.connect(dsn)
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()
