"""Applies the journal: one applier per database, standbys ready to take over within 5 s."""

import asyncio
from uuid import uuid4

import asyncpg
import msgspec
import structlog

from server.actions import applying, upkeep
from server.actions.unit import Services, Topic
from server.domain.errors import LeaseLost, Unavailable
from server.store import leases
from server.store.leases import Lease
from server.store.pool import AWAY
from server.workers.bell import Bell

LEASE_SECONDS = 4.0
# How often a standby looks, an idle holder renews, and a missed wake-up is made good.
SWEEP_SECONDS = 1.0
SETTLE_SECONDS = 5.0
UPKEEP_SECONDS = 600.0

_log = structlog.get_logger()


async def run(services: Services, bell: Bell, stop: asyncio.Event) -> None:
    holder = f"applier-{uuid4()}"
    led = 0
    while not stop.is_set():
        try:
            async with services.pool.acquire() as connection:
                lease = await leases.take(connection, "applier", holder, LEASE_SECONDS)
            if lease is not None:
                _log.info("applier_leads", epoch=lease.epoch)
                # With nobody in between it was ourselves who had them in hand, and we did not die.
                ours, led = bool(led) and lease.epoch <= led + 1, lease.epoch
                await _lead(services, bell, stop, msgspec.structs.replace(lease, in_flight=()) if ours else lease)
        except LeaseLost:
            _log.warning("applier_lease_lost")
        except (Unavailable, *AWAY) as error:
            _log.warning("applier_waits_for_database", cause=type(error).__name__)
        await bell.wait(Topic.JOURNAL, SWEEP_SECONDS)


async def _lead(services: Services, bell: Bell, stop: asyncio.Event, lease: Lease) -> None:
    await applying.suspect(services, lease)
    settle = _Every(SETTLE_SECONDS)
    # Beside the applying: however long it takes, the lease is renewed meanwhile.
    keeping = asyncio.create_task(_keep(services), name="upkeep")
    try:
        while not stop.is_set():
            if settle.is_due():
                await upkeep.settle_parked(services, lease)
            if not await applying.apply_next(services, lease, LEASE_SECONDS):
                await bell.wait(Topic.JOURNAL, SWEEP_SECONDS)
    finally:
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)
        await _leave(services, lease)


async def _keep(services: Services) -> None:
    while True:
        try:
            await upkeep.keep(services)
        except (Unavailable, asyncpg.PostgresError, TimeoutError, *AWAY) as error:
            _log.warning("upkeep_waits", cause=type(error).__name__)
        await asyncio.sleep(UPKEEP_SECONDS)


async def _leave(services: Services, lease: Lease) -> None:
    try:
        async with services.pool.acquire() as connection:
            await leases.release(connection, lease)
    except AWAY:
        # It lapses by itself.
        return


class _Every:
    """Due at once, then again after each span."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._at = 0.0

    def is_due(self) -> bool:
        now = asyncio.get_running_loop().time()
        if now < self._at:
            return False
        self._at = now + self._seconds
        return True
