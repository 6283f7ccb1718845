"""Notices who is gone: their offers go to others at once, their conversations after the grace."""

import asyncio

from server.actions import presence
from server.actions.unit import Services, Topic
from server.workers import rounds
from server.workers.bell import Bell

SWEEP_SECONDS = 1.0


async def run(services: Services, bell: Bell, stop: asyncio.Event) -> None:
    async def act() -> float | None:
        await presence.reap(services)
        return None

    # Leases lapse without a sound: nothing rings, the sweep is the clock. SESSIONS rings when sockets were cut.
    await rounds.keep("presence", act, bell=bell, topic=Topic.SESSIONS, stop=stop, sweep_seconds=SWEEP_SECONDS)
