"""A database that is up to date, for the commands that start something and for `migrate`."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg

from server.actions import organisation
from server.commands.ground import Ground, bring_up_to_date, ground, step, timed
from server.settings import Settings
from server.store import organisation as stored
from server.store.pool import open_pool


@asynccontextmanager
async def prepared(settings: Settings) -> AsyncIterator[Ground]:
    """The ground, migrated."""
    began = time.monotonic()
    async with ground(settings, create=True) as given:
        words = f"embedded PostgreSQL in {given.postgres.folder}" if given.postgres else "DATABASE_URL"
        step("database", words, time.monotonic() - began)
        with timed("migrations") as say:
            names = await bring_up_to_date(given.dsn)
            say(f"{len(names)} applied" if names else "up to date")
        yield given


async def apply_first(given: Ground) -> None:
    """MAJLIS_ORG, where nothing was ever applied: a host that starts again with an old folder reverts nothing."""
    if given.settings.majlis_org is not None and await _applied(given) == 0:
        await apply(given, given.settings.majlis_org)


async def apply(given: Ground, folder: Path) -> None:
    with timed("organisation") as say:
        pool = await open_pool(given.dsn, size=1)
        try:
            lines = await organisation.apply(pool, folder)
        finally:
            await pool.close()
        say(f"{folder.name}, {len(lines)} changes" if lines else f"{folder.name}, unchanged")


async def _applied(given: Ground) -> int:
    connection = await asyncpg.connect(given.dsn)
    try:
        return await stored.version(connection)
    finally:
        await connection.close()
