"""Asks Meta who people on Messenger and Instagram are. Any number of processes may run it: each claims its own."""

import asyncio

from server.actions.profiles import Namer
from server.actions.unit import Topic
from server.workers import rounds
from server.workers.bell import Bell

SWEEP_SECONDS = 30.0


async def run(namer: Namer, bell: Bell, stop: asyncio.Event) -> None:
    await rounds.keep(
        "profiles", namer.look_up_due, bell=bell, topic=Topic.PROFILES, stop=stop, sweep_seconds=SWEEP_SECONDS
    )
