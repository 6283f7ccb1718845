"""Fetches customers' files as they are announced, brings ours to Meta, and clears away what nobody needs.

Any number of processes may run it: each file is claimed by one. Files stand in nobody's way but other files'.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Any

import asyncpg
import structlog

from server.actions import media
from server.actions.media import LEASE_SECONDS, Fetcher
from server.actions.media_sending import Bringer
from server.actions.media_uploads import UNSENT_SECONDS
from server.actions.unit import Services, Topic
from server.domain.errors import Unavailable
from server.store import attachments
from server.store.attachments import Held
from server.store.pool import AWAY
from server.workers.bell import Bell

FETCHES = 8
UPLOADS = 4
SWEEP_SECONDS = 5.0
CLEAN_SECONDS = 600.0
_RENEW_SECONDS = LEASE_SECONDS / 3
_RETRY_SECONDS = 0.5

_PASSING = (Unavailable, asyncpg.TransactionRollbackError, *AWAY)

_log = structlog.get_logger()


async def run(services: Services, fetcher: Fetcher, bringer: Bringer, bell: Bell, stop: asyncio.Event) -> None:
    """Until `stop`; then lets go of what is in hand, for another to begin anew."""
    again = asyncio.Event()
    lanes = [
        _Lane(FETCHES, fetcher.claim, fetcher.fetch, again),
        _Lane(UPLOADS, bringer.claim, bringer.bring, again),
    ]
    asides = [
        asyncio.create_task(_listen(bell, stop, again), name="media-listener"),
        asyncio.create_task(_clean(services), name="media-cleaner"),
        asyncio.create_task(_renew(services, lanes), name="media-leases"),
    ]
    try:
        while not stop.is_set():
            pause = SWEEP_SECONDS
            try:
                for lane in lanes:
                    await lane.fill()
                if any(lane.free for lane in lanes):
                    pause = await _until_due(services)
            except _PASSING as error:
                _log.warning("media_waits_for_database", cause=type(error).__name__)
                pause = _RETRY_SECONDS
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await again.wait()
            again.clear()
    finally:
        for task in asides:
            task.cancel()
        await asyncio.gather(*asides, return_exceptions=True)
        await _let_go(services, [held for lane in lanes for held in await lane.drop()])


class _Lane:
    """So many at a time of one kind of work."""

    def __init__(
        self, most: int, claim: Callable[[int], Awaitable[Sequence[Any]]], act: Callable[[Any], Awaitable[None]],
        again: asyncio.Event,
    ) -> None:  # fmt: skip
        self._most = most
        self._claim = claim
        self._act = act
        self._again = again
        self._tasks: dict[asyncio.Task[None], Held] = {}

    @property
    def free(self) -> int:
        return self._most - len(self._tasks)

    @property
    def held(self) -> list[Held]:
        return list(self._tasks.values())

    async def fill(self) -> None:
        if self.free <= 0:
            return
        for each in await self._claim(self.free):
            task = asyncio.create_task(self._work(each))
            self._tasks[task] = each
            task.add_done_callback(self._forget)

    async def drop(self) -> list[Held]:
        """Cancels what is going on, and says what it was."""
        held, tasks = self.held, list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        return held

    async def _work(self, each: Held) -> None:
        try:
            await self._act(each)
        except _PASSING as error:
            # Its lease lapses, and it is begun anew.
            _log.warning("media_outcome_not_recorded", attachment=each.id, cause=type(error).__name__)
        except Exception:
            _log.exception("media_work_broke", attachment=each.id)

    def _forget(self, task: asyncio.Task[None]) -> None:
        self._tasks.pop(task, None)
        self._again.set()


async def _listen(bell: Bell, stop: asyncio.Event, again: asyncio.Event) -> None:
    while not stop.is_set():
        await bell.wait(Topic.MEDIA, SWEEP_SECONDS, "media")
        again.set()


async def _until_due(services: Services) -> float:
    async with services.pool.acquire() as connection:
        seconds = await attachments.seconds_to_next(connection)
    return SWEEP_SECONDS if seconds is None else min(max(seconds, 0.05), SWEEP_SECONDS)


async def _renew(services: Services, lanes: Sequence[_Lane]) -> None:
    while True:
        await asyncio.sleep(_RENEW_SECONDS)
        held = [each for lane in lanes for each in lane.held]
        with suppress(*_PASSING):
            async with services.pool.acquire() as connection:
                await attachments.renew(connection, held, LEASE_SECONDS)


async def _clean(services: Services) -> None:
    while True:
        try:
            await media.sweep(services, UNSENT_SECONDS)
        except _PASSING as error:
            _log.warning("media_sweep_waits", cause=type(error).__name__)
        except Exception:
            _log.exception("media_sweep_broke")
        await asyncio.sleep(CLEAN_SECONDS)


async def _let_go(services: Services, held: Sequence[Held]) -> None:
    if not held:
        return
    with suppress(*_PASSING):
        async with services.pool.acquire() as connection:
            await attachments.release(connection, held)
