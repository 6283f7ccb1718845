"""Fires warnings and breaches at their time. Any number of processes may run it: a conditional update decides."""

import asyncio

from server.actions import deadlines
from server.actions.sla_timers import SWEEP_SECONDS
from server.actions.unit import Services, Topic
from server.workers import rounds
from server.workers.bell import Bell


async def run(services: Services, bell: Bell, stop: asyncio.Event) -> None:
    async def act() -> float | None:
        return await deadlines.fire_due(services)

    await rounds.keep("sla_clock", act, bell=bell, topic=Topic.TIMERS, stop=stop, sweep_seconds=SWEEP_SECONDS)
