"""Keeps the outbox moving: claims as slots become free, calls in parallel, records what came back together."""

import asyncio
from contextlib import suppress

import asyncpg
import structlog

from server.actions.deliver import Deliverer
from server.actions.outcomes import Result
from server.actions.unit import Topic
from server.channels.graph import Unknown
from server.domain.errors import Unavailable
from server.store.outbox import Claimed
from server.store.pool import AWAY
from server.workers.bell import Bell

SLOTS = 64
SWEEP_SECONDS = 1.0
_RETRY_SECONDS = 0.5
# At a stop, how long the database may take to write down the last outcomes.
_LAST_SECONDS = 5.0

# Nothing was written, and the next try may well succeed: the database is away, or chose us to end a deadlock.
_PASSING = (Unavailable, asyncpg.TransactionRollbackError, *AWAY)

_log = structlog.get_logger()


async def run(deliverer: Deliverer, bell: Bell, stop: asyncio.Event, *, slots: int = SLOTS) -> None:
    """Until `stop`; then waits for the calls that are out, so that nothing becomes uncertain by a clean stop."""
    sending = _Sending(deliverer, slots)
    recorder = asyncio.create_task(sending.record_as_they_come(), name="outbox-recorder")
    listener = asyncio.create_task(sending.listen(bell, stop), name="outbox-listener")
    try:
        while not stop.is_set():
            try:
                await sending.round()
            except _PASSING as error:
                _log.warning("outbox_waits_for_database", cause=type(error).__name__)
                await asyncio.sleep(_RETRY_SECONDS)
            await sending.wait()
        await sending.finish()
    finally:
        for task in (recorder, listener):
            task.cancel()
        await asyncio.gather(recorder, listener, return_exceptions=True)
        with suppress(*_PASSING):
            # A lease that is not given back lapses by itself.
            await deliverer.release()


class _Sending:
    def __init__(self, deliverer: Deliverer, slots: int) -> None:
        self._deliverer = deliverer
        self._slots = slots
        self._calls: set[asyncio.Task[None]] = set()
        self._results: list[Result] = []
        self._unrecorded = 0
        self._came = asyncio.Event()
        self._all_recorded = asyncio.Event()
        self._all_recorded.set()
        self._again = asyncio.Event()
        self._tended_at = float("-inf")

    async def round(self) -> None:
        """Fills the free slots."""
        loop = asyncio.get_running_loop()
        if loop.time() - self._tended_at >= SWEEP_SECONDS:
            await self._deliverer.tend()
            self._tended_at = loop.time()
        # A call that has just ended may count twice for a moment.
        while (free := self._slots - len(self._calls) - self._unrecorded) > 0:
            since = loop.time()
            claimed = await self._deliverer.claim(free)
            for each in claimed:
                task = asyncio.create_task(self._call(each, since))
                self._calls.add(task)
                task.add_done_callback(self._calls.discard)
            if len(claimed) < free:
                return

    async def wait(self) -> None:
        paced = self._deliverer.until_paced()
        with suppress(TimeoutError):
            async with asyncio.timeout(SWEEP_SECONDS if paced is None else min(paced, SWEEP_SECONDS)):
                await self._again.wait()
        self._again.clear()

    async def listen(self, bell: Bell, stop: asyncio.Event) -> None:
        while not stop.is_set():
            await bell.wait(Topic.OUTBOX, SWEEP_SECONDS)
            self._again.set()

    async def record_as_they_come(self) -> None:
        """What arrives while one transaction runs goes into the next: no timer, and cheaper as load rises."""
        while True:
            await self._came.wait()
            self._came.clear()
            results, self._results = self._results, []
            while True:
                try:
                    await self._deliverer.record(results)
                    break
                except _PASSING:
                    await asyncio.sleep(_RETRY_SECONDS)
                except Exception:
                    # The rows lapse into uncertainty; the others go on.
                    _log.exception("outcomes_not_recorded", count=len(results))
                    break
            self._unrecorded -= len(results)
            if not self._unrecorded:
                self._all_recorded.set()
            self._again.set()

    async def finish(self) -> None:
        while self._calls:
            await asyncio.wait(self._calls)
        with suppress(TimeoutError):
            async with asyncio.timeout(_LAST_SECONDS):
                await self._all_recorded.wait()

    async def _call(self, claimed: Claimed, since: float) -> None:
        try:
            outcome = await self._deliverer.call(claimed, since)
        except Exception as error:
            _log.exception("send_broke", outbox_id=claimed.id)
            outcome = Unknown(type(error).__name__)
        self._results.append(Result(claimed, outcome))
        self._unrecorded += 1
        self._all_recorded.clear()
        self._came.set()
