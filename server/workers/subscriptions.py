"""Keeps watch over the accounts at Meta, and over ourselves. Inboxes are claimed one by one; detectors look in turn."""

import asyncio
from uuid import uuid4

from server.actions import detectors
from server.actions.subscriptions import Checker
from server.actions.unit import Services, Topic
from server.store import leases
from server.workers import rounds
from server.workers.bell import Bell

SWEEP_SECONDS = 30.0
DETECT_SECONDS = 60.0


async def run(services: Services, checker: Checker, bell: Bell, stop: asyncio.Event) -> None:
    holder = f"detectors-{uuid4()}"
    due = 0.0

    async def act() -> float | None:
        nonlocal due
        clock = asyncio.get_running_loop().time()
        if clock >= due:
            due = clock + DETECT_SECONDS
            async with services.pool.acquire() as connection:
                ours = await leases.take(connection, "detectors", holder, DETECT_SECONDS * 1.5)
            if ours is not None:
                await detectors.look(services)
        return await checker.check_due()

    await rounds.keep("subscriptions", act, bell=bell, topic=Topic.HEALTH, stop=stop, sweep_seconds=SWEEP_SECONDS)
