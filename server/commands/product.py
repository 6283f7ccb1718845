"""Runs the product for `serve`, `work` and `demo`."""

import asyncio
from collections.abc import Awaitable, Callable

import msgspec

from server import app
from server.commands.ground import Ground
from server.commands.prepare import apply_first, prepared
from server.process import Door, operate
from server.settings import Settings


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    settings: Settings
    # None for a worker that nobody watches over.
    door: Callable[[app.Application], Door] | None = None
    loops: bool = True
    # What the database gets before anything reads it.
    organisation: Callable[[Ground], Awaitable[None]] = apply_first
    # What is told once everything is open.
    ready: Callable[[Ground], Awaitable[None]]


async def run_product(plan: Plan, stop: asyncio.Event) -> int:
    async with prepared(plan.settings) as given:
        await plan.organisation(given)
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
