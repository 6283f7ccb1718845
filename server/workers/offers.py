"""Ends offers whose time is over and makes new ones as soon as something waits and somebody is free.

Any number of processes may run it: each act is a conditional update, and matching takes turns.
"""

import asyncio

from server.actions import assign
from server.actions.unit import Services, Topic
from server.workers import rounds
from server.workers.bell import Bell

SWEEP_SECONDS = 2.0


async def run(services: Services, bell: Bell, stop: asyncio.Event) -> None:
    async def act() -> float | None:
        await assign.expire(services)
        await assign.match(services)
        return await assign.seconds_to_next_expiry(services)

    await rounds.keep("offers", act, bell=bell, topic=Topic.WAITING, stop=stop, sweep_seconds=SWEEP_SECONDS)
