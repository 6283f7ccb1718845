"""Keeps the lists of message templates fresh."""

import asyncio

from server.actions.template_sync import Reader
from server.actions.unit import Topic
from server.workers import rounds
from server.workers.bell import Bell

SWEEP_SECONDS = 300.0


async def run(reader: Reader, bell: Bell, stop: asyncio.Event) -> None:
    await rounds.keep(
        "templates", reader.read_due, bell=bell, topic=Topic.TEMPLATES, stop=stop, sweep_seconds=SWEEP_SECONDS
    )
