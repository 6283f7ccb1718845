"""The shape of a loop that looks, acts and sleeps until the next deadline or a wake."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from server.actions.unit import Topic
from server.domain.errors import Unavailable
from server.store.pool import AWAY
from server.workers.bell import Bell

# What is due but held by somebody else is looked at again after this.
_SHORTEST_SECONDS = 0.02
_RETRY_SECONDS = 0.5

_log = structlog.get_logger()


async def keep(
    name: str,
    act: Callable[[], Awaitable[float | None]],
    *,
    bell: Bell,
    topic: Topic,
    stop: asyncio.Event,
    sweep_seconds: float,
) -> None:
    """Calls `act`, which returns the seconds to its next deadline, until `stop`. Survives the database going away."""
    while not stop.is_set():
        try:
            seconds = await act()
            pause = sweep_seconds if seconds is None else min(max(seconds, _SHORTEST_SECONDS), sweep_seconds)
        except (Unavailable, *AWAY) as error:
            _log.warning("round_waits_for_database", loop=name, cause=type(error).__name__)
            pause = _RETRY_SECONDS
        except Exception:
            # A deadlock lost to somebody, or a fault of ours: nothing was changed, and the loop must not end.
            _log.exception("round_failed", loop=name)
            pause = _RETRY_SECONDS
        await bell.wait(topic, pause, name)
