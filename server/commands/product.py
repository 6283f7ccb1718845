"""Starts the product for `serve`, `work` and `demo`: database, migrations, application, doors, loops."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec

from server import app
from server.actions import organisation
from server.commands.ground import Ground, bring_up_to_date, ground, step, timed
from server.process import Door, operate
from server.settings import Settings
from server.store.pool import open_pool


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    settings: Settings
    # None for a process that only works.
    door: Callable[[app.Application], Door] | None = None
    loops: bool = True
    # What is told once everything is open.
    ready: Callable[[Ground], Awaitable[None]]


async def run_product(plan: Plan, stop: asyncio.Event) -> int:
    async with prepared(plan.settings) as given:
        if stop.is_set():
            return 0
        application = app.build(given.settings)
        await application.start()
        try:
            doors = [plan.door(application)] if plan.door else []
            loops = [*(application.loops if plan.loops else ()), *([given.postgres.watch] if given.postgres else [])]
            await operate(stop, doors=doors, loops=loops, ready=lambda: plan.ready(given))
        finally:
            await application.stop()
    return 0


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
