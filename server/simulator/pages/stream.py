"""Server-Sent Events: what happens on the threads a page shows."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import ExitStack
from typing import Any

import msgspec

from server.simulator.simulator import Simulator
from server.simulator.threads import Thread
from server.simulator.view import thread_view

QUIET_SECONDS = 15


async def stream(simulator: Simulator, followed: list[Thread], looked_at: list[Thread]) -> AsyncIterator[bytes]:
    """A snapshot of each thread, then its changes. While it lasts the customer has `looked_at` on the screen."""
    with ExitStack() as ends:
        queue = ends.enter_context(simulator.world.feed.follow({thread.key for thread in followed}))
        for thread in followed:
            window_open = simulator.world.window_open(thread)
            yield _event({**_key(thread), "thread": thread_view(thread, window_open=window_open)})
        for thread in looked_at:
            simulator.speaking.look(thread)
            ends.callback(simulator.speaking.look_away, thread)
        while True:
            try:
                change = await asyncio.wait_for(queue.get(), QUIET_SECONDS)
            except TimeoutError:
                yield b": still here\n\n"
                continue
            if change is None:
                return
            yield _event(change)


def _event(change: dict[str, Any]) -> bytes:
    return b"data: " + msgspec.json.encode(change) + b"\n\n"


def _key(thread: Thread) -> dict[str, str]:
    return {"customer": thread.customer.id, "inbox": thread.inbox.id}
