"""A database that is up to date, for the commands that start something and for `migrate`."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from server.actions import organisation
from server.commands.ground import Ground, bring_up_to_date, ground, step, timed
from server.settings import Settings
from server.store.pool import open_pool


@asynccontextmanager
async def prepared(settings: Settings) -> AsyncIterator[Ground]:
    """The ground, migrated; with the organisation of MAJLIS_ORG applied."""
    began = time.monotonic()
    async with ground(settings) as given:
        words = f"embedded PostgreSQL in {given.postgres.folder}" if given.postgres else "DATABASE_URL"
        step("database", words, time.monotonic() - began)
        with timed("migrations") as say:
            names = await bring_up_to_date(given.dsn)
            say(f"{len(names)} applied" if names else "up to date")
        if settings.majlis_org is not None:
            await _apply(given, settings.majlis_org)
        yield given


async def _apply(given: Ground, folder: Path) -> None:
    with timed("organisation") as say:
        pool = await open_pool(given.dsn, size=1)
        try:
            lines = await organisation.apply(pool, folder)
        finally:
            await pool.close()
        say(f"{folder.name}, {len(lines)} changes" if lines else f"{folder.name}, unchanged")
