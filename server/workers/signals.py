"""Tells customers that their words were seen and that somebody writes."""

import asyncio

from server.actions.signals import MOST, Teller
from server.actions.unit import Topic
from server.workers import rounds
from server.workers.bell import Bell

SWEEP_SECONDS = 5.0


async def run(teller: Teller, bell: Bell, stop: asyncio.Event) -> None:
    async def act() -> float | None:
        return 0.0 if await teller.tell_due() == MOST else None

    await rounds.keep("signals", act, bell=bell, topic=Topic.SIGNALS, stop=stop, sweep_seconds=SWEEP_SECONDS)
